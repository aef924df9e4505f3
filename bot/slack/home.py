"""The Home tab: what waits, for the person who looks, page by page; counts count only what they may see."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.flood import apart, in_a_line
from bot.people import NotAllowedError, Person
from bot.slack.blocks import Block, actions, button, header, section, small
from bot.slack.cards import SHOW
from bot.slack.looking import line, visible
from bot.slack.staff import Body, Staff
from bot.slack.wire import LaterError, RefusedBySlackError, done
from bot.slack.words import count
from store.case import Case, State
from store.casebook import Casebook
from store.due import short
from store.jurisdiction import Jurisdiction

log = structlog.get_logger()

TURN = "home"
PAGE = 20
WEEKS = 12
SOON = timedelta(days=7)

Holds = Callable[[Case], bool]


class Home:
    def __init__(
        self,
        casebook: Casebook,
        here: Jurisdiction,
        staff: Staff,
        web: AsyncWebClient,
        now: Callable[[], datetime],
    ) -> None:
        self._casebook = casebook
        self._here = here
        self._staff = staff
        self._web = web
        self._now = now

    async def opened(self, event: Body, ack: AsyncAck) -> None:
        await ack()
        if event.get("tab", "home") == "home":
            await self._publish({"user": event["user"]}, "mine", 0)

    async def turned(self, ack: AsyncAck, body: Body) -> None:
        """Show another list, or another page of it."""
        await ack()
        wanted, _, page = str(body["actions"][0].get("value", "mine 0")).partition(" ")
        await self._publish(body, wanted, int(page or 0))

    async def _publish(self, body: Body, wanted: str, page: int) -> None:
        user = body["user"]["id"] if isinstance(body["user"], dict) else body["user"]
        try:
            who = await self._staff.who(body)
            blocks = await asyncio.to_thread(self._blocks, who, wanted, page)
        except NotAllowedError as error:
            blocks = [section(str(error))]
        try:
            await self._show(user, blocks)
        except (LaterError, RefusedBySlackError) as error:
            log.warning("slack home not shown", why=str(error))

    async def _show(self, user: str, blocks: list[Block]) -> None:
        """Publish; where Slack does not know charts yet, the text beside them says the same."""
        try:
            await self._put(user, blocks)
        except RefusedBySlackError as error:
            if error.code not in {"invalid_blocks", "invalid_arguments"}:
                raise
            await self._put(user, [b for b in blocks if b["type"] != "data_visualization"])

    async def _put(self, user: str, blocks: list[Block]) -> None:
        view = {"type": "home", "blocks": blocks}
        await done(self._web.views_publish(user_id=user, view=view))

    def _blocks(self, who: Person, wanted: str, page: int) -> list[Block]:
        today = self._here.date_of(self._now())
        cases, flood = apart(visible(self._casebook, who))
        lists = self._lists(who, today)
        found = {name: [case for case in cases if holds(case)] for name, holds in lists.items()}
        wanted = wanted if wanted in lists else "mine"
        picks = [
            button(f"{TURN}-{name}", f"{name.capitalize()}: {len(of)}", f"{name} 0", "primary" if name == wanted else "")
            for name, of in found.items()
        ]  # fmt: skip
        shown = self._page(found[wanted], today, wanted, page)
        shown += map(small, in_a_line(flood))
        return [header("Privacy desk"), actions(*picks), *shown, *self._chart(who, today)]

    def _lists(self, who: Person, today: date) -> Mapping[str, Holds]:
        soon = today + SOON
        return {
            "mine": lambda case: case.owner == who.login,
            "soon": lambda case: any(today <= day <= soon for day in self._days(case)),
            "overdue": lambda case: any(day < today for day in self._days(case)),
            "waiting": lambda case: case.state is State.WAITING,
            "triage": lambda case: case.state is State.TRIAGE,
            "held": lambda case: any(letter.waits_for_a_person for letter in case.letters),
            "all": lambda _: True,
        }

    def _days(self, case: Case) -> Collection[date]:
        dues = (case.due(request, self._here).due_on for request in case.running)
        return [day for day in dues if day is not None]

    def _page(self, cases: list[Case], today: date, wanted: str, page: int) -> list[Block]:
        pages = max(1, -(-len(cases) // PAGE))
        page = min(max(page, 0), pages - 1)
        nearest = sorted(
            cases, key=lambda case: (min(self._days(case), default=date.max), case.ref)
        )
        rows = [
            section(line(case, self._here, today), button(SHOW, "Show", case.ref))
            for case in nearest[page * PAGE : (page + 1) * PAGE]
        ]
        turns = [
            button(f"{TURN}-{label.lower()}", label, f"{wanted} {to}")
            for label, to in (("Earlier", page - 1), ("Later", page + 1))
            if 0 <= to < pages
        ]
        where = f"{wanted.capitalize()}: {count(len(cases), 'case')}, page {page + 1} of {pages}"
        return [small(where), *rows, *([actions(*turns)] if turns else [])]

    def _chart(self, who: Person, today: date) -> list[Block]:
        monday = today - timedelta(days=today.weekday())
        weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
        came = self._received(who, weeks[0])
        figures = [(short(week)[4:], came[week]) for week in weeks]
        told = ", ".join(f"{week}: {number}" for week, number in figures)
        return [chart(figures), small(f"Requests received in the weeks of {told}.")]

    def _received(self, who: Person, since: date) -> Counter[date]:
        weeks: Counter[date] = Counter()
        for case in self._casebook.cases():
            if who.sees(case):
                for request in case.requests:
                    day = self._here.date_of(request.received_at)
                    if day >= since and request.moved is None:
                        weeks[day - timedelta(days=day.weekday())] += 1
        return weeks


def chart(figures: Iterable[tuple[str, int]]) -> Block:
    data = [{"label": label, "value": value} for label, value in figures]
    return {
        "type": "data_visualization",
        "title": "Requests received, by week",
        "chart": {
            "type": "bar",
            "series": [{"name": "Requests", "data": data}],
            "axis_config": {
                "categories": [point["label"] for point in data],
                "x_label": "Week of",
                "y_label": "Requests",
            },
        },
    }
