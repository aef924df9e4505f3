"""Who may act in Slack: checked anew at every click, command, view and shortcut, and refused politely.

A member of the staff group or list, known in [[staff]], of this workspace, no guest and no bot,
in no channel that is shared with another organisation.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.people import NotAllowedError, People, Person
from bot.slack.slack_config import SlackConfig
from bot.slack.wire import Answer, LaterError, RefusedBySlackError, patiently

log = structlog.get_logger()

Body = dict[str, Any]

Record = Callable[[str, str, str], None]

KEPT_FOR = 60.0  # seconds, of the group and the channels; who somebody is, is asked every time
NOT_OURS = {"user_not_found", "user_not_visible"}
REF = re.compile(r"DP-\d{4}-\d{6,9}")
SOON = 2.0  # seconds; Slack waits three for an ack, and somebody is to hear why not
NOT_STAFF = "Only the privacy desk can do this. Please ask somebody there."
FOREIGN = "Only members of this workspace can do this."
SHARED = "This channel is shared with another organisation: please do this somewhere else."
UNSURE = "Slack does not say now who you are: please try again in a minute."


class Staff:
    def __init__(
        self, web: AsyncWebClient, config: SlackConfig, people: People, record: Record
    ) -> None:
        """`record` keeps who was refused, what and why."""
        self._web = web
        self._record = record
        self._group = config.staff_usergroup
        self._listed = frozenset(config.staff_users)
        self._people = people
        self._kept: dict[str, tuple[float, Answer]] = {}

    async def who(self, body: Body) -> Person:
        """Return who does this. Raises NotAllowedError with a sentence for them; it is recorded."""
        user, channel = user_of(body), channel_of(body)
        try:
            async with asyncio.timeout(SOON):
                await self._check_user(user)
                await self._check_channel(channel)
                return await self._member(user)
        except TimeoutError:
            raise NotAllowedError(UNSURE) from None
        except NotAllowedError as error:
            log.warning("slack refused somebody", user=user, channel=channel, why=str(error))
            if str(error) != UNSURE:
                await asyncio.to_thread(self._record, user, what_of(body), str(error))
            raise

    async def _check_user(self, user: str) -> None:
        try:
            told = await patiently(lambda: self._web.users_info(user=user))
        except (LaterError, RefusedBySlackError) as error:
            if str(error) in NOT_OURS:
                raise NotAllowedError(FOREIGN) from None
            raise self._unsure("user", error) from None
        ours = (await self._sure("self", self._web.auth_test))["team_id"]
        who = told["user"]
        teams = {who.get("team_id"), *((who.get("enterprise_user") or {}).get("teams") or [])}
        if ours not in teams or who.get("is_stranger"):
            raise NotAllowedError(FOREIGN)
        barred = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_workflow_bot")
        if any(who.get(flag) for flag in barred):
            raise NotAllowedError(NOT_STAFF)

    async def _check_channel(self, channel: str) -> None:
        if not channel:
            return
        try:
            told = await self._ask(
                f"channel {channel}", lambda: self._web.conversations_info(channel=channel)
            )
        except RefusedBySlackError:
            return  # a private channel without the bot: what one person sees there is theirs alone
        except LaterError as error:
            raise self._unsure("channel", error) from None
        shared = ("is_ext_shared", "is_pending_ext_shared")
        if any(told["channel"].get(flag) for flag in shared):
            raise NotAllowedError(SHARED)

    async def _member(self, user: str) -> Person:
        if (self._group or self._listed) and user not in self._listed:
            group = self._group
            if not group:
                raise NotAllowedError(NOT_STAFF)
            call = self._web.usergroups_users_list
            told = await self._sure(f"group {group}", lambda: call(usergroup=group))
            if user not in told["users"]:
                raise NotAllowedError(NOT_STAFF)
        try:
            return self._people.in_slack(user)
        except NotAllowedError:
            raise NotAllowedError(NOT_STAFF) from None

    async def _sure(self, what: str, call: Callable[[], Awaitable[Any]]) -> Answer:
        try:
            return await self._ask(what, call)
        except (LaterError, RefusedBySlackError) as error:
            raise self._unsure(what.partition(" ")[0], error) from None

    def _unsure(self, what: str, error: Exception) -> NotAllowedError:
        log.error("slack does not say who may", what=what, why=str(error))
        return NotAllowedError(UNSURE)

    async def _ask(self, what: str, call: Callable[[], Awaitable[Any]]) -> Answer:
        """Ask Slack, or remember what it said a moment ago."""
        now = asyncio.get_running_loop().time()
        at, told = self._kept.get(what, (-KEPT_FOR, {}))
        if now - at >= KEPT_FOR:
            told = await patiently(call)
            self._kept[what] = (now, told)
        return told


def user_of(body: Body) -> str:
    user = body.get("user")
    if isinstance(user, dict):
        return str(user["id"])
    return str(body.get("user_id") or user or "")


def channel_of(body: Body) -> str:
    channel = body.get("channel")
    if isinstance(channel, dict):
        return str(channel["id"])
    return str(body.get("channel_id") or "")


def what_of(body: Body) -> str:
    """Return what somebody tried: a click, a form, a shortcut or a command, and the case it is about."""
    action = (body.get("actions") or [{}])[0]
    view = body.get("view") or {}
    name = action.get("action_id") or view.get("callback_id") or body.get("callback_id")
    chosen = (action.get("selected_option") or {}).get("value") or action.get("value") or ""
    ref = REF.search(f"{chosen} {view.get('private_metadata', '')}")
    return " ".join(filter(None, (str(name or body.get("command") or "home"), ref and ref[0])))
