"""The rules for acknowledgements in Welsh: the same as in English, sought in the words of that language.

The reasons stay English: they are for whoever looks after the templates.
"""

from typing import Final

from replies.rules.words import TEMPLATE_MARKS, Rules, Words, rule
from store.law import Label

_PAPERS: Final = rule(
    "demands identity papers",
    r"\b(p|b|ph)asbort\w*\b",
    r"\b(t|d|th)rwydded\w* yrru\b",
    r"\b(cerdyn|dogfen|papur)\w* adnabod\b",
    r"\b(prawf o bwy|tystysgrif geni|bil cyfleustod\w*)\b",
)
_EVERY_LETTER: Final = Words(
    must=(
        rule("does not offer large print", r"\bprint bras\b"),
        rule("does not offer another language", r"\biaith arall\b"),
        rule("does not offer the phone", r"\bffôn\b"),
        rule("does not speak of the regulator", r"\brheoleiddiwr\b"),
    ),
    never=(
        rule("speaks of a password", r"\b(c|ch|g|ngh)yfrin(air|eiriau)\b", r"\bpin\b"),
        rule(
            "admits or blames",
            r"\b(ein|eich) (bai|camgymeriad|esgeulustod)\b",
            r"\b(atebol|atebolrwydd|esgeulus)\b",
            r"\b(rydym|roeddem) (ni )?(ar fai|yn cyfaddef|wedi methu)\b",
            r"\bdylech fod wedi\b",
        ),
        rule(
            "holds the person back from the regulator",
            r"\bcyn (ichi |i chi )?(gysylltu|cysylltu|fynd|mynd|gwyno|cwyno|droi)\b[^.]*\brheoleiddiwr\b",
            r"\b(cwynwch|dewch|ysgrifennwch) (wrthym|atom) yn gyntaf\b",
        ),
        rule(
            "tells special-category detail",
            r"\b(h?iechyd|meddygol|salwch|h?anabl\w*|ch?refydd\w*|ethnig\w*|hil|rhywiol\w*|undeb llafur)\b",
            r"\b(gwleidydd\w*|biometr\w*|genet\w*|troseddol\w*)\b",
        ),
        rule("quotes the message", r"(^|\s)>", r"\b(ysgrifenasoch|dywedasoch):"),
        rule("is officialese", r"\b(drwy hyn|uchod a enwyd|yn unol â darpariaethau)\b"),
        TEMPLATE_MARKS,
    ),
)
_ACKNOWLEDGEMENT: Final = Words(
    must=(
        rule("does not say what we understood", r"\brydym yn darllen eich neges\b"),
        rule("does not ask to be told of a misreading", r"\brhowch wybod\b[^.]*\bcamddeall\b"),
        rule("does not say what happens next", r"\bnesaf\b"),
    ),
    never=(
        _PAPERS,
        rule(
            "confirms that data is held",
            r"\brydym yn (dal|cadw|storio|prosesu)\b",
            r"\bmae gennym (ddata|wybodaeth|gofnod\w*) amdanoch\b",
        ),
        rule(
            "counts days where the law counts a month",
            r"\b(30|tri deg)( o)? ?(diwrnod|ddiwrnodau)\b",
        ),
    ),
)
_UNSURE: Final = Words(
    must=(rule("does not say that it will be looked into", r"\bedrych arni\b"),),
    never=(
        rule(
            "names a right",
            r"\b([mf]ynediad|(c|ch|g)(opi|ywiro|yfyngu)|dd?ileu|g?wrthwyneb\w*)\b",
            r"\b([mf]archnata|(c|ch)wyn|gŵyn|awtomataidd)\b",
        ),
        rule("asks for a form", r"\bffurflen\w*\b"),
        rule("speaks of a pause", r"\b(saib|oedi'r cloc|cloc)\b"),
    ),
)
_UNSURE_RIGHT: Final = Words(
    must=(rule("does not leave the right open", r"\bos ydych yn arfer hawl dros eich data\b"),),
)
_AGENT: Final = Words(
    must=(
        rule("does not say what shows authority", r"\bwedi'i lofnodi gan\b"),
        rule("does not say where it stands", r"\by sefyllfa ar hyn o bryd\b"),
    ),
    never=(
        rule(
            "says that the person is known to us",
            r"\b(mae|roedd)\b[^.]*\byn (gwsmer|hysbys inni|denant)\b",
            r"\brydym yn adnabod\b",
        ),
    ),
)
_LOOKED_INTO: Final = (
    rule("does not say that it was received", r"\brydym wedi derbyn y (gŵyn|cais)\b"),
    rule("does not say that it will be looked into", r"\bbyddwn yn ymchwilio\b"),
    rule("does not say how progress will be told", r"\bcynnydd\b"),
)
_IS_DONE: Final = "says that it is done"

WELSH: Final = Rules(
    every_letter=_EVERY_LETTER,
    by_kind={},
    acknowledgement=_ACKNOWLEDGEMENT,
    unsure=_UNSURE,
    unsure_right=_UNSURE_RIGHT,
    agent=_AGENT,
    by_label={
        Label.ACCESS: Words(
            never=(
                rule("asks for scope", r"\bpa (ddata|wybodaeth|gofnodion|systemau|gyfnod)\b"),
                rule("promises contents", r"\bbyddwn yn (anfon|rhoi|darparu)\b"),
            ),
        ),
        Label.RECTIFICATION: Words(never=(rule(_IS_DONE, r"\bwedi('i|'u)? [cg]ywiro\b"),)),
        Label.ERASURE: Words(
            never=(
                rule(_IS_DONE, r"\bwedi('i|'u)? dd?ileu\b"),
                rule("lists exemptions", r"\b(eithriad\w*|hawliadau cyfreithiol)\b"),
            ),
        ),
        Label.RESTRICTION: Words(
            never=(rule(_IS_DONE, r"\bwedi('i|'u)? ([cg]yfyngu|rh?wystro|[bf]locio)\b"),)
        ),
        Label.PORTABILITY: Words(
            never=(
                rule("promises a format", r"\b(fformat|csv|json|xml)\b"),
                rule("argues that the right is narrow", r"\b(cul|dim ond yn berthnasol)\b"),
            ),
        ),
        Label.OBJECTION: Words(
            never=(
                rule(_IS_DONE, r"\bwedi('i|'u)? (stopio|atal|hatal|rhoi'r gorau)\b"),
                rule("demands reasons", r"\b(rheswm|rhesymau|sail|pam rydych)\b"),
                rule("talks of balancing", r"\b(cydbwys\w*|buddiannau cyfreithlon|cymhellol)\b"),
            ),
        ),
        Label.UNSUBSCRIBE: Words(
            must=(
                rule("does not say that it is recorded", r"\bwedi cofnodi hyn\b"),
                rule("does not say what it covers", r"\bymwneud â marchnata uniongyrchol\b"),
                rule("does not say that a short delay is possible", r"\boedi byr\b"),
            ),
            never=(
                # An agent's other requests run one month from the day that authority is shown.
                rule("takes a month", r"\bmis(oedd)?\b(?! i'r diwrnod hwnnw)"),
                rule(
                    "says that all has stopped", r"\b(wedi (stopio|peidio)|dim mwy o farchnata)\b"
                ),
                rule("markets", r"\b(cylchlythyr\w*|cynnig arbennig|cynigion|tanysgrif\w*)\b"),
            ),
        ),
        Label.AUTOMATED_DECISION: Words(
            must=(
                rule("does not say that a person will look", r"\bbydd person\b[^.]* yn edrych\b"),
            ),
            never=(
                rule("promises a reversal", r"\b(gwrthdroi|dirymu|newid y penderfyniad)\b"),
                rule(
                    "confirms that it was automated",
                    r"\b(cafodd|gwnaed) [^.]*(awtomat|gan gyfrifiadur)",
                ),
            ),
        ),
        Label.COMPLAINT: Words(must=_LOOKED_INTO),
        Label.REVIEW: Words(
            must=(*_LOOKED_INTO, rule("does not say who reviews", r"\brhywun na wnaeth\b")),
            never=(rule("calls it final", r"\b[td]erfynol\b"),),
        ),
        Label.QUERY: Words(
            must=(
                rule(
                    "does not say when we aim to answer",
                    r"\b(ein targed ein hunain|cyn gynted ag y gallwn)\b",
                ),
            ),
            never=(rule("takes the target for law", r"\b(statudol|y gyfraith yn)\b"),),
        ),
        Label.BREACH: Words(
            must=(
                rule(
                    "does not say to leave it alone",
                    r"\bpeidiwch â'i agor, ei gopïo na'i anfon ymlaen\b",
                ),
                rule("does not say to keep it", r"\bcadwch ef nes inni gysylltu â chi\b"),
            ),
            never=(
                rule("tells the regulator's hours", r"\b72\b"),
                rule("names a cause", r"\b(oherwydd|achoswyd|o ganlyniad i)\b"),
                rule("confirms a breach", r"\b(t|d|th)oriad\w*\b"),
            ),
        ),
    },
    at_the_latest="heb oedi diangen, ac erbyn {} fan bellaf",
)
"""Acknowledgements alone are written in Welsh: any other kind falls back to English and its rules."""
