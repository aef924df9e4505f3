"""Those on call hear of a possible breach by direct message, each once, at any hour: reference and last hour, no more."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.flood import in_flood
from bot.people import People, Person
from bot.slack.blocks import actions, button, section
from bot.slack.cards import CLAIM, SHOW
from bot.slack.posting import Post, Poster
from bot.slack.slack_config import SlackConfig
from bot.slack.wire import RefusedBySlackError, done
from store.case import Case, Request
from store.deeds import Sorted
from store.events import Requested
from store.jurisdiction import Jurisdiction
from store.law import Label

log = structlog.get_logger()

STILL_NEWS = timedelta(days=3)
NOBODY_THERE = {
    "user_not_found", "user_disabled", "cannot_dm_bot", "user_not_visible", "users_not_found",
    "messages_tab_disabled", "account_inactive_user",
}  # fmt: skip


class Calling:
    def __init__(
        self,
        poster: Poster,
        web: AsyncWebClient,
        on_call: list[tuple[str, Person]],
        here: Jurisdiction,
        now: Callable[[], datetime],
    ) -> None:
        self._poster = poster
        self._web = web
        self._on_call = on_call
        self._here = here
        self._now = now
        self._channels: dict[str, str] = {}

    async def tend(self, case: Case) -> None:
        """Tell whoever is on call, may see the case and was not told yet."""
        request = self._breach(case)
        if request is None or in_flood(case):
            return
        record = await asyncio.to_thread(self._poster.record, case.ref)
        for slack_id, person in self._on_call:
            if slack_id in record or not person.sees(case):
                continue
            try:
                post = self._post(case, request, await self._channel_of(slack_id))
                await self._poster.post(case.ref, record, slack_id, post, post.text)
                record[slack_id] = "told"
            except RefusedBySlackError as error:
                if error.code not in NOBODY_THERE:
                    raise
                log.error("nobody to call in Slack", who=person.login, why=error.code)
                record[slack_id] = error.code
            await asyncio.to_thread(self._poster.keep, case.ref, record)

    def _breach(self, case: Case) -> Request | None:
        """Return the breach that is news, if one runs."""
        since = self._now() - STILL_NEWS
        news = {
            e.request for e in case.events if isinstance(e, Requested | Sorted) and e.at > since
        }
        running = (r for r in case.running if r.label is Label.BREACH and r.number in news)
        return next(running, None)

    def _post(self, case: Case, request: Request, channel: str) -> Post:
        due = case.due(request, self._here)
        until = f" (72 hours end on {self._moment(due.due_at)})" if due.due_at else ""
        text = f"A possible breach was reported: *{case.ref}*{until}. The clock runs at night too."
        buttons = [button(SHOW, "Show", case.ref), button(CLAIM, "Claim", case.ref, "primary")]
        return Post(text, (section(text), actions(*buttons)), channel=channel)

    def _moment(self, at: datetime) -> str:
        return f"{at.astimezone(self._here.zone):%A %d %B at %H:%M}"

    async def _channel_of(self, slack_id: str) -> str:
        """Return where somebody is written to alone; where that cannot be asked, their own ID serves."""
        if slack_id not in self._channels:
            try:
                opened = await done(self._web.conversations_open(users=slack_id))
            except RefusedBySlackError as error:
                if error.code not in {"missing_scope", "unknown_method"}:
                    raise
                return slack_id
            self._channels[slack_id] = str(opened["channel"]["id"])
        return self._channels[slack_id]


def on_call(config: SlackConfig, people: People) -> list[tuple[str, Person]]:
    """Return who is called: those named, or else all who act at the desk."""
    found = [(i, people.in_slack(i)) for i in config.on_call or people.slack_ids()]
    act = {"handler", "lead"}
    return [(i, person) for i, person in found if config.on_call or person.roles & act]
