"""Slack put together: the app with its listeners, the door, the lanes, and what runs for ever."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from datetime import date, datetime

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.acceptance import Acceptance
from bot.actions import Actions
from bot.config import Config
from bot.reader import Reader
from bot.setting import Setting
from bot.slack import wire
from bot.slack.answers import Answers
from bot.slack.cards import Cards
from bot.slack.commands import NAME, Commands
from bot.slack.desk import Parts, SlackDesk
from bot.slack.digest import Digest, pressing
from bot.slack.door import SlackDoor
from bot.slack.forms import FORMS
from bot.slack.home import TURN, Home
from bot.slack.lanes import Lane, Poster
from bot.slack.opening import NEW_CASE, OPEN_CASE, Opening
from bot.slack.readings import Readings
from bot.slack.socket import Link
from bot.slack.staff import Staff
from store.case import Case
from store.folder import DataFolder

LOOK_AT_DAY = 30.0  # seconds


class Slack:
    def __init__(
        self,
        config: Config,
        folder: DataFolder,
        parts: Setting,
        acceptance: Acceptance,
        *,
        reader: Reader,
        now: Callable[[], datetime],
        changed: Callable[[], None],
    ) -> None:
        """Tell `changed` when a letter may be owed."""
        casebook = folder.casebook
        self._here = parts.here
        self._digest: Digest | None = None
        self._now = now
        self._web = wire.client(config.slack)
        intake, staff = config.slack.intake_channel, config.slack.staff_channel
        people = parts.people.everybody()
        self._door = SlackDoor(acceptance, casebook, self._web, intake, now)
        self._app = AsyncApp(
            client=self._web,
            name="privacy-intake",
            logger=wire.quiet_logger(),
            before_authorize=self._door.own_it_first,
        )
        desk = SlackDesk(
            Parts(
                actions=Actions(parts.desk, parts.people, parts.here),
                staff=Staff(self._web, config.slack, parts.people),
                web=self._web,
                now=now,
                changed=changed,
                read=Readings(folder, reader, now).of_case,
            )
        )
        read_words = Readings(folder, reader, now).of_words
        self._listen(desk, Opening(desk.parts, desk, casebook, read_words))
        home = Home(casebook, parts.here, desk.parts.staff, self._web, now)
        self._listen_at_home(home)
        self._listen_to_the_rest(desk)
        answers = Answers(Poster("answer", intake, casebook, self._web), intake, parts.here, people)
        self._lanes = [Lane("intake", casebook, answers.tend)]
        if staff:
            poster = Poster("card", staff, casebook, self._web)
            policy = config.policy
            self._digest = Digest(
                poster,
                casebook,
                parts.here,
                people,
                hour=policy.digest_hour,
                warn_days=policy.warn_days_before,
                now=now,
            )
            cards = Cards(poster, parts.here, people, now, self._reminder(config, parts))
            self._lanes.append(Lane("staff", casebook, cards.tend, self._digest.tend))
        self._link = Link(self._app, config.slack.app_token, self._door.missed.set)

    def jobs(self) -> list[Coroutine[None, None, None]]:
        """Return what is to run for ever."""
        lanes = [lane.work() for lane in self._lanes]
        return [self._link.stay(), self._door.catch_up(), *lanes, self._each_day()]

    def _listen(self, desk: SlackDesk, opening: Opening) -> None:
        """Tell the app who hears what."""
        app = self._app
        app.command(NAME)(Commands(desk, opening).typed)
        app.message_shortcut(OPEN_CASE)(opening.from_message)
        app.global_shortcut(NEW_CASE)(opening.from_nowhere)
        app.view(NEW_CASE)(opening.submitted)
        for name in FORMS:
            app.view(name)(desk.submitted)

    def _listen_at_home(self, home: Home) -> None:
        self._app.event("app_home_opened")(home.opened)
        self._app.action(re.compile(f"^{TURN}-"))(home.turned)

    def _listen_to_the_rest(self, desk: SlackDesk) -> None:
        app, every = self._app, re.compile(".*")
        app.action(every)(desk.clicked)
        for kind in (app.event, app.view, app.view_closed, app.shortcut, app.command, app.options):
            kind(every)(nothing_more)

    def wake(self) -> None:
        """Hear that a case may have changed."""
        for lane in self._lanes:
            lane.wake.set()

    @property
    def state(self) -> str:
        """Say in a word how Slack is: for the health page."""
        troubles = (self._link.refused, *(lane.trouble for lane in self._lanes))
        return next(filter(None, troubles), "ok")

    async def close(self) -> None:
        if self._web.session is not None:
            await self._web.session.close()

    def _reminder(self, config: Config, parts: Setting) -> Callable[[Case], str]:
        warn_days = config.policy.warn_days_before

        def remind(case: Case) -> str:
            """Say what is pressing this morning, and mention the owner."""
            at = self._now()
            if self._digest is None or not self._digest.is_morning(at):
                return ""
            found = pressing(case, self._here, at, warn_days)
            owner = parts.people.slack_id_of(case.owner)
            return "\n".join([*([f"<@{owner}>"] if owner else []), *found]) if found else ""

        return remind

    async def _each_day(self) -> None:
        """Let the days left be counted anew every day, and again when its morning comes."""
        seen: tuple[date, bool] | None = None
        while True:
            at = self._now()
            morning = self._digest is not None and self._digest.is_morning(at)
            this = (self._here.date_of(at), morning)
            if seen is not None and seen != this:
                for lane in self._lanes:
                    lane.look_again()
            seen = this
            await asyncio.sleep(LOOK_AT_DAY)


async def nothing_more(ack: AsyncAck) -> None:
    """Ack what needs nothing more: an event that nobody listens to would come four times."""
    await ack()
