"""The rules for what people write into a letter: narrower than for our own words, because they say real things.

An apology is no admission (Compensation Act 2006 s.2), and neither is a complaint that is upheld: no rule looks for one.
"""

from typing import Final

from replies.rules.words import Words, rule

_SIGN_IN = r"(pass ?(words?|codes?|phrases?)|pin)"
_DETAIL = (
    r"(health|medical|illness|disease|disab\w+|religio\w+|ethnic\w*|racial|sexual\w*|sex life"
    r"|trade union|politic\w*|biometric\w*|genetic\w*|criminal\w*|pregnan\w+)"
)

BY_PEOPLE: Final = Words(
    never=(
        rule(
            "asks for a password",
            rf"\b(send|tell|give|enter|type|share|provide|confirm|need|want|reply with)\b[^.]*\byour\b[^.]*\b{_SIGN_IN}\b",
            rf"\bwhat is your\b[^.]*\b{_SIGN_IN}\b",
        ),
        rule(
            "admits liability",
            r"\b(our|the company's) (own )?(fault|negligence)\b",
            r"\b(admit|accept|acknowledge)\w* (that )?(\w+ ){0,3}(liab\w+|negligen\w+|at fault|blame)\b",
            r"\b(are|were|was|is) (\w+ )?(liable|negligent|at fault|to blame)\b",
        ),
        rule(
            "blames the person",
            r"\byour (own )?(fault|negligence|carelessness)\b",
            r"\byou (should|ought to) (not )?have\b(?! ((now|already) )?(received|got|had|an?|the|it|our|your|this)\b)",
            r"\byou (failed|neglected)\b",
        ),
        rule(
            "tells special-category detail",
            rf"\b(your|his|her|their) (\w+ ){{0,2}}{_DETAIL}\b",
            r"\b(diagnos\w+|hiv)\b",
        ),
        rule(
            "holds the person back from the regulator",
            r"\bbefore (you )?(contact|go|going|turn|writ|complain|approach)\w*\b[^.]*\b(regulator|ico)\b",
        ),
    ),
)

NO_DATE: Final = rule(
    "fixes a date while we wait",
    r"\b\d{1,2}(st|nd|rd|th)? (january|february|march|april|may|june|july|august|september)\b",
    r"\b\d{1,2}(st|nd|rd|th)? (october|november|december)\b",
    r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b",
    r"\b\d{4}-\d\d-\d\d\b",
)
"""While identity or authority is outstanding there is no date to tell."""

ASKS_WHY: Final = rule("asks why they want it", r"\bwhy (do |are )?you (want|need|ask\w*)\b")

OUR_WORKLOAD: Final = rule(
    "speaks of our own workload, which is no ground",
    r"\b(backlogs?|workloads?|annual leave|staff (shortages?|absences?|holidays?|leave))\b",
    r"\b(short|under).?staffed\b",
    r"\b(are|were|been|very) busy\b",
    r"\b(other (people|requesters)|requests from others)\b",
)
"""UK GDPR Art. 12A(3): the complexity or the number of that person's requests, and nothing else."""

PAPERS: Final = rule(
    "demands identity papers",
    r"\bpassports?\b",
    r"\bdriving licen[cs]e",
    r"\bidentity (card|document|paper)",
    r"\bproof of (identity|address|who)\b",
    r"\b(photo id|utility bill|birth certificate)",
)

KNOWN_TO_US: Final = rule(
    "says that the person is known to us",
    r"\b(is|are|was|were) (already )?(known to us|(our|a) (customer|client|tenant|employee))\b",
    r"\btheir (account|record|file)s?\b",
    r"(?<!whether )\bwe know (them|him|her|this person)\b",
)
