"""Plain phrases that ask for something, as data: one line per phrase, `a|b` for words that may stand for each other.

With `a|` a word may be left out.

They vote beside what was learned: the plainest wording is the rarest in a corpus where every voice is somebody's own.
"""

from collections.abc import Iterator
from itertools import product

from store.law import Label

ASKS: dict[Label, str] = {
    Label.ACCESS: """
        subject access request|requests
        access request
        right of|to access
        copy|copies of my|all|any|the|everything personal|data|information|file|records
        copy|copies of everything
        copy|copies of all the|my|personal
        copy|copies of my|the medical|personnel|call|notes|record
        what|which data|information|details|records you|do hold|have|keep|store
        what|which personal data|information
        what you hold|have|keep|know|store on|about me|him|her|us
        everything you hold|have|keep|know
        all the data|information|personal you|data|information
        all personal data|information
        data|information you hold|have|keep|store on|about me|him|her|us
        hold|have|held about|on me
        article 15
    """,
    Label.RECTIFICATION: """
        correct|update|amend|change|rectify|fix my|the|her|his|our name|surname|address|details|email|phone|date|record|records|postcode
        name|surname|address|birth|email|number|postcode is|are wrong|incorrect|misspelt|misspelled|outdated
        wrong|incorrect|old name|surname|address|email|date|postcode|details
        right to|of rectification
        article 16
    """,
    Label.ERASURE: """
        delete|erase|remove|wipe|destroy|purge my|all|any|the personal|data|information|details|account|profile|records|photos|my
        deleting|erasing|removing|deleted|erased|removed my|all|the personal|data|information|details|account|profile
        delete|erase|wipe|destroy|purge me|everything
        account|data|details|profile|information|records deleted|erased|removed|wiped|destroyed
        data|account|details|profile|information to be deleted|erased|removed|wiped|destroyed
        right to be forgotten
        right to|of erasure
        erasure request
        request erasure|deletion
        deletion of my|all|the
        article 17
    """,
    Label.RESTRICTION: """
        restrict|restricting processing|the|my|use
        restriction of processing|my|use
        stop using|processing but|while|until
        right to|of restriction
        right to restrict
        article 18
        put a hold
        on hold until|while|pending
        freeze my|the|all
    """,
    Label.PORTABILITY: """
        machine readable
        machine-readable
        data portability
        right to|of portability
        portability request
        in|as|a csv|json|xml
        transfer|move|export my|all|the data|information|history|records|readings
        article 20
    """,
    Label.OBJECTION: """
        i|we object to
        i|we oppose
        right to object
        withdraw|revoke|withdrawing my|the consent
        opt|opting out of
        not|don't sell|share my
        stop sharing|profiling|tracking|selling|analysing|processing
        article 21
    """,
    Label.UNSUBSCRIBE: """
        unsubscribe me|us|please|this|my|from
        please unsubscribe
        opt me out
        take|remove|get me|us|my|this off|from|email|number|address your|the|this|from
        off your|the|this mailing|email|marketing|list|mail|distribution
        stop emailing|texting|calling|sending|mailing|spamming me|us
        stop the|these|your|all emails|texts|newsletters|newsletter|marketing|calls|promotional
        no more emails|texts|newsletters|marketing|offers|calls|catalogues|promotional
        marketing|promotional emails|texts|messages|calls|mail
        mailing list
    """,
    Label.AUTOMATED_DECISION: """
        automated decision|decisions|decision-making|process|refusal
        human review|intervention
        reviewed|looked|checked|considered|decided by|at a|by human|person|a
        made|decided|refused|rejected|declined by|automatically a|an|by computer|algorithm|machine|system
        by a|an computer|algorithm|machine|robot
        automatically rejected|declined|refused
        article 22
    """,
    Label.COMPLAINT: """
        i|we wish|want|would to|like complain|to
        make|making|raise|lodge|file formal|a complaint|formal|data
        formal complaint
        complain|complaint|complaining about|to how|the|ico|information|your
        report|reporting you|this|it to the
        no response|reply
        information commissioner
    """,
    Label.REVIEW: """
        internal review
        reconsider your|the|this decision|refusal|response
        review your|the|this|of decision|refusal|response|redactions|the|your
        appeal against|the|this|your decision|refusal|the
        disagree with your|the decision|refusal|response
        not satisfied|happy with your|the response|reply|answer|decision
    """,
    Label.QUERY: """
        how long do|are|will|is
        do you share|sell|use|keep|store|record|have
        who is your|the data|dpo
        data protection officer
        privacy policy|notice
        legal|lawful basis
        retention period|policy|schedule
        what is your|the policy|retention
    """,
    Label.BREACH: """
        data breach
        wrong|another|different person|recipient|customer|customer's|patient's
        someone|somebody else's
        in error
        by mistake
        lost|stolen|missing laptop|phone|usb|file|files|device|folder
        been hacked|leaked|compromised|exposed
        not meant|intended for me
        meant for someone|somebody|another
    """,
}

# A message of no more words than BARE says it all when one of them is among these.
BARE = 3
BARE_WORDS: dict[str, Label] = {
    "sar": Label.ACCESS,
    "dsar": Label.ACCESS,
    "delete": Label.ERASURE,
    "erase": Label.ERASURE,
    "unsubscribe": Label.UNSUBSCRIBE,
    "unsub": Label.UNSUBSCRIBE,
    "stop": Label.UNSUBSCRIBE,
}

# With one of these among the REACH words before it, a phrase does not ask.
REACH = 3
NEGATIONS = frozenset(
    ["not", "never", "don't", "dont", "no", "without", "isn't", "aren't", "wasn't", "nor"]
)


def spelt_out(lines: str) -> Iterator[str]:
    """Spell out every wording of the phrases."""
    for line in lines.strip().splitlines():
        for words in product(*(word.split("|") for word in line.split())):
            yield " ".join(filter(None, words))
