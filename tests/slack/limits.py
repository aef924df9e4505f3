"""What Slack documents about the size and form of what it takes; a breach is the error Slack answers with.

From docs.slack.dev: Block Kit reference (blocks, elements, composition objects), views, chat.postMessage.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

BLOCKS = {"message": 50, "modal": 100, "home": 100}
ALL_CHARACTERS = 13_200  # over all blocks of a message, as measured
TEXT = 40_000  # of a message without blocks; Slack cuts it off there
LONGEST = {
    "header": 150,
    "section": 3_000,
    "context": 2_000,
    "button": 75,
    "title": 24,
    "label": 2_000,
}
OPTIONS = 100
ALLOWED = {
    "message": {
        "section",
        "divider",
        "context",
        "actions",
        "header",
        "image",
        "rich_text",
        "data_visualization",
    },
    "modal": {"section", "divider", "context", "actions", "header", "input", "image"},
    "home": {
        "section",
        "divider",
        "context",
        "actions",
        "header",
        "input",
        "image",
        "data_visualization",
    },
}


class BreachError(Exception):
    """`code` is Slack's error, the text says what is wrong."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


def must(holds: object, why: str, code: str = "invalid_blocks") -> None:
    if not holds:
        raise BreachError(code, why)


def check_message(text: str, blocks: list[Json]) -> None:
    must(text or blocks, "neither text nor blocks", "no_text")
    must(len(text) <= TEXT, "text is too long", "msg_too_long")
    check_blocks(blocks, "message")
    must(sum(map(len, strings(blocks))) <= ALL_CHARACTERS, "all blocks", "msg_blocks_too_long")


def check_view(view: Json) -> None:
    kind = view["type"]
    must(kind in {"modal", "home"}, "type of view", "invalid_arguments")
    if kind == "modal":
        for part in ("title", "submit", "close"):
            if part in view:
                check_text(view[part], LONGEST["title"], ("plain_text",))
        must("title" in view, "a modal has a title", "invalid_arguments")
        inputs = any(block["type"] == "input" for block in view["blocks"])
        must(not inputs or "submit" in view, "inputs without submit", "invalid_arguments")
    must(len(view.get("private_metadata", "")) <= 3_000, "private_metadata", "invalid_arguments")
    must(len(view.get("callback_id", "")) <= 255, "callback_id", "invalid_arguments")
    check_blocks(view["blocks"], kind)
    must(len(json.dumps(view, ensure_ascii=False)) <= 250_000, "view", "view_too_large")


def check_blocks(blocks: list[Json], surface: str) -> None:
    must(len(blocks) <= BLOCKS[surface], f"{len(blocks)} blocks")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    must(len(ids) == len(set(ids)), "a block_id twice")
    for block in blocks:
        must(block["type"] in ALLOWED[surface], f"{block['type']} in a {surface}")
        must(len(block.get("block_id", "")) <= 255, "block_id")
        check_block(block)


def check_block(block: Json) -> None:  # noqa: C901  (as many kinds as Slack has)
    kind = block["type"]
    if kind == "header":
        check_text(block["text"], LONGEST["header"], ("plain_text",))
    elif kind == "section":
        must("text" in block or "fields" in block, "an empty section")
        must(len(block.get("fields", ())) <= 10, "fields")
        if "text" in block:
            check_text(block["text"], LONGEST["section"])
        for field in block.get("fields", ()):
            check_text(field, 2_000)
        if "accessory" in block:
            check_element(block["accessory"])
    elif kind == "context":
        must(1 <= len(block["elements"]) <= 10, "elements of a context")
        for element in block["elements"]:
            check_text(element, LONGEST["context"])
    elif kind == "actions":
        must(1 <= len(block["elements"]) <= 25, "elements of actions")
        ids = [element["action_id"] for element in block["elements"]]
        must(len(ids) == len(set(ids)), "an action_id twice")
        for element in block["elements"]:
            check_element(element)
    elif kind == "data_visualization":
        check_chart(block)
    elif kind == "input":
        check_text(block["label"], LONGEST["label"], ("plain_text",))
        if "hint" in block:
            check_text(block["hint"], 2_000, ("plain_text",))
        check_element(block["element"])


def check_chart(block: Json) -> None:
    chart = block["chart"]
    must(1 <= len(block["title"]) <= 50, "title of a chart")
    must(chart["type"] == "bar", "the only kind in use here")
    must(1 <= len(chart["series"]) <= 6, "series")
    axis = chart["axis_config"]
    must(1 <= len(axis["categories"]) == len(set(axis["categories"])) <= 20, "categories")
    must(all(1 <= len(label) <= 20 for label in axis["categories"]), "label of a category")
    for series in chart["series"]:
        must([point["label"] for point in series["data"]] == axis["categories"], "labels")


def check_text(text: Json, longest: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    must(text["type"] in kinds, f"text of type {text['type']}")
    must(1 <= len(text["text"]) <= longest, f"{len(text['text'])} characters, {longest} allowed")


def check_element(element: Json) -> None:  # noqa: C901  (as many kinds as Slack has)
    must(len(element.get("action_id", "")) <= 255, "action_id")
    kind = element["type"]
    if kind == "button":
        check_text(element["text"], LONGEST["button"], ("plain_text",))
        must(len(element.get("value", "")) <= 2_000, "value")
        must(len(element.get("url", "")) <= 3_000, "url")
        must(element.get("style", "primary") in {"primary", "danger"}, "style")
    if kind in {"static_select", "multi_static_select", "checkboxes", "radio_buttons", "overflow"}:
        most = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}.get(kind, OPTIONS)
        must(1 <= len(element["options"]) <= most, "options")
        values = [option["value"] for option in element["options"]]
        must(len(values) == len(set(values)), "an option twice")
        for option in element["options"]:
            check_text(option["text"], 75)
            must(1 <= len(option["value"]) <= 150, "value of an option")
        chosen = element.get("initial_options", [element.get("initial_option")])
        for option in filter(None, chosen):
            must(option in element["options"], "an initial option that is no option")
    if kind == "plain_text_input":
        must(element.get("max_length", 3_000) <= 3_000, "max_length")
        must(len(element.get("initial_value", "")) <= 3_000, "initial_value")
    if "placeholder" in element:
        check_text(element["placeholder"], 150, ("plain_text",))
    if "confirm" in element:
        confirm = element["confirm"]
        for part, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            check_text(confirm[part], most)


def strings(value: object) -> Iterator[str]:
    """Yield the texts that people would read."""
    if isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
