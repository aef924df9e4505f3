"""What about a sender looks like something that it is not: for a person to see, and nothing else follows from it."""

import re
import unicodedata
from collections.abc import Iterator

from bot.mail.home import Home
from bot.message import Sender

ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Some of whose letters look the same."""
SAME = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0455\u0458\u0501\u04cf"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u0131\u026101|",
    "abekmhopctyxisjdlaikvoptuxigoll",
)  # Unicode's table of confusables (UTS 39), as far as domains are made of them
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,253}")


def doubts(sender: Sender | None, home: Home) -> tuple[str, ...]:
    return tuple(found(sender, home)) if sender else ()


def found(sender: Sender, home: Home) -> Iterator[str]:
    if any(mixes_alphabets(word) for word in sender.name.split()):
        yield "the sender's name mixes alphabets"
    shown = {address.lower() for address in ADDRESS.findall(sender.name)}
    if shown - {sender.address.lower()}:
        yield "the sender's name shows another address"
    domain = sender.address.rpartition("@")[2]
    reads = decoded_domain(domain)
    if reads != domain:
        yield f"the sender's domain {domain} reads {reads}"
    if domain not in home.domains and skeleton(reads) in map(skeleton, home.domains):
        yield f"the sender's domain {domain} looks like ours"


def mixes_alphabets(word: str) -> bool:
    names = (unicodedata.name(character, "").split(" ")[0] for character in word)
    return len(ALPHABETS.intersection(names)) > 1


def decoded_domain(domain: str) -> str:
    """Return how a mail program shows an internationalised domain (RFC 3492)."""
    return ".".join(map(decoded_label, domain.split(".")))


def decoded_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        text = label.removeprefix("xn--").encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        return label
    return text if text.isprintable() else label


def skeleton(domain: str) -> str:
    """Return the same for all that looks alike."""
    plain = unicodedata.normalize("NFKD", domain.casefold()).translate(SAME)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.replace("rn", "m").replace("vv", "w")
