"""What of a message is the writer's own: quoted mail, signatures and disclaimers are trimmed before reading.

Pure functions that look at each line once, so that no input takes long; whatever is trimmed, something is left to read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LOOKED_AT = 400_000  # characters that are looked at, at all
HEAD, TAIL = 14_000, 4_000  # characters that are read: people ask at the start, or at the very end
LINE = 400  # no quote mark or header is further out than this
OWN_WORDS = 25  # with fewer above it, a pasted mail is what the message is about
UNSPACED = 80  # characters without a space; a tokenizer's work grows with the square of them
SIGNATURE_LINES = 12  # more than this under "--" is no signature
CARD = (
    0.6  # of a line's words begin with a capital or a number, where a signature says who and where
)
FOOTER = 4  # paragraphs at the end that may be disclaimers
HEADERS = 3  # header lines among four that make the head of a pasted mail

_UNSPACED = re.compile(rf"\S{{{UNSPACED}}}")
_ANSWERED = re.compile(r"\s*((re|aw|sv|antw|rép|ymateb)\s?(\[\d+\])?\s?:\s*)+", re.IGNORECASE)
_FORWARDED = re.compile(r"\s*(re\s?:\s*)?((fwd?|wg|tr)\s?:\s*)+", re.IGNORECASE)
_WROTE = re.compile(
    r"[\s>]*(on|am|le|ar)\b.*\b(wrote|schrieb|a écrit|ysgrifennodd)\b.*:$|.*\d.*\b(wrote|schrieb|a écrit)\s?:$",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"[\s>]*[-_*=]{2,}\s*(original message|original appointment|ursprüngliche nachricht|message d'origine)",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"[\s>]*(begin forwarded message|[-_*=]{2,}\s*(forwarded|weitergeleitet|message transféré))",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"[\s>*_]*(from|sent|to|cc|date|subject|von|gesendet|an|datum|betreff|de|envoyé|à|objet|oddi wrth|at|dyddiad|pwnc)"
    r"[*_]*\s?:",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"\s*(sent from my |sent from outlook|sent from mail|get outlook for |von meinem |envoyé de mon |anfonwyd o)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"intended (solely|only|exclusively) for|(are|is) not the (intended|named|correct) (recipient|addressee)"
    r"|e-?mail (and any \w+ )?(is|are|may be|contains?) (strictly )?(private|confidential|privileged)"
    r"|confidential and (may|legally|is|privileged|intended)|(may|be) (legally )?privileged"
    r"|if you (have )?receive[d]? (this|it)( e-?mail| message| communication| transmission)? in error"
    r"|any (files|attachments?) transmitted|checked for viruses|virus[ -]free|consider the environment before"
    r"|registered (in (england|wales|scotland)|office)|authorised and regulated by|pas le destinataire"
    r"|nicht der (richtige|beabsichtigte) (adressat|empfänger)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*((kind(est)?|best|warm(est)?|many|with)\s+){0,3}(regards|wishes|thanks)\W*$|\s*yours\s+\w+\W*$|\s*sincerely\W*$"
    r"|\s*(mit )?(freundlichen|besten|viele) grü(ß|ss)en?\W*$|\s*(bien )?cordialement\W*$|\s*cofion( gorau| cynnes)?\W*$",
    re.IGNORECASE,
)
_STRAIGHT = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u200b": ""}
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is read of a message."""

    subject: str
    body: str

    @property
    def text(self) -> str:
        return f"{self.subject}\n\n{self.body}"


def prepare(text: str, subject: str = "") -> Prepared:
    answered = bool(_ANSWERED.match(subject[:LINE]))
    forwarded = bool(_FORWARDED.match(subject[:LINE]))
    lines = _plain(text[:LOOKED_AT]).splitlines()
    own, pasted, passed_on = _split(lines, answered=answered)
    body = _trim(own)
    few = len(body.split()) < OWN_WORDS
    if pasted and (forwarded or (passed_on and few) or not body):
        body = f"{body}\n\n{_trim(pasted)}"
    return Prepared(plain_subject(subject), _within_reach(body.strip()))


def plain_subject(subject: str) -> str:
    line = " ".join(_plain(subject[:LINE]).split())
    while (found := _ANSWERED.match(line) or _FORWARDED.match(line)) and found.end():
        line = line[found.end() :]
    return _spaced(line)


def _plain(text: str) -> str:
    """Straighten quotation marks, and replace the halves of characters that broken mail leaves behind."""
    return text.translate(_STRAIGHT).encode("utf-8", "replace").decode("utf-8")


def _split(lines: Sequence[str], *, answered: bool) -> tuple[list[str], list[str], bool]:
    """Part a message into own lines and pasted ones, and tell whether these were passed on rather than answered."""
    own: list[str] = []
    pasted: list[str] = []
    for number, line in enumerate(lines):
        head = line[:LINE].rstrip()
        if _PASSED_ON.match(head) or _heads_a_mail(lines, number):
            pasted += [_unmarked(rest) for rest in lines[number:] if not _HEADER.match(rest[:LINE])]
            return own, pasted, not answered
        if _RULE.match(head) or (head.endswith(":") and _WROTE.match(head)):
            return _after_attribution(lines, number, own, pasted)
        # Without an attribution, marked lines in a fresh message are words that the writer passes on.
        (pasted if answered and _is_marked(line) else own).append(_unmarked(line))
    return own, pasted, False


def _after_attribution(
    lines: Sequence[str], number: int, own: list[str], pasted: list[str]
) -> tuple[list[str], list[str], bool]:
    """Where the quoted mail is marked, answers may stand between its lines; unmarked, it runs to the end."""
    rest = lines[number + 1 :]
    marked = any(_is_marked(line) for line in rest[:4])
    for line in rest:
        (pasted if not marked or _is_marked(line) or _is_attribution(line) else own).append(
            _unmarked(line)
        )
    return own, pasted, False


def _heads_a_mail(lines: Sequence[str], number: int) -> bool:
    block = lines[number : number + 4]
    return (
        bool(_HEADER.match(block[0][:LINE]))
        and sum(bool(_HEADER.match(line[:LINE])) for line in block) >= HEADERS
    )


def _is_attribution(line: str) -> bool:
    head = line[:LINE].rstrip()
    return head.endswith(":") and bool(_WROTE.match(head))


def _is_marked(line: str) -> bool:
    return line.lstrip().startswith((">", "&gt;"))


def _unmarked(line: str) -> str:
    return line.lstrip().removeprefix("&gt;").lstrip("> ") if _is_marked(line) else line


def _trim(lines: Sequence[str]) -> str:
    """Leave out the signature under its dashes, what a device added, and disclaimers near the end."""
    own = _without_card(_above_signature(lines))
    kept = [line for line in own if not _DEVICE.match(line[:LINE])]
    paragraphs = [part for part in re.split(r"\n\s*\n", "\n".join(kept)) if part.strip()]
    end = max(1, len(paragraphs) - FOOTER)
    footer = [part for part in paragraphs[end:] if not _DISCLAIMER.search(part)]
    return "\n\n".join(paragraphs[:end] + footer)


def _above_signature(lines: Sequence[str]) -> Sequence[str]:
    for number, line in enumerate(lines):
        if line.rstrip() == "--":
            above, below = lines[:number], [rest for rest in lines[number + 1 :] if rest.strip()]
            return above if len(below) <= SIGNATURE_LINES and any(above) else lines
    return lines


def _without_card(lines: Sequence[str]) -> Sequence[str]:
    """Leave out a closing, and below it name, title, firm and numbers; whatever else stands there stays."""
    for number in range(len(lines) - 1, max(-1, len(lines) - FOOTER * SIGNATURE_LINES), -1):
        if _CLOSING.match(lines[number][:LINE]):
            below = lines[number + 1 :]
            above = lines[:number] if any(map(str.strip, lines[:number])) else lines[: number + 1]
            return [*above, *(line for line in below if not _is_card(line[:LINE]))]
    return lines


def _is_card(line: str) -> bool:
    words = line.split()
    if not words or line.isupper() or line.rstrip().endswith((".", "!", "?")):
        return False
    telling = sum(word[0].isupper() or not word[0].isalpha() for word in words)
    return telling >= CARD * len(words)


def _within_reach(body: str) -> str:
    near = body if len(body) <= HEAD + TAIL else f"{body[:HEAD]}\n\n{body[-TAIL:]}"
    return _spaced(near)


def _spaced(text: str) -> str:
    longest = max(map(len, text.split()), default=0)
    return _UNSPACED.sub(r"\g<0> ", text) if longest >= UNSPACED else text
