"""Cases as documents: JSON values that every later version must still be able to read."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, NotRequired

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from store.case import Case
from store.casebook import Disposition, Notice
from store.chain import Link, grown
from store.events import Event

Document = dict[str, Any]


class CaseDocument(TypedDict):
    ref: str
    events: tuple[Annotated[Event, Field(discriminator="kind")], ...]
    chain: NotRequired[tuple[Link, ...]]


_case = TypeAdapter(CaseDocument)
_event: TypeAdapter[Event] = TypeAdapter(Event)
_disposition = TypeAdapter(Disposition)
_notice = TypeAdapter(Notice)


def from_case(case: Case) -> Document:
    document: Document = _case.dump_python(
        CaseDocument(ref=case.ref, events=case.events, chain=case.chain), mode="json"
    )
    return document


def chained(case: Case, saved: int, stored: Callable[[], Case | None]) -> Case:
    """Return the case with every event in its chain; `saved` of them were so when it was read.

    `stored` is asked only where the case itself does not carry the chain it was read with.
    """
    there = stored() if len(case.chain) < saved else None
    links = there.chain if there else case.chain
    return replace(case, chain=grown(links, map(content, case.events[len(links) :])))


def content(event: Event) -> bytes:
    """Return what is chained of an event: what a later version adds, and nobody said, is left out."""
    said = _event.dump_python(event, mode="json", exclude_defaults=True)
    return json.dumps({**said, "kind": event.kind}, sort_keys=True, separators=(",", ":")).encode()


def to_case(document: Document) -> Case:
    """Read a case back. Raises ValueError when the document is not one."""
    return Case(**_case.validate_python(document))


def from_disposition(disposition: Disposition) -> Document:
    document: Document = _disposition.dump_python(disposition, mode="json")
    return document


def to_disposition(document: Document) -> Disposition:
    return _disposition.validate_python(document)


def from_notice(notice: Notice) -> Document:
    document: Document = _notice.dump_python(notice, mode="json")
    return document


def to_notice(document: Document) -> Notice:
    return _notice.validate_python(document)
