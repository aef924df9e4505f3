"""The inputs of a modal: what each looks like, and what somebody filled in, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from typing_extensions import override

from bot.slack.blocks import MOST_BOXES, Block, Choice, field, options

LONGEST_TEXT = 3_000
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One input; its name is the name of the action's argument."""

    name: str
    label: str
    optional: bool = False
    hint: str = ""

    def block(self) -> Block:
        return field(self.name, self.label, self.element(), optional=self.optional, hint=self.hint)

    def element(self) -> Block:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Text(Field):
    long: bool = True
    initial: str = ""

    @override
    def element(self) -> Block:
        made: Block = {
            "type": "plain_text_input", "multiline": self.long, "max_length": LONGEST_TEXT,
        }  # fmt: skip
        return made | {"initial_value": self.initial[:LONGEST_TEXT]} if self.initial else made


@dataclass(frozen=True, slots=True)
class Day(Field):
    initial: date | None = None

    @override
    def element(self) -> Block:
        made: Block = {"type": "datepicker"}
        return made | {"initial_date": self.initial.isoformat()} if self.initial else made


@dataclass(frozen=True, slots=True)
class Pick(Field):
    """One of several, or with `many` any number of them."""

    choices: Sequence[Choice] = ()
    initial: tuple[str, ...] = ()
    many: bool = False

    @override
    def element(self) -> Block:
        offered = options(self.choices)
        chosen = [option for option in offered if option["value"] in self.initial]
        if not self.many:
            made: Block = {"type": "static_select", "options": offered}
            return made | {"initial_option": chosen[0]} if chosen else made
        made = {"type": "multi_static_select", "options": offered}
        return made | {"initial_options": chosen} if chosen else made


@dataclass(frozen=True, slots=True)
class Tick(Field):
    """One statement that may hold."""

    says: str = ""

    @override
    def element(self) -> Block:
        offered = options([("yes", self.says)])[:MOST_BOXES]
        return {"type": "checkboxes", "options": offered}


def filled_in(view: Mapping[str, Any]) -> Values:
    """Return what was filled in, by name; what was left empty is left out."""
    found: Values = {}
    for name, elements in view["state"]["values"].items():
        (element,) = elements.values()
        value = value_of(element)
        if value not in (None, "", []):
            found[name] = value
    return found


def value_of(element: Mapping[str, Any]) -> Any:  # noqa: ANN401  (a text, a list of them, or nothing)
    match element["type"]:
        case "static_select":
            return (element.get("selected_option") or {}).get("value")
        case "multi_static_select" | "checkboxes":
            return [option["value"] for option in element.get("selected_options") or []]
        case "datepicker":
            return element.get("selected_date")
        case _:
            return (element.get("value") or "").strip()
