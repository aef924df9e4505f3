"""What the bot itself finds out about a sender where no border server says it: DKIM and DMARC (RFC 6376, 7489).

Where a mail came from is hidden by a server in front, so SPF is not reckoned. A mail passes by a
whole signature of its sender's own domain; it has failed only if its domain asks for that and SPF
could not have helped: the return path is another domain's. Everything else is no verdict.
"""

from dataclasses import dataclass
from typing import Final

from bot.mail.lookup import NotToldError, Txt
from bot.mail.signatures import DOMAIN, Tags, signatures, tags_of
from bot.message import Sender
from store.recorded import Trust

MOST_ABOVE: Final = 4  # domains above the sender's that are asked
HERE: Final = "by our own check"

Verdict = tuple[Trust, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain asks of those who get its mail."""

    top: str
    """The uppermost domain that asks for anything: it speaks for all below."""
    strict: bool
    refuses: bool


def vouched(raw: bytes, txt: Txt, sender: Sender, *, mail_from: str, live: bool) -> Verdict:
    """Return the verdict and what it rests on.

    `live` is mail that comes just now from its sender's server: of old mail the keys may be gone.
    """
    domain = sender.address.rpartition("@")[2].lower()
    if not DOMAIN.fullmatch(domain):
        return Trust.NONE, (f"the sender's domain cannot be asked, {HERE}",)
    try:
        policy = policy_of(domain, txt)
    except NotToldError as error:
        return Trust.NONE, (f"{error}, {HERE}",)
    top = policy.top if policy else domain
    found = list(signatures(raw, lambda signer: akin(signer, domain, top), txt))
    said = tuple(f"{s.said}, {HERE}" for s in found) or (f"no signature of {domain}, {HERE}",)
    if any(s.whole and speaks_for(s.domain, domain, policy) for s in found):
        return Trust.PASSED, said
    path = mail_from.strip("<>").rpartition("@")[2].lower()
    helpless = path and not akin(path, domain, top) and all(s.whole is False for s in found)
    if live and policy and policy.refuses and helpless:
        why = f"dmarc=fail for {domain}, {HERE}: the return path is of {path[:253]}"
        return Trust.FAILED, (why, *said)
    return Trust.NONE, said


def policy_of(domain: str, txt: Txt) -> Policy | None:
    """Ask the domain and those above it. Raises NotToldError."""
    labels = domain.split(".")
    above = [".".join(labels[n:]) for n in range(1, len(labels) - 1)][-MOST_ABOVE:]
    asked = [(name, record(txt, name)) for name in (domain, *above)]
    found = [(name, tags) for name, tags in asked if tags and tags.get("psd") != "y"]
    if not found:
        return None
    (nearest, tags), (top, _) = found[0], found[-1]
    wish = tags.get("p", "") if nearest == domain else tags.get("sp", tags.get("p", ""))
    tried_out = tags.get("t") == "y" or tags.get("pct", "100") != "100"
    refuses = wish.lower() in {"quarantine", "reject"} and not tried_out
    return Policy(top, tags.get("adkim", "r").lower() == "s", refuses)


def record(txt: Txt, domain: str) -> Tags:
    """Return what a domain says, or nothing where it says nothing or two things."""
    said = [tags_of(text) for text in txt(f"_dmarc.{domain}") if text.startswith(b"v=DMARC1")]
    return said[0] if len(said) == 1 else {}


def speaks_for(signer: str, domain: str, policy: Policy | None) -> bool:
    """Whether a signature stands for the sender: of its own domain, or of one above if the policy lets it."""
    above = domain.endswith(f".{signer}") and policy is not None and not policy.strict
    return signer == domain or above


def akin(name: str, domain: str, top: str) -> bool:
    """Whether two domains may be of one house, so that one may speak for the other."""
    above = "." in name and domain.endswith(f".{name}")
    return above or name in {domain, top} or name.endswith((f".{domain}", f".{top}"))
