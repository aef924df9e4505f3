"""The rules of the words: what each kind of acknowledgement must contain, and what it never may.

They read a letter in lower case and on one line; what must not be said is sought outside the controller's own name and
address. An apology is no admission (Compensation Act 2006 s.2), so no rule looks for one.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from store.law import Label


class Rule(NamedTuple):
    """A pattern, and what is wrong with a letter that lacks it, or has it."""

    reason: str
    pattern: re.Pattern[str]


class Words(NamedTuple):
    """What must be in a letter, and what never may be."""

    must: tuple[Rule, ...] = ()
    never: tuple[Rule, ...] = ()


def _rule(reason: str, *patterns: str) -> Rule:
    return Rule(reason, re.compile("|".join(patterns)))


EVERY_LETTER: Final = Words(
    must=(
        _rule(
            "does not say what we understood",
            r"\bwe (read|understand|understood|took) your message\b",
        ),
        _rule(
            "does not ask to be told of a misreading",
            r"\b(tell|let) us\b[^.]*\b(misread|misunderst|wrong)",
        ),
        _rule("does not say what happens next", r"\bnext\b"),
        _rule("does not offer large print", r"\blarge print\b"),
        _rule("does not offer another language", r"\banother language\b"),
        _rule("does not offer the phone", r"\bphone\b"),
        _rule("does not speak of the regulator", r"\bregulator\b"),
    ),
    never=(
        _rule("speaks of a password", r"\bpass ?(word|code|phrase)s?\b", r"\bpin\b"),
        _rule(
            "demands identity papers",
            r"\bpassports?\b",
            r"\bdriving licen[cs]e",
            r"\bidentity (card|document|paper)",
            r"\bproof of (identity|address|who)\b",
            r"\b(photo id|utility bill|birth certificate)",
        ),
        _rule(
            "confirms that data is held",
            r"\bwe (do |already |currently )?(hold|keep|store|process|found|have found)\b",
            r"\bwe have (your|some)( personal)? (data|information|records?|accounts?|files?)\b",
            r"\byour (account|record|file|profile)s? with us\b",
        ),
        _rule(
            "admits or blames",
            r"\b(our|your) (own )?(fault|mistake|error|failure|negligence)\b",
            r"\bliab(le|ility)\b",
            r"\bwe (failed|admit|were wrong|were at fault|breached|broke)\b",
            r"\byou should (not )?have\b",
        ),
        _rule(
            "holds the person back from the regulator",
            r"\bbefore (you )?(contact|go|going|turn|writ|complain|approach)\w*\b[^.]*\b(regulator|ico)\b",
            r"\b(complain|come|write|talk|speak|turn) to us first\b",
            r"\bregulator\b[^.]*\b(only (after|once|when)|unless|until)\b",
        ),
        _rule(
            "tells special-category detail",
            r"\b(health|medical|illness|disab\w+|religio\w+|ethnic\w*|racial|sexual\w*|trade union)\b",
            r"\b(politic\w*|biometric\w*|genetic\w*|criminal\w*)\b",
        ),
        _rule("quotes the message", r"(^|\s)>", r"\byou (wrote|said):", r"\bwrote:"),
        _rule("counts days where the law counts a month", r"\b(30|thirty)[ -]days?\b"),
        _rule(
            "is officialese",
            r"\bplease be advised\b",
            r"\b(hereby|herewith|pursuant|aforementioned)\b",
        ),
        _rule("shows a mark of the template", r"(^|\s)#{1,3}(\s|$)", r"\{[{%]"),
    ),
)

UNSURE: Final = Words(
    must=(_rule("does not say that it will be looked into", r"\blook into it\b"),),
    never=(
        _rule(
            "names a right",
            r"\b(access|copy|rectif\w+|correct\w*|eras\w+|delet\w+|restrict\w*|portab\w+|object\w*)\b",
            r"\b(unsubscribe\w*|marketing|complaint|automated)\b",
        ),
        _rule("asks for a form", r"\bforms?\b"),
        _rule("speaks of a pause", r"\bpaus\w+", r"\b(on hold|clock|until you)\b"),
    ),
)

UNSURE_RIGHT: Final = Words(
    must=(
        _rule("does not leave the right open", r"\bif you are exercising a right over your data\b"),
    ),
)

AGENT: Final = Words(
    must=(
        _rule("does not say what shows authority", r"\b(signed by|authority)\b"),
        _rule("does not say where it stands", r"\bwhere it stands\b"),
    ),
    never=(
        _rule(
            "says that the person is known to us",
            r"\b(is|are|was|were) (already )?(known to us|(our|a) (customer|client|tenant|employee))\b",
            r"\btheir (account|record|file)s?\b",
            r"(?<!whether )\bwe know (them|him|her|this person)\b",
        ),
    ),
)

_LOOKED_INTO: Final = (
    _rule(
        "does not say that it was received", r"\bwe have received (the|your) (complaint|request)\b"
    ),
    _rule("does not say that it will be looked into", r"\bwe will look into it\b"),
    _rule("does not say how progress will be told", r"\bprogress\b"),
)

BY_LABEL: Final[Mapping[Label, Words]] = {
    Label.ACCESS: Words(
        never=(
            _rule(
                "asks for scope", r"\b(which|what) (data|information|records?|systems?|period)\b"
            ),
            _rule("promises contents", r"\bwe will (send|give|provide)\b"),
        ),
    ),
    Label.RECTIFICATION: Words(never=(_rule("says that it is done", r"\b(corrected|updated)\b"),)),
    Label.ERASURE: Words(
        never=(
            _rule("says that it is done", r"\b(deleted|erased|removed)\b"),
            _rule("lists exemptions", r"\b(exempt\w*|exceptions?|legal claims?)\b"),
        ),
    ),
    Label.RESTRICTION: Words(never=(_rule("says that it is done", r"\b(restricted|blocked)\b"),)),
    Label.PORTABILITY: Words(
        never=(
            _rule("promises a format", r"\b(format|machine.readable|csv|json|xml)\b"),
            _rule("argues that the right is narrow", r"\b(narrow|only applies|applies only)\b"),
        ),
    ),
    Label.OBJECTION: Words(
        never=(
            _rule("says that it is done", r"\bstopped\b"),
            _rule("demands reasons", r"\b(reasons?|grounds|why you)\b"),
            _rule(
                "talks of balancing", r"\b(balanc\w+|overrid\w+|compelling|legitimate interests?)\b"
            ),
        ),
    ),
    Label.UNSUBSCRIBE: Words(
        must=(
            _rule("does not say that it is recorded", r"\brecorded it\b"),
            _rule("does not say what it covers", r"\bcovers direct marketing\b"),
            _rule("does not say that a short delay is possible", r"\bshort delay\b"),
        ),
        never=(
            # An agent's other requests run one month from the day that authority is shown.
            _rule("takes a month", r"\bmonths?\b(?! from that day)"),
            _rule("says that all has stopped", r"\b(stopped|no more marketing|will not receive)\b"),
            _rule("markets", r"\b(newsletters?|special offers?|subscribe|sorry to see)\b"),
        ),
    ),
    Label.AUTOMATED_DECISION: Words(
        must=(_rule("does not say that a person will look", r"\ba person\b[^.]* will look\b"),),
        never=(
            _rule("promises a reversal", r"\b(reverse|overturn|cancel)\w*\b"),
            _rule(
                "confirms that it was automated", r"\b(was|were|is) (made )?(automat|by a computer)"
            ),
        ),
    ),
    Label.COMPLAINT: Words(must=_LOOKED_INTO),
    Label.REVIEW: Words(
        must=(*_LOOKED_INTO, _rule("does not say who reviews", r"\bsomebody who did not make\b")),
        never=(_rule("calls it final", r"\bfinal\b"),),
    ),
    Label.QUERY: Words(
        must=(_rule("does not say when we aim to answer", r"\b(own target|as soon as we can)\b"),),
        never=(
            _rule("takes the target for law", r"\b(statutory|legal limit|the law (says|sets))\b"),
        ),
    ),
    Label.BREACH: Words(
        must=(
            _rule("does not say to leave it alone", r"\bdo not open, copy or forward it\b"),
            _rule("does not say to keep it", r"\bkeep it until we contact you\b"),
        ),
        never=(
            _rule("tells the regulator's hours", r"\b(72|seventy-two)\b"),
            _rule("names a cause", r"\b(caused? by|because|due to)\b"),
            _rule("confirms a breach", r"\bbreach\w*\b"),
        ),
    ),
}
