"""From what a case knows and what a person says to the facts of a letter; what is missing is named.

What comes in is plain text; each value becomes of the kind that its fact is, or is refused with a sentence.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from types import MappingProxyType
from typing import Any, Final, get_type_hints

from pydantic import TypeAdapter, ValidationError

from replies.facts import KINDS, Letter
from replies.facts.outcomes import Issue
from replies.samples import SAMPLES
from store.case import CaseError
from store.recorded import Outcome

MEANS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "advice": "what the person can do to be safe",
        "apology": "an apology, if there is one",
        "automated_decisions": "which decisions a computer makes about them, or that there are none",
        "categories": "the kinds of data",
        "checks": "ways to show who one is, at least one without papers",
        "consequences": "what may follow from it",
        "delivery": "how the copy reaches the person",
        "done": "what was done",
        "done_on": "the day it was done, such as 2026-12-17",
        "due_on": "the new date, such as 2027-01-08",
        "enclosed": "what the copy contains, once for each part",
        "first_ref": "the reference of the first case",
        "ground": (
            "one of exempt, refused_unfounded, refused_excessive, identity_not_supplied, "
            "authority_not_supplied, no_reply; of an extension complexity or number"
        ),
        "handed_on": "the day it was passed on, such as 2026-12-02",
        "happened_on": "the day it happened",
        "issues": "each thing complained of, with about, finding, reasons and action (in a file)",
        "lifted_on": "the day the restriction ends, such as 2027-03-01",
        "meanwhile": "what is dealt with already",
        "measures": "what was done about it",
        "nature": "what happened to which data",
        "next_on": "until when you aim to write again",
        "note": "anything else to say",
        "on_block_list": "true, if the least stays on a list so that the block is respected",
        "other_contact": "how to reach the other controller",
        "other_name": "the other controller",
        "purposes": "what the data is used for",
        "question": "what is asked",
        "reasons": "why, in words for the requester",
        "recipients": "who was told, or who receives the data",
        "refused": "what was not done",
        "retention": "how long it is kept",
        "searched": "where and for what was searched",
        "source": "where the data came from",
        "to_do": "what is still to be done, or what they are asked to do",
        "to_follow": "what is still to come",
        "told_on": "the date that the earlier letter told, such as 2027-03-01",
        "transfers": "which data goes abroad and under which safeguards, or that none does",
        "url": "where the survey is, by https",
        "withheld": "what is not in the copy and why",
        "words": "the letter",
    }
)
"""What a person is asked for when a fact is missing."""


def fill(kind: str, known: Mapping[str, Any], given: Mapping[str, Any]) -> Letter:
    """Put a letter's facts together. Raises CaseError that names all that is missing."""
    said = read(kind, known, given)
    if missing := missing_of(kind, known, said):
        raise CaseError("\n".join(f"the letter needs {n}: {MEANS.get(n, n)}" for n in missing))
    return made(kind, {**known, **said})


def sketch(kind: str, known: Mapping[str, Any], given: Mapping[str, Any]) -> Letter:
    """Put the facts together with a mark, or a sample where no mark can stand, for each that is missing."""
    said = read(kind, known, given)
    sample = next(facts for facts in SAMPLES.values() if facts.kind == kind)
    free = [f for f in fields(KINDS[kind]) if f.name not in known and f.name not in said]
    return made(kind, {**known, **said, **{f.name: marked(f, sample) for f in free}})


def missing_of(kind: str, known: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """List the facts that nobody has said yet."""
    names = [field.name for field in fields(KINDS[kind]) if field.default is MISSING]
    return [name for name in names if name not in known and name not in given]


def made(kind: str, facts: Mapping[str, Any]) -> Letter:
    try:
        return KINDS[kind](**facts)
    except ValueError as error:
        raise CaseError(str(error)) from None


def read(kind: str, known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a person said, each value as its fact's kind."""
    hints = get_type_hints(KINDS[kind])
    said = {name: value for name, value in given.items() if value not in ("", [], ())}
    for name in said:
        if name in known:
            raise CaseError(f"{name} comes from the case itself")
        if name not in hints or name == "kind":
            raise CaseError(f"a {kind} letter has no {name}")
    return {name: value_of(name, hints[name], value) for name, value in said.items()}


def value_of(name: str, hint: Any, value: Any) -> Any:
    several = str(hint).startswith("tuple") and isinstance(value, str)
    try:
        return TypeAdapter(hint).validate_python([value] if several else value)
    except ValidationError as error:
        fault = error.errors()[0]
        raise CaseError(f"{name}: {str(fault['msg']).removeprefix('Value error, ')}") from None


def marked(field: Field[Any], sample: Letter) -> Any:
    """Return what stands in a preview for a fact that nobody has said."""
    said = getattr(sample, field.name)
    mark = f"[{field.name}: {'to be written' if field.default is MISSING else 'only if needed'}]"
    if isinstance(said, tuple) and said and isinstance(said[0], Issue):
        return (Issue(about=mark, finding=Outcome.UPHELD, reasons=mark, action=mark),)
    if isinstance(said, tuple):
        return (mark,)
    if type(said) is str and not said.startswith("https://"):
        return mark
    return said if field.default is MISSING else field.default
