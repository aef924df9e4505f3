"""Slack put together: the app with its listeners, the door, the lanes, and what runs for ever."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from datetime import date, datetime

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.acceptance import Acceptance
from bot.config import Config
from bot.setting import Setting
from bot.slack import wire
from bot.slack.answers import Answers
from bot.slack.cards import Cards
from bot.slack.door import SlackDoor
from bot.slack.lanes import Lane, Poster
from bot.slack.socket import Link
from store.casebook import Casebook

LOOK_AT_DAY = 30.0  # seconds


class Slack:
    def __init__(
        self,
        config: Config,
        casebook: Casebook,
        parts: Setting,
        acceptance: Acceptance,
        now: Callable[[], datetime],
    ) -> None:
        self._here = parts.here
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
        self._app.event(re.compile(".*"))(nothing_more)
        answers = Answers(Poster("answer", intake, casebook, self._web), intake, parts.here, people)
        self._lanes = [Lane("intake", casebook, answers.tend)]
        if staff:
            cards = Cards(Poster("card", staff, casebook, self._web), parts.here, people, now)
            self._lanes.append(Lane("staff", casebook, cards.tend))
        self._link = Link(self._app, config.slack.app_token, self._door.missed.set)

    def jobs(self) -> list[Coroutine[None, None, None]]:
        """Return what is to run for ever."""
        lanes = [lane.work() for lane in self._lanes]
        return [self._link.stay(), self._door.catch_up(), *lanes, self._each_day()]

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

    async def _each_day(self) -> None:
        """Let the days left be counted anew every day."""
        day: date | None = None
        while True:
            today = self._here.date_of(self._now())
            if day is not None and day != today:
                for lane in self._lanes:
                    lane.look_again()
            day = today
            await asyncio.sleep(LOOK_AT_DAY)


async def nothing_more(ack: AsyncAck) -> None:
    """Ack what needs nothing more: an event that nobody listens to would come four times."""
    await ack()
