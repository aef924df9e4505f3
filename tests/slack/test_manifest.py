"""The manifest asks for what the code uses, and for nothing else; `check` names what is missing."""

import re
from pathlib import Path

import pytest

from bot.config import Config
from bot.slack.checking import SCOPES, faults
from bot.slack.commands import HELP, NAME
from bot.slack.opening import NEW_CASE, OPEN_CASE
from tests.processes import ROOT
from tests.slack.conftest import STAFF_LIST
from tests.slack.fake import INTAKE, STAFF, FakeSlack
from tests.slack.workspace import MANIFEST

CODE = "\n".join(path.read_text() for path in sorted((ROOT / "bot" / "slack").glob("*.py")))
NEEDS = {
    "apps_connections_open": set(), "auth_test": set(), "views_open": set(), "views_publish": set(),
    "chat_postMessage": {"chat:write"}, "chat_update": {"chat:write"}, "chat_delete": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "conversations_open": {"im:write"}, "users_conversations": {"im:read"},
    "chat_getPermalink": set(),
    "conversations_info": {"channels:read", "groups:read"}, "users_info": {"users:read"},
    "usergroups_users_list": {"usergroups:read"},
}  # fmt: skip
"""What Slack documents for each method that the code calls."""
FOR_EVENTS = {"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history"}  # fmt: skip


def methods() -> set[str]:
    return set(re.findall(r"(?<!slack_sdk\.)web\.([a-z]+_\w+)", CODE))


def test_the_scopes_are_those_that_the_code_needs():
    asked = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert methods() == set(NEEDS)
    events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    needed = set().union(*NEEDS.values(), {"commands"}, (FOR_EVENTS[e] for e in events & set(FOR_EVENTS)))  # fmt: skip
    assert asked == needed == set(SCOPES)


def test_the_events_are_those_that_are_listened_to():
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == {"app_home_opened", *FOR_EVENTS}
    for event in events:
        assert f'"{event.partition(".")[0]}"' in CODE


def test_the_command_and_the_shortcuts_are_those_of_the_code():
    features = MANIFEST["features"]
    (command,) = features["slash_commands"]
    assert command["command"] == NAME
    for verb in command["usage_hint"].split(" | "):
        assert verb == "help" or f"`/privacy {verb}" in HELP
    shortcuts = {(s["type"], s["callback_id"]) for s in features["shortcuts"]}
    assert shortcuts == {("message", OPEN_CASE), ("global", NEW_CASE)}
    assert MANIFEST["settings"]["socket_mode_enabled"]


def config(slack: FakeSlack) -> Config:
    return Config.model_validate({"slack": slack.settings(), "staff": STAFF_LIST})


async def test_nothing_is_wrong_with_what_the_manifest_gives(slack: FakeSlack):
    assert await faults(config(slack).slack) == []


async def test_check_names_scopes_channels_groups_and_tokens(slack: FakeSlack, tmp_path: Path):
    slack.workspace.scopes.discard("users:read")
    slack.workspace.channels[INTAKE].has_bot = False
    slack.workspace.channels[STAFF].is_private = False
    slack.workspace.usergroups.clear()
    found = "\n".join(await faults(config(slack).slack))
    for part in ("users:read", f"not in {INTAKE}", f"{STAFF} is public", "staff_usergroup"):
        assert part in found
    slack.api.tokens.clear()
    assert await faults(config(slack).slack) == ["slack.bot_token: Slack refuses it (invalid_auth)"]
    assert tmp_path


async def test_check_says_when_slack_is_not_there(slack: FakeSlack):
    settings = config(slack).slack.model_copy(update={"api_url": "http://127.0.0.1:9/api/"})
    (found,) = await faults(settings)
    assert "slack.bot_token" in found
    assert "no answer" in found


@pytest.mark.parametrize("wrong", ["#privacy", "privacy"])
def test_a_channels_name_is_not_its_id(wrong: str):
    with pytest.raises(ValueError, match="must be a channel's ID"):
        Config.model_validate({"slack": {"intake_channel": wrong}})
