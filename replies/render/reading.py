"""Reading a template without filling it: what is misspelt in it, and on which line.

What only shows when a sample is filled in is caught then, and traced back to its line here.
"""

import re
import traceback
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Final

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from replies.facts import KINDS, Controller
from replies.render.templates import environment, names

PAGE: Final = frozenset({"language", "subject", "blocks"})
WORDS: Final = frozenset({"letter", "asked", "several", "you", "your"})

BEGINS_WITH_A_FACT: Final = re.compile(r"\s*\{\{-?\s*(letter|asked)\.(?!.*\| as_written\b)")

BROKEN: Final = (
    *(TemplateError, ArithmeticError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError),
)
"""All that filling a template can raise because of what is in it."""


def misspelt(name: str, source: str) -> Iterator[tuple[int, str]]:
    """Find what cannot be read, and the names that stand for nothing, each with its line."""
    templates = environment({})
    try:
        templates.compile(source, name)
    except TemplateSyntaxError as error:
        yield error.lineno, f"cannot be read: {error.message}"
        return
    tree = templates.parse(source, name)
    known = (PAGE if name.endswith(".html") else WORDS) | templates.globals.keys()
    unknown = find_undeclared_variables(tree) - known
    for variable in tree.find_all(nodes.Name):
        if variable.name in unknown:
            yield variable.lineno, f"there is no {variable.name!r}"
    yield from _facts(name, tree)
    yield from _parts(tree)
    if not name.endswith(".html"):
        yield from _beginnings(source)


def _facts(name: str, tree: nodes.Template) -> Iterator[tuple[int, str]]:
    folder = PurePosixPath(name).parent.name
    kinds = [KINDS[folder]] if folder in KINDS else list(KINDS.values())
    for node in tree.find_all(nodes.Getattr):
        match node.node:
            case nodes.Name(name="letter") if not any(_has(kind, node.attr) for kind in kinds):
                yield node.lineno, f"there is no 'letter.{node.attr}'"
            case nodes.Getattr(attr="controller") if not _has(Controller, node.attr):
                yield node.lineno, f"there is no 'letter.controller.{node.attr}'"
            case _:
                pass


def _has(facts: type, name: str) -> bool:
    return hasattr(facts, name) and not name.startswith("_")


def _parts(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Look at whatever is spelt like a template: one is included by its name."""
    for part in tree.find_all(nodes.Const):
        name = str(part.value)
        if "/" in name and name.endswith((".txt", ".html")) and name not in names():
            yield part.lineno, f"there is no template {name!r}"


def _beginnings(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), start=1):
        if BEGINS_WITH_A_FACT.match(line):
            yield number, "begins a line with a fact, which could be taken for a mark"


def place(error: Exception, among: Collection[str]) -> tuple[str, int] | None:
    """Find the template and the line where filling went wrong, if it is one of these."""
    frames = traceback.extract_tb(error.__traceback__)
    found = [(frame.filename, frame.lineno or 1) for frame in frames if frame.filename in among]
    return found[-1] if found else None
