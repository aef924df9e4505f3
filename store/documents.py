"""Cases as documents: JSON values that every later version must still be able to read."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from store.case import Case
from store.casebook import Disposition, Notice
from store.events import Event

Document = dict[str, Any]


class CaseDocument(TypedDict):
    ref: str
    events: tuple[Annotated[Event, Field(discriminator="kind")], ...]


_case = TypeAdapter(CaseDocument)
_disposition = TypeAdapter(Disposition)
_notice = TypeAdapter(Notice)


def from_case(case: Case) -> Document:
    document: Document = _case.dump_python(
        CaseDocument(ref=case.ref, events=case.events), mode="json"
    )
    return document


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
