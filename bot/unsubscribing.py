"""What is asked at an address for unsubscribing: a rule of its own, which people were told of, and no reading.

Whoever says in subject or text that it shall stop, or says nothing at all, is unsubscribed; any other
mail there is for a person to look at.
"""

import re

from bot.mail.look import own_words
from bot.message import Message
from store.law import Label

UNSUBSCRIBE = re.compile(
    r"\bun-? ?subscri|\bopt(ing|ed)?[ -]?out\b|\b(remove|take|delete) me (from|off)\b"
    r"|\bstop (sending|(e-?)?mailing|contacting|(the |your |all )*(e-?mails?|newsletters?|marketing))"
    r"|\bno more (e-?mails?|newsletters?|marketing|messages)\b|\bdad-?danysgrif"
    r"|\b(abmelden|abbestellen)|\bdésabonne|\bdésinscri",
    re.IGNORECASE,
)
SOMETHING_ELSE = re.compile(r"\?|\bsubscri", re.IGNORECASE)
"""In the subject of a mail without words: it is no reply with nothing to add."""


def by_the_notice(message: Message, labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """Return what is asked at an address for unsubscribing: subject or text say so, or nothing is said."""
    if asks_to_unsubscribe(message):
        return tuple(dict.fromkeys((Label.UNSUBSCRIBE, *labels)))
    return tuple(label for label in labels if label is not Label.UNSUBSCRIBE)


def asks_to_unsubscribe(message: Message) -> bool:
    if UNSUBSCRIBE.search(message.subject):
        return True
    if message.machine is not None:  # the foot of any newsletter says how
        return False
    if message.text.strip():
        return UNSUBSCRIBE.search(own_words(message.text)) is not None
    return not message.attachments and not SOMETHING_ELSE.search(message.subject)
