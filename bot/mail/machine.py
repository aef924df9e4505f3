"""Whether a machine wrote it, and which kind: what must not be answered by another machine.

Answering less is safe, losing a request is not: this says only *who* wrote. Whether a case
opens is decided elsewhere, from what the message asks. Sources: RFC 3834 (automatic
responses), RFC 3464 (delivery reports), RFC 8098 (disposition notifications), RFC 5965
(abuse reports), RFC 8460 (TLS reports), RFC 2919 and RFC 2369 (lists).
"""

import re
from collections.abc import Sequence
from email.message import Message as Mail
from typing import Protocol

from bot.message import Machine, Sender

LOOP_HEADER = "x-privacy-intake"
"""Every letter of ours carries it."""

REPORT_TYPES = {
    "delivery-status": Machine.BOUNCE,
    "disposition-notification": Machine.REPORT,
    "feedback-report": Machine.REPORT,
    "tlsrpt": Machine.REPORT,
}
BOUNCERS = re.compile(r"(mailer[-_]?daemon|postmaster|mail[-_]?delivery)\b", re.IGNORECASE)
BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (status|failure|has failed|incomplete)|returned mail|failure notice"
    r"|mail delivery|could not be delivered|non remis|unzustellbar",
    re.IGNORECASE,
)
AWAY_SUBJECT = re.compile(
    r"^\W*(re: *)?(out of( the)? office|automatic reply|auto(matic)?[- ]?(reply|response)"
    r"|abwesenheit|automatische antwort|r[ée]ponse automatique|absence du bureau|ateb awtomatig)",
    re.IGNORECASE,
)
REPORT_SUBJECT = re.compile(r"^\W*report domain:", re.IGNORECASE)  # DMARC, RFC 7489 7.2.1.1
ROBOT = re.compile(r"(no|do[-_.]?not)[-_.]?reply|bounces?\b|notifications?@", re.IGNORECASE)
AWAY_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder")
LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "list-help")
QUIET = ("", "no")
FAILED = re.compile(r"^action:\s*failed", re.IGNORECASE | re.MULTILINE)
ORIGINAL_ID = re.compile(
    r"^message-id:\s*(<[\x21-\x3d\x3f-\x7e]{3,480}>)", re.IGNORECASE | re.MULTILINE
)
NULL_PATHS = ("<>", "")


class Fields(Protocol):
    def all(self, name: str) -> list[str]: ...

    def first(self, name: str) -> str: ...


def machine_of(headers: Fields, subject: str, sender: Sender | None) -> tuple[Machine | None, str]:
    """Return which kind of machine wrote the message and the sign that says so."""
    if headers.all(LOOP_HEADER):
        return Machine.OURS, "our own loop header"
    for recognise in (report, bounce, away, spam, bulk):
        found = recognise(headers, subject, sender.address if sender else "")
        if found is not None:
            return found
    return None, ""


Found = tuple[Machine, str] | None


def report(headers: Fields, subject: str, _address: str) -> Found:
    content_type = headers.first("content-type").lower()
    if "multipart/report" in content_type:
        for kind, machine in REPORT_TYPES.items():
            if kind in content_type:
                return machine, f"a report of type {kind}"
        return Machine.REPORT, "a report"
    return (
        (Machine.REPORT, "the subject of a DMARC report") if REPORT_SUBJECT.match(subject) else None
    )


def bounce(headers: Fields, subject: str, address: str) -> Found:
    if headers.all("x-failed-recipients"):
        return Machine.BOUNCE, "X-Failed-Recipients"
    if BOUNCERS.match(address) and (BOUNCE_SUBJECT.search(subject) or null_path(headers)):
        return Machine.BOUNCE, "a mail system wrote it"
    return None


def away(headers: Fields, subject: str, _address: str) -> Found:
    if headers.first("auto-submitted").lower().startswith("auto-replied"):
        return Machine.AUTO_REPLY, "Auto-Submitted: auto-replied"
    if any(headers.all(name) for name in AWAY_HEADERS):
        return Machine.AUTO_REPLY, "a header of an automatic reply"
    if headers.first("precedence").strip().lower() == "auto_reply":
        return Machine.AUTO_REPLY, "Precedence: auto_reply"
    if AWAY_SUBJECT.match(subject):
        return Machine.AUTO_REPLY, "the subject of an automatic reply"
    return None


def spam(headers: Fields, _subject: str, _address: str) -> Found:
    flagged = headers.first("x-spam-flag").strip().lower() == "yes"
    if flagged or headers.first("x-spam-status").strip().lower().startswith("yes"):
        return Machine.SPAM, "the front server says spam"
    return None


def bulk(headers: Fields, _subject: str, address: str) -> Found:
    auto = headers.first("auto-submitted").split(";")[0].strip().lower()
    if auto not in QUIET:
        return Machine.BULK, "Auto-Submitted"
    if headers.first("precedence").strip().lower() in {"bulk", "junk", "list"}:
        return Machine.BULK, "Precedence"
    if any(headers.all(name) for name in LIST_HEADERS):
        return Machine.BULK, "a list's header"
    if ROBOT.search(address):
        return Machine.BULK, "an address that reads no answers"
    if null_path(headers):
        return Machine.BULK, "the null return path"
    return None


def null_path(headers: Fields) -> bool:
    """Whether the last server noted an empty return path (RFC 5321 4.4)."""
    return any(path.strip() in NULL_PATHS for path in headers.all("return-path"))


def undelivered_ids(parts: Sequence[Mail]) -> tuple[str, ...]:
    """Return the Message-IDs of the mails that a delivery report gives up (RFC 3464 2.3.3)."""
    texts = [text_of(part) for part in parts[:50]]
    if not any(FAILED.search(text) for text in texts):
        return ()
    return tuple(dict.fromkeys(m for text in texts for m in ORIGINAL_ID.findall(text)))


def text_of(part: Mail) -> str:
    """Return the fields of a report part or the headers of a returned mail, as they stand."""
    payload = part.get_payload(decode=True)
    body = payload.decode("latin-1") if isinstance(payload, bytes) else ""
    fields = "\n".join(f"{name}: {value}" for name, value in part.items())
    return f"{fields}\n{body}"[:100_000]
