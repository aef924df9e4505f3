"""Slack put together: the door, the listeners, the lanes, and what runs for ever."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from bot.acceptance import Acceptance
from bot.actions import Actions
from bot.config import Config
from bot.reader import Reader
from bot.refusals import Refusals
from bot.setting import Setting
from bot.slack import wire
from bot.slack.answers import Answers
from bot.slack.calling import Calling, on_call
from bot.slack.cards import Cards
from bot.slack.desk import Parts, SlackDesk
from bot.slack.digest import Digest, pressing
from bot.slack.door import SlackDoor
from bot.slack.entrance import Entrance
from bot.slack.home import Home
from bot.slack.lanes import Alarm, Lane, Turn
from bot.slack.listening import app_with, listen
from bot.slack.opening import Opening
from bot.slack.posting import Poster
from bot.slack.readings import Readings
from bot.slack.removal import Removal
from bot.slack.socket import Link
from bot.slack.staff import Staff
from store.case import Case
from store.folder import DataFolder

log = structlog.get_logger()

LOOK_AT_DAY = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the bot has that Slack needs."""

    config: Config
    folder: DataFolder
    parts: Setting
    acceptance: Acceptance
    reader: Reader
    now: Callable[[], datetime]
    changed: Callable[[], None]
    """Told when a letter may be owed."""
    learn: Callable[[Case], None]
    """Told of a case that a person has sorted; it returns at once."""


class Slack:
    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._alarm = Alarm()
        config, casebook = around.config.slack, around.folder.casebook
        self._web = wire.client(config)
        self._door = SlackDoor(
            around.acceptance, casebook, self._web, config.intake_channel, around.now
        )
        app = app_with(self._web, self._door, config.signing_secret)
        desk = self._desk()
        home = Home(casebook, around.parts.here, desk.parts.staff, self._web, around.now)
        read_words = Readings(around.folder, around.reader, around.now).of_words
        listen(app, desk, Opening(desk.parts, desk, casebook, read_words), home)
        self._digest: Digest | None = None
        self._lanes = list(self._make_lanes())
        missed = self._door.history.missed.set
        self._link = (
            Link(app, config.app_token, self._alarm, missed)
            if config.mode == "socket"
            else Entrance(app, config.listen, missed)
        )

    def jobs(self) -> list[Coroutine[None, None, None]]:
        """Return what is to run for ever."""
        lanes = [lane.work() for lane in self._lanes]
        return [self._link.stay(), self._door.history.catch_up(), *lanes, self._each_day()]

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

    def _desk(self) -> SlackDesk:
        around, parts = self._around, self._around.parts
        return SlackDesk(
            Parts(
                actions=Actions(parts.desk, parts.people, parts.here, around.learn),
                staff=Staff(self._web, around.config.slack, parts.people, self._note_refused),
                web=self._web,
                now=around.now,
                changed=around.changed,
                read=Readings(around.folder, around.reader, around.now).of_case,
                link_of=self._link_of,
            )
        )

    def _link_of(self, ref: str) -> str:
        card = self._around.folder.casebook.kept(f"slack card {ref.upper()}") or {}
        return card.get("link", "")

    def _note_refused(self, who: str, what: str, why: str) -> None:
        try:
            Refusals(self._around.folder.casebook).note(who, what, why, self._around.now())
        except OSError as error:
            log.error("a refusal is not recorded", error=type(error).__name__)

    def _make_lanes(self) -> Iterator[Lane]:
        around, here = self._around, self._around.parts.here
        config, casebook = around.config.slack, around.folder.casebook
        people = around.parts.people
        turn, poster = self._turn("intake"), self._poster("answer", config.intake_channel, "intake")
        answers = Answers(poster, config.intake_channel, here, people.everybody())
        yield Lane(turn, self._alarm, casebook, answers.tend)
        if config.staff_channel:
            poster = self._poster("card", config.staff_channel, "staff")
            self._digest = Digest(
                poster,
                casebook,
                here,
                people.everybody(),
                policy=around.config.policy,
                now=around.now,
            )
            cards = Cards(poster, here, people.everybody(), around.now, self._remind)
            yield Lane(self._turn("staff"), self._alarm, casebook, cards.tend, self._digest.tend)
        if called := on_call(config, people):
            poster = self._poster("call", "", "calls")
            calling = Calling(poster, self._web, called, here, around.now)
            yield Lane(self._turn("calls"), self._alarm, casebook, calling.tend, only_running=True)
        removal = Removal(self._poster("removal", "", "removal"), casebook)
        yield Lane(self._turn("removal"), self._alarm, casebook, first=removal.tend)

    def _turn(self, name: str) -> Turn:
        return Turn(f"slack {name}", self._around.folder.fleet)

    def _poster(self, name: str, channel: str, turn: str) -> Poster:
        casebook = self._around.folder.casebook
        return Poster(name, channel, casebook, self._web, self._turn(turn).taken)

    def _remind(self, case: Case) -> str:
        """Say what is pressing this morning, and mention the owner."""
        at, parts = self._around.now(), self._around.parts
        if self._digest is None or not self._digest.is_morning(at):
            return ""
        found = pressing(case, parts.here, at, self._around.config.policy.warn_days_before)
        owner = parts.people.slack_id_of(case.owner)
        return "\n".join([*([f"<@{owner}>"] if owner else []), *found]) if found else ""

    async def _each_day(self) -> None:
        """Let the days left be counted anew every day, and again when its morning comes."""
        seen: tuple[date, bool] | None = None
        while True:
            at = self._around.now()
            morning = self._digest is not None and self._digest.is_morning(at)
            this = (self._around.parts.here.date_of(at), morning)
            if seen is not None and seen != this:
                for lane in self._lanes:
                    lane.look_again()
            seen = this
            await asyncio.sleep(LOOK_AT_DAY)
