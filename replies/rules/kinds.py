"""The rules for every letter, and for each kind that is written by a person or on their order.

An apology is no admission (Compensation Act 2006 s.2), so no rule looks for one.
"""

from collections.abc import Mapping
from typing import Final

from replies.rules.people import KNOWN_TO_US, PAPERS
from replies.rules.words import TEMPLATE_MARKS, Rule, Words, rule

EVERY_LETTER: Final = Words(
    must=(
        rule("does not offer large print", r"\blarge print\b"),
        rule("does not offer another language", r"\banother language\b"),
        rule("does not offer the phone", r"\bphone\b"),
        rule("does not speak of the regulator", r"\bregulator\b"),
    ),
    never=(
        rule("speaks of a password", r"\bpass ?(word|code|phrase)s?\b", r"\bpin\b"),
        rule(
            "admits or blames",
            r"\b(our|your) (own )?(fault|mistake|error|failure|negligence)\b",
            r"\bliab(le|ility)\b",
            r"\bwe (failed|admit|were wrong|were at fault|breached|broke)\b",
            r"\byou should (not )?have\b",
        ),
        rule(
            "holds the person back from the regulator",
            r"\bbefore (you )?(contact|go|going|turn|writ|complain|approach)\w*\b[^.]*\b(regulator|ico)\b",
            r"\b(complain|come|write|talk|speak|turn) to us first\b",
            r"\bregulator\b[^.]*\b(only (after|once|when)|unless|until)\b",
        ),
        rule(
            "tells special-category detail",
            r"\b(health|medical|illness|disab\w+|religio\w+|ethnic\w*|racial|sexual\w*|trade union)\b",
            r"\b(politic\w*|biometric\w*|genetic\w*|criminal\w*)\b",
        ),
        rule("quotes the message", r"(^|\s)>", r"\byou (wrote|said):", r"\bwrote:"),
        rule(
            "is officialese",
            r"\bplease be advised\b",
            r"\b(hereby|herewith|pursuant|aforementioned)\b",
        ),
        TEMPLATE_MARKS,
    ),
)

ROUTES: Final = (
    rule("does not give the route to the controller", r"\bcomplain to us\b"),
    rule("does not give the route to the regulator", r"\bcomplain to the regulator\b"),
    rule("does not give the route to a court", r"\b(go to|ask) (a )?court\b"),
)
"""UK GDPR Art. 12(4): any refusal to act names all three."""

_STANDS_STILL: Final = rule(
    "does not say that our time stands still", r"\b(time|clock)\b[^.]*\bstands still\b"
)
_A_MONTH: Final = rule(
    "does not say when the month begins", r"\bone month from (that|the) day\b[^.]*\bat the latest\b"
)
_WHY: Final = rule("does not say why", r"\bwhy\b")
_FINAL: Final = rule("calls it final", r"\bfinal\b")
_A_REGULATOR_ANY_TIME: Final = rule(
    "does not say that the regulator is open to them", r"\bcomplain to the regulator\b"
)


_TELLS_WHAT_WAS_ASKED: Final = rule(
    "tells what was asked",
    r"\b(requests?|complain(t|ts|ed)|erase\w*|delet\w*|correct\w*|object\w*|unsubscrib\w*)\b",
)
"""Whoever it reaches may never have heard of the message."""


def _refusal(*more: Rule) -> Words:
    return Words(must=(*ROUTES, _WHY, *more))


BY_KIND: Final[Mapping[str, Words]] = {
    "access_response": Words(
        must=(
            *ROUTES,
            rule("does not confirm that data is held", r"\bwe hold personal data about you\b"),
            rule("does not tell what is enclosed", r"\bthe copy\b"),
            rule("does not tell the purposes", r"\bwhy we use it\b"),
            rule("does not tell the categories", r"\bkinds of data\b"),
            rule("does not tell the recipients", r"\bwho receives it\b"),
            rule("does not tell how long it is kept", r"\bhow long we keep it\b"),
            rule("does not tell the source", r"\bwhere we got it\b"),
            rule("does not tell of decisions by computer", r"\bdecisions made by computer\b"),
            rule("does not tell of transfers abroad", r"\boutside the uk\b"),
            rule("does not tell the right to correct", r"\bcorrect\b"),
            rule("does not tell the right to erase", r"\berase\b"),
            rule("does not tell the right to restrict", r"\blimit how\b"),
            rule("does not tell the right to object", r"\bobject\b"),
        ),
    ),
    "apology_late": Words(
        must=(rule("does not apologise", r"\b(sorry|apologise)\b"), _A_REGULATOR_ANY_TIME)
    ),
    "ask_authority": Words(
        must=(
            rule("does not say what shows authority", r"\b(signed by|authority)\b"),
            rule("does not say where it stands", r"\bwhere it stands\b"),
            _A_MONTH,
        ),
        never=(KNOWN_TO_US,),
    ),
    "ask_clarification": Words(
        must=(
            _WHY,
            _STANDS_STILL,
            rule("does not say what is dealt with already", r"\bmeanwhile\b"),
        ),
        never=(PAPERS,),
    ),
    "ask_identity": Words(
        must=(
            _WHY,
            rule("does not say that one check is enough", r"\bany one of these is enough\b"),
            _A_MONTH,
        ),
        never=(PAPERS,),
    ),
    "breach_notice": Words(
        must=(
            rule("does not tell the likely consequences", r"\bwhat this may mean\b"),
            rule("does not tell the measures", r"\bwhat we (have done|are doing)\b"),
            rule("does not tell what the person can do", r"\bwhat you can do\b"),
        ),
    ),
    "breach_report": Words(
        must=(rule("does not say what to do with it", r"\bwhat we ask you to do\b"),),
        never=(rule("confirms a breach", r"\bbreach\w*\b"),),
    ),
    "check_back": Words(
        must=(
            rule("does not ask whether they wrote", r"\bdid you write to us\b"),
            rule("does not say what follows if they did not", r"\bif you did not\b"),
        ),
        never=(
            KNOWN_TO_US,
            PAPERS,
            _TELLS_WHAT_WAS_ASKED,
        ),
    ),
    "clock_restarted": Words(
        must=(rule("does not say that it has come", r"\bwe received it on\b"),)
    ),
    "complaint_outcome": Words(
        must=(
            _A_REGULATOR_ANY_TIME,
            rule("does not offer a review", r"\blook at it again\b"),
            rule("does not tell the finding", r"\b(uphold|upheld)\b"),
        ),
        never=(_FINAL,),
    ),
    "correction_of_date": Words(must=(rule("does not say which date was wrong", r"\bwrong\b"),)),
    "duplicate": Words(
        must=(rule("does not say that it is dealt with already", r"\balready\b"),),
    ),
    "extension": Words(
        must=(
            _WHY,
            rule("does not tell the ground", r"\b(complex|number of requests)\b"),
            _A_REGULATOR_ANY_TIME,
        ),
    ),
    "fulfilled": Words(must=(rule("does not say what was done", r"\bwhat we did\b"),)),
    "marketing_stopped": Words(
        must=(
            rule("does not say that it is done", r"\bstopped\b"),
            rule("does not say what it covers", r"\bdirect marketing\b"),
            rule("does not say that the block stays", r"\blist\b"),
        ),
        never=(rule("markets", r"\b(newsletters?|special offers?|subscribe|sorry to see)\b"),),
    ),
    "no_data_held": Words(
        must=(*ROUTES, rule("does not say that nothing was found", r"\bfound none\b")),
    ),
    "partial_disclosure": Words(
        must=(
            rule("does not tell what is enclosed", r"\bthe copy\b"),
            rule("does not tell what follows", r"\bstill to come\b"),
        ),
    ),
    "partly_refused": _refusal(
        rule("does not say what was done", r"\bwhat we did\b"),
        rule("does not say what was not done", r"\bwhat we did not do\b"),
    ),
    "passed_on": _refusal(rule("does not say that it was passed on", r"\bpassed\b")),
    "pause_started": Words(must=(_STANDS_STILL,)),
    "progress_note": Words(
        must=(
            rule("does not tell what was done", r"\bdone so far\b"),
            rule("does not tell what is next", r"\bnext\b"),
        ),
    ),
    "refusal": _refusal(rule("does not say that we do not act", r"\bnot (act|do)\w*\b")),
    "reply": Words(),
    "restriction_lift": Words(
        must=(_WHY, rule("does not invite an objection", r"\btell us\b[^.]*\bobject\b")),
    ),
    "review_outcome": Words(
        must=(
            *ROUTES,
            rule("does not say who reviewed", r"\bsomebody who did not make\b"),
            rule("does not tell the finding", r"\b(uphold|upheld)\b"),
        ),
        never=(_FINAL,),
    ),
    "survey": Words(
        must=(rule("does not say that it is voluntary", r"\bup to you\b"),),
        never=(rule("markets", r"\b(newsletters?|special offers?|prizes?|vouchers?)\b"),),
    ),
}
"""By the name of the kind; what all letters have in common is said once, above."""
