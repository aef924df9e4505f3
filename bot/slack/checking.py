"""What `check` asks Slack itself: whether the tokens are good, no scope is missing and the bot is in its channels."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.slack_config import SlackConfig
from bot.slack.wire import LaterError, RefusedBySlackError, client, meaning, patiently

SCOPES: Final[Mapping[str, str]] = {
    "app_mentions:read": "hears when it is mentioned",
    "channels:history": "reads what it missed in a public channel",
    "channels:read": "sees whether a channel is shared with others",
    "chat:write": "answers, and puts up cards",
    "commands": "offers /privacy and its shortcuts",
    "groups:history": "reads what it missed in a private channel",
    "groups:read": "sees whether a private channel is shared with others",
    "im:history": "hears who makes a request of their own, by direct message",
    "im:read": "reads the direct messages it missed",
    "im:write": "calls those on call",
    "usergroups:read": "sees who is in the staff group",
    "users:read": "sees who is a guest or gone",
}
"""The least the bot needs, and for what; `deploy/slack-manifest.json` asks for the same."""


async def faults(config: SlackConfig) -> list[str]:
    """Return what is wrong, as far as Slack says so."""
    web = client(config)
    try:
        return [fault async for fault in look(config, web)]
    except LaterError as error:
        return [f"slack.api_url: Slack does not answer now ({error})"]
    finally:
        assert web.session is not None
        await web.session.close()


async def look(config: SlackConfig, web: AsyncWebClient) -> AsyncIterator[str]:
    granted = await scopes_of(web)
    if isinstance(granted, Exception):
        yield f"slack.bot_token: Slack refuses it ({granted})"
        return
    for scope in sorted(set(SCOPES) - granted):
        yield f"slack.bot_token: the scope {scope} is missing; with it the bot {SCOPES[scope]}"
    for key in ("intake_channel", "staff_channel"):
        if channel := getattr(config, key):
            async for fault in look_at_channel(key, channel, web):
                yield fault
    async for fault in look_at_rest(config, web):
        yield fault


async def look_at_rest(config: SlackConfig, web: AsyncWebClient) -> AsyncIterator[str]:
    call = web.apps_connections_open
    if config.mode == "socket" and (
        code := await refused(lambda: call(app_token=config.app_token))
    ):
        yield f"slack.app_token: Slack refuses it ({code})"
    group = config.staff_usergroup
    if group and (code := await refused(lambda: web.usergroups_users_list(usergroup=group))):
        yield f"slack.staff_usergroup: {group} cannot be read ({code})"


async def scopes_of(web: AsyncWebClient) -> set[str] | Exception:
    """Return what the bot's token allows, or why Slack refuses it."""
    try:
        told = await web.auth_test()
    except SlackApiError as error:
        return meaning(error)
    except (OSError, TimeoutError):
        return LaterError("no answer")
    return set(str(told.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))


async def refused(call: Callable[[], Awaitable[Any]]) -> str:
    """Return Slack's code for why it refuses a call, or an empty text."""
    try:
        await patiently(call)
    except RefusedBySlackError as error:
        return error.code
    return ""


async def look_at_channel(key: str, channel: str, web: AsyncWebClient) -> AsyncIterator[str]:
    try:
        told = (await patiently(lambda: web.conversations_info(channel=channel)))["channel"]
    except RefusedBySlackError as error:
        yield f"slack.{key}: {channel} cannot be seen ({error}); is the bot invited?"
        return
    if not told.get("is_member"):
        yield f"slack.{key}: the bot is not in {channel}; invite it there"
    if told.get("is_archived"):
        yield f"slack.{key}: {channel} is archived"
    if told.get("is_ext_shared"):
        yield f"slack.{key}: {channel} is shared with another organisation"
    if key == "staff_channel" and not told.get("is_private"):
        yield f"slack.{key}: {channel} is public; cards belong in a private channel"
