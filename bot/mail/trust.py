"""Whether the sender's domain vouches for a mail: what the border mail server found (RFC 8601).

Only the topmost Authentication-Results with the name of that server counts; whatever else says
so was written by anybody. No verdict is not a failure: only an explicit failure of DMARC is.
Every expression is unambiguous: linear on any input.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.message import Sender
from store.recorded import Trust

LONGEST = 10_000  # characters of one header that are looked at
MOST_HEADERS = 100
MOST_RESULTS = 20
DEEPEST = 4  # comments in comments
FOLDS = re.compile(r"[ \t\r\n]+")
QUOTED = r'"(?:[^"\\]|\\.)*"'
COMMENT = re.compile(rf"({QUOTED})|\((?:[^()\\]|\\.)*\)")
PIECE = re.compile(rf'(?:{QUOTED}|[^;"])+')
EQUALS = re.compile(r"[ ]?=[ ]?")
NAMED = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
"""In which property each method names the domain that it is about."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found, and about which domain."""

    method: str
    found: str
    domain: str

    @property
    def said(self) -> str:
        about = f" for {self.domain}" if self.domain else ""
        return f"{self.method}={self.found}{about}"

    def vouches_for(self, domain: str) -> bool:
        """Whether it says that a mail is from the domain in its From header: the same, not a relative."""
        same = self.domain == domain or (self.method == "dmarc" and not self.domain)
        return self.found == "pass" and same


Check = Callable[[Sender], tuple[Trust, tuple[str, ...]]]
"""What finds out by itself about a sender of whom the border server says nothing."""


def trust_of(
    headers: Sequence[str], authserv_id: str, sender: Sender | None, check: Check | None = None
) -> tuple[Trust, tuple[str, ...]]:
    """Return the verdict and what it rests on."""
    results = results_of(headers, authserv_id) if authserv_id else []
    if check and sender and not results:
        return check(sender)
    if not authserv_id:
        return Trust.NONE, ("no mail server is named whose checks count",)
    if not results:
        return Trust.NONE, (f"{authserv_id} noted no check",)
    reasons = tuple(result.said for result in results)
    if any(result.method == "dmarc" and result.found == "fail" for result in results):
        return Trust.FAILED, reasons
    domain = sender.address.rpartition("@")[2] if sender else ""
    vouched = domain and any(result.vouches_for(domain) for result in results)
    return (Trust.PASSED if vouched else Trust.NONE), reasons


def results_of(headers: Sequence[str], authserv_id: str) -> list[Result]:
    """Return what the named server noted last; anything below it may be forged."""
    for header in headers[:MOST_HEADERS]:
        who, *found = pieces(header[:LONGEST]) or [""]
        if who.split()[:1] == [authserv_id.lower()]:
            results = (result_in(piece) for piece in found[:MOST_RESULTS])
            return [result for result in results if result is not None]
    return []


def result_in(piece: str) -> Result | None:
    """Read `method=result property=value ...`; methods that say nothing of the sender are left out."""
    words = EQUALS.sub("=", piece).split()
    pairs = [word.partition("=") for word in words]
    if not pairs:
        return None
    method, found = pairs[0][0].partition("/")[0], pairs[0][2]
    if method not in NAMED or not found.isalpha():
        return None
    said = {name: value for name, _, value in pairs[1:]}
    about = next((said[name] for name in NAMED[method] if said.get(name)), "")
    return Result(method, found[:20], about.rpartition("@")[2][:253])


def pieces(value: str) -> list[str]:
    """Split at semicolons, in lower case, without comments."""
    text = FOLDS.sub(" ", value)
    for _ in range(DEEPEST):
        text = COMMENT.sub(lambda found: found[1] or " ", text)
    return PIECE.findall(text.lower())
