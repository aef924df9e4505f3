"""Pages for staff to read or hand over: one file each, that fetches nothing and runs nothing.

What people wrote is shown as they wrote it, and never becomes markup.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

MOMENTS: Final = frozenset({"accepted_at", "at", "closed_at", "lifted_at", "received_at", "since"})


@cache
def _pages() -> SandboxedEnvironment:
    pages = SandboxedEnvironment(
        loader=PackageLoader("replies", "pages"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"cell": cell, "moment": moment, "words": words}
    return pages


def person_page(found: Mapping[str, Any]) -> str:
    """Show all that is held about one person."""
    return _pages().get_template("person.html").render(found).strip() + "\n"


def evidence_page(case: Mapping[str, Any]) -> str:
    """Show one case with all that an auditor asks of it."""
    return _pages().get_template("evidence.html").render(case).strip() + "\n"


def evidence_index(found: Mapping[str, Any]) -> str:
    """List the cases of an evidence pack, and how they were picked."""
    return _pages().get_template("index.html").render(found).strip() + "\n"


def moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d %b %Y %H:%M} UTC"


def words(name: str) -> str:
    return name.replace("_", " ")


def cell(value: object, name: str) -> str:
    """Return what stands in one cell of a column."""
    if value in (None, ""):
        return "\u2013"
    return moment(str(value)) if name in MOMENTS else words(str(value))
