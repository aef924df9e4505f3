"""The rules for acknowledgements: what each must contain, and what it never may.

They read a letter in lower case and on one line; what must not be said is sought outside the controller's own name and
address.
"""

from collections.abc import Mapping
from typing import Final

from replies.rules.people import KNOWN_TO_US, PAPERS
from replies.rules.words import Words, rule
from store.law import Label

ACKNOWLEDGEMENT: Final = Words(
    must=(
        rule(
            "does not say what we understood",
            r"\bwe (read|understand|understood|took) your message\b",
        ),
        rule(
            "does not ask to be told of a misreading",
            r"\b(tell|let) us\b[^.]*\b(misread|misunderst|wrong)",
        ),
        rule("does not say what happens next", r"\bnext\b"),
    ),
    never=(
        PAPERS,
        rule(
            "confirms that data is held",
            r"\bwe (do |already |currently )?(hold|keep|store|process|found|have found)\b",
            r"\bwe have (your|some)( personal)? (data|information|records?|accounts?|files?)\b",
            r"\byour (account|record|file|profile)s? with us\b",
        ),
        rule("counts days where the law counts a month", r"\b(30|thirty)[ -]days?\b"),
    ),
)

UNSURE: Final = Words(
    must=(rule("does not say that it will be looked into", r"\blook into it\b"),),
    never=(
        rule(
            "names a right",
            r"\b(access|copy|rectif\w+|correct\w*|eras\w+|delet\w+|restrict\w*|portab\w+|object\w*)\b",
            r"\b(unsubscribe\w*|marketing|complaint|automated)\b",
        ),
        rule("asks for a form", r"\bforms?\b"),
        rule("speaks of a pause", r"\bpaus\w+", r"\b(on hold|clock|until you)\b"),
    ),
)

UNSURE_RIGHT: Final = Words(
    must=(
        rule("does not leave the right open", r"\bif you are exercising a right over your data\b"),
    ),
)

AGENT: Final = Words(
    must=(
        rule("does not say what shows authority", r"\b(signed by|authority)\b"),
        rule("does not say where it stands", r"\bwhere it stands\b"),
    ),
    never=(KNOWN_TO_US,),
)

_LOOKED_INTO: Final = (
    rule(
        "does not say that it was received", r"\bwe have received (the|your) (complaint|request)\b"
    ),
    rule("does not say that it will be looked into", r"\bwe will look into it\b"),
    rule("does not say how progress will be told", r"\bprogress\b"),
)

BY_LABEL: Final[Mapping[Label, Words]] = {
    Label.ACCESS: Words(
        never=(
            rule("asks for scope", r"\b(which|what) (data|information|records?|systems?|period)\b"),
            rule("promises contents", r"\bwe will (send|give|provide)\b"),
        ),
    ),
    Label.RECTIFICATION: Words(never=(rule("says that it is done", r"\b(corrected|updated)\b"),)),
    Label.ERASURE: Words(
        never=(
            rule("says that it is done", r"\b(deleted|erased|removed)\b"),
            rule("lists exemptions", r"\b(exempt\w*|exceptions?|legal claims?)\b"),
        ),
    ),
    Label.RESTRICTION: Words(never=(rule("says that it is done", r"\b(restricted|blocked)\b"),)),
    Label.PORTABILITY: Words(
        never=(
            rule("promises a format", r"\b(format|machine.readable|csv|json|xml)\b"),
            rule("argues that the right is narrow", r"\b(narrow|only applies|applies only)\b"),
        ),
    ),
    Label.OBJECTION: Words(
        never=(
            rule("says that it is done", r"\bstopped\b"),
            rule("demands reasons", r"\b(reasons?|grounds|why you)\b"),
            rule(
                "talks of balancing", r"\b(balanc\w+|overrid\w+|compelling|legitimate interests?)\b"
            ),
        ),
    ),
    Label.UNSUBSCRIBE: Words(
        must=(
            rule("does not say that it is recorded", r"\brecorded it\b"),
            rule("does not say what it covers", r"\bcovers direct marketing\b"),
            rule("does not say that a short delay is possible", r"\bshort delay\b"),
        ),
        never=(
            # An agent's other requests run one month from the day that authority is shown.
            rule("takes a month", r"\bmonths?\b(?! from that day)"),
            rule("says that all has stopped", r"\b(stopped|no more marketing|will not receive)\b"),
            rule("markets", r"\b(newsletters?|special offers?|subscribe|sorry to see)\b"),
        ),
    ),
    Label.AUTOMATED_DECISION: Words(
        must=(rule("does not say that a person will look", r"\ba person\b[^.]* will look\b"),),
        never=(
            rule("promises a reversal", r"\b(reverse|overturn|cancel)\w*\b"),
            rule(
                "confirms that it was automated", r"\b(was|were|is) (made )?(automat|by a computer)"
            ),
        ),
    ),
    Label.COMPLAINT: Words(must=_LOOKED_INTO),
    Label.REVIEW: Words(
        must=(*_LOOKED_INTO, rule("does not say who reviews", r"\bsomebody who did not make\b")),
        never=(rule("calls it final", r"\bfinal\b"),),
    ),
    Label.QUERY: Words(
        must=(rule("does not say when we aim to answer", r"\b(own target|as soon as we can)\b"),),
        never=(
            rule("takes the target for law", r"\b(statutory|legal limit|the law (says|sets))\b"),
        ),
    ),
    Label.BREACH: Words(
        must=(
            rule("does not say to leave it alone", r"\bdo not open, copy or forward it\b"),
            rule("does not say to keep it", r"\bkeep it until we contact you\b"),
        ),
        never=(
            rule("tells the regulator's hours", r"\b(72|seventy-two)\b"),
            rule("names a cause", r"\b(caused? by|because|due to)\b"),
            rule("confirms a breach", r"\bbreach\w*\b"),
        ),
    ),
}
