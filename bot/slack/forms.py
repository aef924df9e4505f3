"""The forms for what staff do to a case: each says which action of the desk it fills in, and nothing is decided here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.alarms import what
from bot.letter_desk import papers_in
from bot.slack.blocks import Block, Choice, section
from bot.slack.fields import Day, Field, Pick, Text, Tick, Values
from bot.slack.previews import (
    Seen,
    if_asked,
    if_extended,
    letters_in_full,
    may_be_moved,
    named,
)
from bot.slack.words import plain_label
from replies.facts.timing import Ground
from store.case import CaseError
from store.law import Label
from store.recorded import Medium, Outcome, Wanted


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    fields: Callable[[Seen], list[Field]]
    action: str
    fixed: Values = field(default_factory=dict)
    blame: str = ""
    """The field beside which the desk's refusal stands; the first one if empty."""
    shows: Callable[[Seen], list[Block]] = lambda _: []
    submit: str = "Record"

    def filled(self, values: Values) -> tuple[str, Values]:
        """Return the action to call and its arguments."""
        values = {**self.fixed, **values}
        if "request" in values:
            values["request"] = int(values["request"])
        if "confirmed" in values:
            values["confirmed"] = True
        if isinstance(values.get("checks"), str):
            values["checks"] = tuple(values["checks"].splitlines())
        action = values.pop("what", self.action)
        if action == "hold" and "why" not in values:
            raise CaseError("say why it is held")
        if action in {"release", "take_back"}:
            values.pop("why", None)
        return action, values


def which(seen: Seen, *, closed: bool = False) -> list[Field]:
    """Return the choice of a request, where there is one."""
    offered = [
        r for r in seen.case.requests if r.moved is None and (r.closed is not None) == closed
    ]
    if not offered:
        raise CaseError(f"{seen.case.ref} has no request that is {'closed' if closed else 'open'}")
    choices = [(str(r.number), f"{r.number}. {what(r)}") for r in offered]
    return [Pick("request", "Which request", choices=choices, initial=(choices[0][0],))]


def labels(seen: Seen) -> list[Field]:
    best = next((r.guess for r in seen.case.running if r.guess), ())
    choices = sorted(words(Label), key=lambda c: c[0] not in best)
    return [
        *which(seen),
        Pick("rights", "What is asked", choices=choices, many=True, hint="The first is this request; others become requests of their own."),
    ]  # fmt: skip


def words(
    kinds: type[Label] | type[Outcome] | type[Wanted] | type[Ground] | type[Medium],
) -> list[Choice]:
    return [(str(kind), plain_label(kind).capitalize()) for kind in kinds]


def requester(seen: Seen) -> list[Field]:
    received = seen.here.date_of(seen.case.opened.received_at)
    return [
        Text("name", "Who asked", optional=True, long=False, initial=seen.case.requester_name),
        Text("address", "Their mail address", optional=True, long=False, initial=seen.case.requester_address),
        Tick("confirmed", "The address", optional=True, says="I made sure that this address is theirs", hint="Only then the acknowledgement goes there."),
        Day("received", "The day the first colleague heard of it", initial=received),
    ]  # fmt: skip


def letters(seen: Seen) -> list[Field]:
    found = [letter for letter in seen.case.letters if may_be_moved(letter)]
    if not found:
        raise CaseError(f"no letter of {seen.case.ref} waits or is on its way")
    choices = [(letter.owed.letter_id, named(letter)) for letter in found]
    deeds = (("release", "Send it"), ("hold", "Hold it"), ("take_back", "Take it back for good"))
    return [
        Pick("letter", "Which letter", choices=choices, initial=(choices[0][0],)),
        Pick("what", "What to do", choices=deeds),
        Text("why", "Why it is held", optional=True, long=False),
    ]


def supplied(seen: Seen) -> list[Field]:
    papers = " Its papers become due for deletion." if papers_in_any(seen) else ""
    return [
        Pick("wanted", "What came", choices=words(Wanted), initial=("identity",)),
        Text("how", "How it came, and how it was checked", hint=f"The document itself is not kept.{papers}"),
        Day("on", "On which day", initial=seen.today),
    ]  # fmt: skip


def papers_in_any(seen: Seen) -> bool:
    return bool(papers_in(seen.case))


def closing(seen: Seen) -> list[Field]:
    return [
        *which(seen),
        Pick("outcome", "How it ended", choices=words(Outcome)),
        Text("reasons", "Reasons", optional=True),
        Text("exemption", "The exemption, if one applies", optional=True, long=False),
        Text("finding", "Of a complaint or review: what was found", optional=True),
        Text("remedy", "What was put right", optional=True),
        Text("lesson", "What was learnt", optional=True),
        Text("override", "Why an erasure need not wait for access", optional=True, long=False),
    ]


def asking(seen: Seen, *more: Field) -> list[Field]:
    if not seen.case.requester_address:
        raise CaseError(f"nobody has said yet how to reach whoever asked in {seen.case.ref}")
    return list(more)


FORMS: dict[str, Form] = {
    "sort": Form("What is asked", labels, "sort", blame="rights"),
    "requester": Form("Who asked", requester, "requester", blame="address"),
    "ask_identity": Form(
        "Ask who they are",
        lambda seen: asking(
            seen,
            Text("reasons", "Why there is doubt"),
            Text("checks", "Ways to show who one is, one a line; at least one without papers"),
        ),
        "ask",
        {"wanted": "identity"},
        submit="Send the letter",
    ),
    "ask_clarification": Form(
        "Ask what they mean",
        lambda seen: asking(
            seen,
            *which(seen),
            Text("question", "The question"),
            Text("reasons", "Why the answer is needed"),
            Text("meanwhile", "What is dealt with already"),
        ),
        "ask",
        {"wanted": "clarification"},
        shows=if_asked,
        submit="Send the letter",
    ),
    "check_back": Form(
        "Did they write?",
        asking,
        "write",
        {"kind": "check_back"},
        shows=lambda _: [section("One neutral letter asks the address whether it wrote to us. It is sent once.")],
        submit="Send the letter",
    ),
    "supplied": Form("What came", supplied, "supplied", blame="wanted"),
    "answered": Form(
        "The answer",
        lambda seen: [
            *which(seen),
            Day("on", "Answered on", initial=seen.today),
            Text("how", "How it was answered", long=False),
        ],
        "answered",
        blame="on",
    ),
    "extend": Form(
        "Extend",
        lambda seen: [
            *which(seen),
            Pick("ground", "On what it rests", choices=words(Ground)),
            Text("reasons", "The reasons, in words for the requester"),
        ],
        "extend",
        shows=if_extended,
        submit="Draft the notice",
    ),
    "note": Form("A note", lambda _: [Text("text", "The note")], "note"),
    "letters": Form("Letters", letters, "release", shows=letters_in_full),
    "close": Form("Close a request", closing, "close", blame="outcome"),
    "review": Form(
        "Review a decision",
        lambda seen: [*which(seen, closed=True), Day("asked_on", "Asked for on", initial=seen.today)],
        "review",
        blame="asked_on",
    ),
    "reopen": Form(
        "Reopen a request",
        lambda seen: [*which(seen, closed=True), Text("why", "Why")],
        "reopen",
    ),
    "link": Form(
        "Link with a case",
        lambda _: [Text("other", "The other case's reference", long=False)],
        "link",
    ),
}  # fmt: skip


def blocks_of(form: Form, seen: Seen) -> list[Block]:
    return [*form.shows(seen), *(one.block() for one in form.fields(seen))]


def opened_by_hand(found: Sequence[str], said: str, today: date) -> list[Field]:
    """Return the fields for what a colleague was told; `found` is what was read in it."""
    media = [m for m in words(Medium) if m[0] not in {"import", "web"}]
    return [
        Text("name", "Who asked", optional=True, long=False),
        Text("address", "Their mail address", optional=True, long=False),
        Tick("confirmed", "The address", optional=True, says="I made sure that this address is theirs", hint="Only then the acknowledgement goes there."),
        Pick("medium", "How it reached us", choices=media, initial=("phone",)),
        Day("received", "The day the first colleague heard of it", initial=today),
        Pick("rights", "What is asked", optional=True, choices=words(Label), initial=tuple(found), many=True, hint="Leave it empty if it is not clear."),
        Text("words", "In their words", optional=True, initial=said),
    ]  # fmt: skip


NEW = replace(FORMS["note"], title="Open a case", action="open_told", blame="received")
