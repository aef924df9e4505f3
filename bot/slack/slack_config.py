"""The settings of the Slack door: which workspace's channels, who may act there, by which way things come."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.forms import host_and_port, split

Listen = Annotated[str, AfterValidator(host_and_port)]
Members = Annotated[tuple[str, ...], BeforeValidator(split)]


def channel_id(value: str) -> str:
    if value and not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
        raise ValueError(f"{value!r} must be a channel's ID, such as C0123ABCD, not its name")
    return value


def web_api(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+/(\S*/)?", value):
        raise ValueError("must be a URL that ends in /, such as https://slack.com/api/")
    return value


class SlackConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    enabled: bool = False
    api_url: Annotated[str, AfterValidator(web_api)] = "https://slack.com/api/"
    intake_channel: Annotated[str, AfterValidator(channel_id)] = ""
    """The ID of the channel in which colleagues relay what a person asked."""
    staff_channel: Annotated[str, AfterValidator(channel_id)] = ""
    """The ID of the private channel with a card for each case; empty for none."""
    staff_usergroup: str = ""
    """The ID of the user group whose members may act."""
    staff_users: Members = ()
    """Member IDs of those who may act, beside the user group's."""
    on_call: Members = ()
    """Member IDs of those who hear of a breach by direct message; empty for all who act."""
    mode: Literal["socket", "http"] = "socket"
    """Whether the bot connects to Slack, or Slack to the bot."""
    listen: Listen = "127.0.0.1:3000"
    """Of mode http: where Slack's requests come, by way of a server with TLS."""
    signing_secret: str = Field(default="", repr=False)
    """Of mode http; by environment or signing_secret_file only."""
    signing_secret_file: Path | None = None
    bot_token: str = Field(default="", repr=False)
    """By environment or bot_token_file only."""
    bot_token_file: Path | None = None
    app_token: str = Field(default="", repr=False)
    """By environment or app_token_file only."""
    app_token_file: Path | None = None


def lacks(slack: SlackConfig) -> Iterator[str]:
    """Say what is missing before the door can open."""
    if not slack.bot_token.startswith("xoxb-"):
        yield "slack.bot_token: the bot's token is missing; it begins with xoxb-"
    if slack.mode == "http" and not slack.signing_secret:
        yield "slack.signing_secret: missing; it is on the app's page, Basic Information"
    if slack.mode == "socket" and not slack.app_token.startswith("xapp-"):
        yield "slack.app_token: the app's token is missing; it begins with xapp-"
    if not slack.intake_channel:
        yield "slack.intake_channel: missing"
