"""Block Kit in few words, each within Slack's limits whatever it is given."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
Choice = tuple[str, str]
"""A value and what people read."""

LONGEST_SECTION = 3_000
LONGEST_CONTEXT = 2_000
LONGEST_OPTION = 75
LONGEST_BUTTON = 75
LONGEST_TITLE = 24
MOST_OPTIONS = 100
MOST_BOXES = 10
MOST_VERBATIM = 24  # blocks of one modal: 72,000 characters, well within its 250,000
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def cut(text: str, longest: int) -> str:
    """Return the text, or its beginning and an ellipsis; never empty, which Slack refuses."""
    text = text or "-"
    return text if len(text) <= longest else text[: longest - 1] + "…"


def words(text: str, longest: int) -> Block:
    """Return text that Slack shows as it stands: no mention, no markup comes out of it."""
    return {"type": "plain_text", "text": cut(text, longest), "emoji": False}


def markup(text: str, longest: int = LONGEST_SECTION) -> Block:
    return {"type": "mrkdwn", "text": cut(text, longest), "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    block = {"type": "section", "text": markup(text)}
    return block | {"accessory": accessory} if accessory else block


def verbatim(text: str, most: int) -> list[Block]:
    """Return what somebody wrote, word for word, in at most so many blocks."""
    text = CONTROLS.sub("", text)
    parts = [text[i : i + LONGEST_SECTION] for i in range(0, len(text), LONGEST_SECTION)]
    shown = [{"type": "section", "text": words(part, LONGEST_SECTION)} for part in parts[:most]]
    if len(parts) > most:
        shown.append(small("It goes on: `privacy-intake spool show` has the whole of it."))
    return shown


def small(text: str) -> Block:
    return {"type": "context", "elements": [markup(text, LONGEST_CONTEXT)]}


def header(text: str) -> Block:
    return {"type": "header", "text": words(text, 150)}


def button(action: str, label: str, value: str, style: str = "") -> Block:
    made = {
        "type": "button",
        "action_id": action,
        "text": words(label, LONGEST_BUTTON),
        "value": value,
    }
    return made | {"style": style} if style else made


def link_button(label: str, url: str) -> Block:
    """Return a button that opens an address; that it was clicked comes to us too, and means nothing."""
    text = words(label, LONGEST_BUTTON)
    return {"type": "button", "action_id": "link", "text": text, "url": url}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def options(choices: Iterable[Choice]) -> list[Block]:
    found = [{"text": words(label, LONGEST_OPTION), "value": value} for value, label in choices]
    return found[:MOST_OPTIONS]


def menu(action: str, label: str, choices: Iterable[Choice]) -> Block:
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": words(label, 150),
        "options": options(choices),
    }


def field(name: str, label: str, element: Block, *, optional: bool, hint: str = "") -> Block:
    """Return one input of a modal; its block and its element have the field's name."""
    block = {
        "type": "input",
        "block_id": name,
        "label": words(label, LONGEST_CONTEXT),
        "element": element | {"action_id": name},
        "optional": optional,
    }
    return block | {"hint": words(hint, LONGEST_CONTEXT)} if hint else block


def modal(
    name: str, title: str, blocks: Sequence[Block], *, submit: str = "", about: str = ""
) -> Block:
    view = {
        "type": "modal",
        "callback_id": name,
        "title": words(title, LONGEST_TITLE),
        "close": words("Close", LONGEST_TITLE),
        "private_metadata": about,
        "blocks": list(blocks)[:100],
    }
    return view | {"submit": words(submit, LONGEST_TITLE)} if submit else view
