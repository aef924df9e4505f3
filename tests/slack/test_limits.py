"""Whatever a case has in it, what the bot would send is within Slack's limits and names nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.config import Config
from bot.message import Attachment, Message
from bot.people import Person
from bot.reading_room import ReadMail
from bot.setting import configured_calendar
from bot.slack.answers import Answers
from bot.slack.blocks import modal
from bot.slack.calling import Calling
from bot.slack.cards import Cards
from bot.slack.digest import pressing
from bot.slack.forms import FORMS, blocks_of, opened_by_hand
from bot.slack.home import Home
from bot.slack.looking import listed, shown, working
from bot.slack.posting import Poster
from bot.slack.previews import Seen
from bot.slack.words import happened
from intents.reading import Reading
from store.case import Case, CaseError, open_case
from store.deeds import Assigned, Noted, Sorted
from store.events import LetterOwed, Opened, Outcome, RequestClosed, Requested
from store.jurisdiction import Jurisdiction
from store.law import Label
from tests.slack.limits import ALL_CHARACTERS, check_message, check_view

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 12, 9, 9, 0, tzinfo=UTC)
HERE = Jurisdiction(ZoneInfo("Europe/London"), configured_calendar(Config()), 10, 30, 28)
QUICKLY: Any = {  # to shrink a case with thirty requests takes minutes and tells little
    "deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.explicit, Phase.generate],
}  # fmt: skip
SECRET = "Zyxw"
HOSTILE = st.sampled_from(["<!channel>", "*_~`>&<@U0SAM>", "\0", "{{ 7*7 }}", "é" * 50, "\n" * 9])
WORDS = st.lists(st.text(max_size=40) | HOSTILE, max_size=6).map(
    lambda parts: SECRET + " ".join(parts)
)
LONG = st.tuples(WORDS, st.integers(1, 600)).map(lambda pair: (pair[0] * pair[1])[:30_000])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    opened = Opened(
        at=AT, channel=draw(st.sampled_from(["email", "slack", "phone"])), received_at=AT,
        requester_name=draw(WORDS), requester_address=f"{SECRET}@mail.example", token="t",
    )  # fmt: skip
    case = open_case("DP-2026-000001", opened, ())
    for number in range(1, draw(st.integers(1, 30)) + 1):
        received_at = AT - timedelta(hours=draw(st.integers(0, 900)))
        label = draw(st.sampled_from([None, *Label]))
        case = case.record(Requested(at=AT, request=number, label=label, received_at=received_at))
        event = draw(st.sampled_from(["none", "sorted", "closed", "noted", "owned", "letter"]))
        more = draw(WORDS)
        case = case.record(*{
            "none": [],
            "sorted": [Sorted(at=AT, by="sam", request=number, label=Label.ACCESS)],
            "closed": [RequestClosed(at=AT, by="sam", request=number, outcome=draw(st.sampled_from(Outcome)), reasons=more, override="x")],
            "noted": [Noted(at=AT, by="sam", text=more)],
            "owned": [Assigned(at=AT, by="sam", owner="sam")],
            "letter": [LetterOwed(at=AT, by="sam", letter_id=f"DP-2026-000001-{number}", letter_kind="reply", to="x", subject=more, text=draw(LONG), html="", version="", message_id=f"<{number}@x>", draft=True)],
        }[event])  # fmt: skip
    return case


class Nothing:
    """Stands where only what is said is looked at."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


def poster() -> Poster:
    return Poster("x", "C0", Nothing(), Nothing())  # type: ignore[arg-type]  # it never posts


READING = Reading((Label.OTHER,), {Label.OTHER: 1.0}, unsure=False)
SAM = Person("sam", "Sam", frozenset({"handler", "lead"}))


@settings(max_examples=1_000, **QUICKLY)
@given(cases(), LONG)
@pytest.mark.slow
def test_every_payload_of_a_thousand_cases_is_within_the_limits(case: Case, said: str):
    everything(case, said)


@settings(max_examples=10, **QUICKLY)
@given(cases(), LONG)
def test_every_payload_of_some_cases_is_within_the_limits(case: Case, said: str):
    everything(case, said)


def everything(case: Case, said: str) -> None:
    link = "https://acme.slack.test/archives/C0INTAKE/p1795797600000008"
    calling = Calling(poster(), Nothing(), [], HERE, lambda: NOW)  # type: ignore[arg-type]  # it calls nobody
    for post in (
        Cards(poster(), HERE, [], lambda: NOW, lambda _: "")._card(case, link),
        calling._post(case, case.requests[0], "D0SAM"),
    ):
        check_message(post.text, list(post.blocks))
        assert SECRET not in str(post)
    lines = list(happened(case.events, HERE))
    for said_of_it in (*lines, *pressing(case, HERE, NOW, (7, 3, 1))):
        check_message(said_of_it, [])
        assert SECRET not in said_of_it
    answers = Answers(poster(), "C0", HERE, [])
    for text in (
        answers._text(case, [1]),
        answers._text(case, [r.number for r in case.requests], direct=True),
        working(case, HERE),
        listed([case] * 30, HERE, NOW.date()),
    ):
        assert len(text) <= ALL_CHARACTERS
        assert SECRET not in text
    message = Message(message_id="", digest="", sender=None, subject=said[:900], text=said, attachments=(Attachment(said[:300], "x", 1),) * 12)  # fmt: skip
    check_view(shown(case, [ReadMail(message, READING)] * 12, HERE, link))
    for name, form in FORMS.items():
        try:
            blocks = blocks_of(form, Seen(case, HERE, NOW.date()))
        except CaseError:
            continue
        check_view(modal(name, form.title, blocks, submit=form.submit, about="{}"))
    new = [field.block() for field in opened_by_hand(["access"], said, NOW.date())]
    check_view(modal("new", "Open a case", new, submit="Open"))
    check_view({"type": "home", "blocks": home([case] * 30)})


def home(found: list[Case]) -> list[dict[str, Any]]:
    class Book:
        def running(self) -> list[str]:
            return [str(number) for number in range(len(found))]

        def get(self, ref: str) -> Case:
            return found[int(ref)]

        def cases(self) -> list[Case]:
            return found[:3]

    view = Home(Book(), HERE, Nothing(), Nothing(), lambda: NOW)  # type: ignore[arg-type]  # it only looks
    blocks = view._blocks(SAM, "all", 1)
    assert SECRET not in str(blocks)
    return blocks
