"""What a tree of parts says in words, what comes with it as files, and what of it cannot be read.

Plain text is preferred to HTML where both say the same. Nothing is fetched, unpacked or
decrypted; what stays closed is flagged, so that a person looks.
"""

import re

from bot.mail.markup import plain_of
from bot.mail.tree import Part
from bot.mail.words import decoded, to_text
from bot.message import Attachment

MOST_TEXT = 1_000_000  # characters of text kept for reading
MOST_BYTES = 2 * MOST_TEXT  # of all parts that are words, markup included
STUB = 300  # a plain text shorter than this may only say that the rest is HTML
MUCH_MORE = 4  # times as many words
LONGEST_NAME = 150

NOT_WORDS = frozenset(
    f"text/{kind}" for kind in ("calendar", "vcard", "x-vcard", "directory", "csv", "css", "xml")
)
REPORTED = frozenset(
    {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}
)
"""What a report says to programs: neither words nor files."""
CLOSED = {
    "multipart/encrypted": "encrypted (PGP)",
    "application/pgp-encrypted": "encrypted (PGP)",
    "application/pkcs7-mime": "encrypted or wrapped (S/MIME)",
    "application/x-pkcs7-mime": "encrypted or wrapped (S/MIME)",
    "application/ms-tnef": "wrapped by Outlook (TNEF)",
    "text/calendar": "a calendar entry",
    "message/partial": "one piece of a longer message",
}
ARMOUR = "-----BEGIN PGP MESSAGE-----"
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f/\\<>:"|?*]+')


def body(root: Part) -> tuple[str, tuple[str, ...]]:
    """Return the text of the message and flags for what could not be read."""
    sizes = [len(part.data) for part in root.walk() if is_words(part)]
    share = MOST_BYTES // max(len(sizes), 1)  # markup takes time, and there may be much of it
    text = words_of(root, share)
    flags = closed(root)
    if ARMOUR in text:
        flags.append("encrypted (PGP)")
    if len(text) > MOST_TEXT or max(sizes, default=0) > share:
        flags.append("text cut for reading")
    if not text.strip():
        kinds = {part.kind.partition("/")[0] for part in root.walk() if not part.parts}
        flags.append("only pictures" if "image" in kinds else "no text")
    return text[:MOST_TEXT], tuple(dict.fromkeys(flags))


def closed(root: Part) -> list[str]:
    """Name what the message contains that only a person can open."""
    flags = [CLOSED[part.kind] for part in root.walk() if part.kind in CLOSED]
    if any(part.file_name.lower() == "winmail.dat" for part in root.walk()):
        flags.append(CLOSED["application/ms-tnef"])
    if any(part.encoded for part in root.walk()):
        flags.append("a message inside is encoded")
    return flags


def words_of(part: Part, share: int) -> str:
    """Return what a part says to a reader; a file says nothing, a message inside does."""
    if part.kind in REPORTED or part.encoded:
        return ""
    if part.parts and part.kind == "multipart/alternative":
        return chosen(part.parts, share)
    if part.parts:
        texts = (words_of(inner, share) for inner in part.parts)
        return "\n".join(text for text in texts if text.strip())
    if not is_words(part):
        return ""
    text = to_text(part.data[:share], part.charset)
    return plain_of(text) if part.kind == "text/html" else text


def is_words(part: Part) -> bool:
    if part.kind.startswith("multipart/"):
        return not part.parts  # they could not be told apart: it is read as it stands
    readable = part.kind.startswith("text/") and part.kind not in NOT_WORDS
    return readable and part.disposition != "attachment"


def chosen(alternatives: list[Part], share: int) -> str:
    """Return the plain form of the same words, unless it is empty or a stub."""
    plain = "\n".join(words_of(part, share) for part in alternatives if part.kind == "text/plain")
    if len(plain.strip()) > STUB:
        return plain
    others = (words_of(part, share) for part in alternatives if part.kind != "text/plain")
    richest = max(others, key=len, default="")
    return richest if len(richest.split()) > MUCH_MORE * len(plain.split()) else plain


def attachments(root: Part) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(name_of(part), part.kind, sum(len(p.data) for p in part.walk()))
        for part in root.walk()
        if is_file(part)
    )


def is_file(part: Part) -> bool:
    if part.kind.startswith("multipart/") or part.kind in REPORTED:
        return False
    if part.kind == "message/rfc822" or part.disposition == "attachment" or part.file_name:
        return True
    return not part.kind.startswith("text/") or part.kind in NOT_WORDS


def name_of(part: Part) -> str:
    """Return a file's name as it may be shown, or used inside a folder of ours; maybe none."""
    return safe_name(part.file_name) or ("message.eml" if part.kind == "message/rfc822" else "")


def safe_name(name: str) -> str:
    flat = NOT_IN_NAMES.sub("_", decoded(name)).strip(". ")
    return flat if len(flat) <= LONGEST_NAME else f"{flat[: LONGEST_NAME - 20]}~{flat[-19:]}"
