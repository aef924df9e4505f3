"""Real mail from public test suites, where it is at hand: read right, and answered only if a person wrote it."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.mail.parse import parse
from bot.message import Message
from bot.triage import Known, OpenCase, Rules, decide
from intents.reading import Reading
from store.casebook import End
from store.law import Label
from tests.conftest import DESK, Bot

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "mail"
PLACEHOLDERS = {b"EMAIL_FROM": b"person@mail.example", b"EMAIL_TO": b"desk@acme.example"}
NEVER = ("bounce", "auto-reply", "mdn/report")
NOT_MOSTLY = ("list/bulk", "no-reply/machine", "no-sender")
ASKS = Reading(
    (Label.ACCESS,), dict.fromkeys(Label, 0.01) | {Label.ACCESS: 0.95}, unsure=False
)  # as if each asked plainly: what is left to decide is who wrote

pytestmark = [
    pytest.mark.elsewhere,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the public corpus is not at hand"),
]


@dataclass(frozen=True)
class Sample:
    name: str
    raw: bytes
    mail_from: str
    kind: str
    expect: dict[str, Any]
    message: Message
    answered: bool

    def agreed(self, what: str) -> Any:
        """Return what is expected, if some parser reaches it at all."""
        by = self.expect.get(f"{what.partition('_')[0]}_met_by")
        return self.expect.get(what) if by else None


def read(line: str) -> Sample:
    row = json.loads(line)
    raw = re.sub(rb"\r?\n", b"\r\n", (CORPUS / row["file"]).read_bytes())
    for placeholder, address in PLACEHOLDERS.items():
        raw = raw.replace(placeholder, address)
    message = parse(raw)
    hint = row["envelope_from_hint"]
    mail_from = "unknown@mail.example" if hint is None else hint
    decision = decide(message, ASKS, Known(), Rules(floor=0.15), mail_from)
    answered = isinstance(decision, OpenCase) and not decision.unanswered
    return Sample(
        row["id"], raw, mail_from, row["judgement"]["class"], row["expect"], message, answered
    )


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """Every mail, read: that each is without an exception is the first thing shown."""
    lines = (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").split("\n")
    return [read(line) for line in lines if line]


def flat(text: str) -> str:
    return " ".join(text.split())


def shares(samples: list[Sample]) -> Iterator[tuple[str, int, int]]:
    """Yield what was measured, how often it was right, and of how many."""
    subjects = [(s, s.agreed("subject")) for s in samples if s.agreed("subject") is not None]
    yield "subject", sum(flat(s.message.subject) == flat(e) for s, e in subjects), len(subjects)
    senders = [(s, s.agreed("from_email")) for s in samples if s.agreed("from_email")]
    yield "from", sum(address(s).lower() == e.lower() for s, e in senders), len(senders)
    words = [(s, w) for s in samples for w in s.expect.get("text_contains_hard", ())]
    files = [(s, s.expect["attachment_names"]) for s in samples if named_by_somebody(s)]
    yield (
        "files",
        sum({a.name for a in s.message.attachments} >= set(e) for s, e in files),
        len(files),
    )
    yield "body", sum(flat(w) in flat(s.message.text) for s, w in words), len(words)


def named_by_somebody(sample: Sample) -> bool:
    return bool(sample.expect.get("attachment_names_met_by"))


def address(sample: Sample) -> str:
    return sample.message.sender.address if sample.message.sender else ""


def must_not(samples: list[Sample], *kinds: str) -> list[Sample]:
    return [s for s in samples if s.kind in kinds and s.expect["must_not_auto_reply"]]


def people(samples: list[Sample]) -> list[Sample]:
    return [s for s in samples if s.kind == "human" and s.expect["must_not_auto_reply"] is False]


def test_bounces_automatic_replies_and_reports_are_never_answered(samples: list[Sample]):
    found = must_not(samples, *NEVER)
    assert len(found) > 50
    assert [s.name for s in found if s.answered] == []


def test_other_mail_that_must_not_be_answered_hardly_ever_is(samples: list[Sample]):
    found = must_not(samples, *NOT_MOSTLY)
    assert len(found) > 20
    assert len([s for s in found if s.answered]) <= 0.05 * len(found)


def test_people_are_answered_where_there_is_somebody_to_answer(samples: list[Sample]):
    found = [s for s in people(samples) if s.expect.get("from_email") or s.message.sender]
    left = [s.name for s in found if not s.answered and s.message.sender]
    assert len(found) > 100
    assert len(left) <= 0.01 * len(found), left


def test_whom_nobody_could_answer_is_rare_and_has_a_case(samples: list[Sample]):
    nameless = [s for s in people(samples) if s.message.sender is None]
    assert len(nameless) <= 0.02 * len(people(samples)), [s.name for s in nameless]
    for sample in nameless:
        assert isinstance(decide(sample.message, ASKS, Known(), Rules(0.15), "x"), OpenCase)


@pytest.mark.parametrize(("what", "least"), [("subject", 0.98), ("from", 0.96), ("body", 0.95)])
def test_what_any_parser_reaches_is_reached(samples: list[Sample], what: str, least: float):
    right, of = next((right, of) for name, right, of in shares(samples) if name == what)
    assert of > 40
    assert right >= least * of


def test_the_figures(samples: list[Sample], record_property: Callable[[str, object], None]):
    """Print them: run with -s to see."""
    kinds = Counter(s.kind for s in samples)
    answered = Counter(s.kind for s in samples if s.answered)
    for kind, count in sorted(kinds.items()):
        print(f"{kind:20} {count:4} of which answered {answered[kind]:4}")
        record_property(kind, f"{answered[kind]}/{count}")
    for what, right, of in shares(samples):
        print(f"{what:20} {right:4} of {of:4} = {right / of:.1%}")
        record_property(what, f"{right}/{of}")


async def test_through_the_door_none_is_refused_none_is_lost_and_no_machine_is_answered(
    bot: Bot, samples: list[Sample]
):
    for sample in samples:
        await asyncio.to_thread(bot.hand_in, sample.raw, sample.mail_from, DESK)
    await bot.settled()
    dispositions = list(bot.data.casebook.dispositions())
    assert len(dispositions) == len(samples)
    unreadable = [c.ref for c in bot.cases if any("unreadable" in f for f in c.messages[0].flags)]
    own = {d.spool_id: bot.data.casebook.get(d.ref) for d in dispositions if d.end is End.OPENED}
    ended = list(zip(samples, dispositions, strict=True))
    answered = [s for s, d in ended if (case := own.get(d.spool_id)) and case.letters]
    filed = [s.name for s, d in ended if s in people(samples) and not d.ref]
    wrong = [s.name for s in answered if s in must_not(samples, *NEVER, *NOT_MOSTLY)]
    print(f"\n{len(samples)} taken, {len(unreadable)} unreadable; people without a case: {filed}")
    for kind, count in sorted(Counter(s.kind for s in samples).items()):
        ends = Counter(str(d.end) for s, d in ended if s.kind == kind)
        letters = sum(s.kind == kind for s in answered)
        print(f"{kind:20} {count:4} of which answered {letters:4}, ended {dict(ends)}")
    assert unreadable == []
    assert wrong == []
    assert len(filed) <= 0.06 * len(people(samples))  # tests, scams, a newsletter: nothing is asked
