"""Slack's text as people read it, and ours as Slack must get it. Unescaped and unwrapped once, at the edge."""

import re
from collections.abc import Iterator
from typing import Any

WRAPPED = re.compile(r"<([^<>]{1,3000})>")
ENTITY = re.compile(r"&(amp|lt|gt);")
MEANS = {"amp": "&", "lt": "<", "gt": ">"}


def plain(text: str) -> str:
    """Return the text as it was typed: links as their words, mentions as @ or #, entities undone."""
    return ENTITY.sub(lambda found: MEANS[found[1]], WRAPPED.sub(unwrapped, text))


def unwrapped(found: re.Match[str]) -> str:
    target, bar, label = found[1].partition("|")
    if target.startswith("!"):
        return label if bar else f"@{target[1:].partition('^')[0]}"
    if target.startswith("@"):
        return f"@{label}" if label else "@somebody"
    if target.startswith("#"):
        return f"#{label or 'a-channel'}"
    target = target.removeprefix("mailto:").removeprefix("tel:")
    return target if not label or label == target else f"{label} ({target})"


def escaped(text: str) -> str:
    """Return the text with what Slack would take for markup made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words_of(message: dict[str, Any]) -> str:
    """Return what a message says; a form of the Workflow Builder may say it in blocks alone."""
    text = str(message.get("text") or "")
    if not text:
        text = "\n".join(said(message.get("blocks") or []))
    quoted = [a.get("text") or a.get("fallback") or "" for a in message.get("attachments") or []]
    return plain("\n".join([text, *quoted]).strip())


def said(value: object) -> Iterator[str]:
    """Yield the texts within blocks."""
    if isinstance(value, list):
        for inner in value:
            yield from said(inner)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from said(inner)
