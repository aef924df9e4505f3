"""What to do about one message. Pure: values in, one value out; the first rule that fits decides.

Three questions, three answers: the message is always stored (the spool has it); a case opens
or grows for whatever a person may have meant; an answer goes out only where that is safe.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.message import Change, Machine, Message
from bot.unsubscribing import by_the_notice
from intents.reading import Facet, Reading
from store.case import Case, State
from store.casebook import Disposition, End
from store.law import Label
from store.recorded import Trust


@dataclass(frozen=True, slots=True)
class Repeat:
    """A second copy of a message that has its place already."""

    of: Disposition


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A delivery report: these letters of ours did not arrive."""

    case: Case
    letter_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileAway:
    """No case; it stays on the daily list, and a person can make a case of it."""

    end: End
    why: str


@dataclass(frozen=True, slots=True)
class JoinCase:
    """It belongs to a known case; `labels` are asked in it that were not asked before."""

    case: Case
    labels: tuple[Label, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case of its own. No labels: a person must sort it, and its clock runs meanwhile."""

    labels: tuple[Label, ...]
    unanswered: str = ""
    """Why the bot does not write to whoever sent it; empty when it does."""
    hold: str = ""
    """Why its acknowledgement waits for a person; empty when it goes."""
    agent: bool = False
    belongs_to: str = ""
    """A case that a person may want to join it to."""
    belongs_why: str = "the message carries its token"
    flags: tuple[str, ...] = ()


Decision = Repeat | Undelivered | FileAway | JoinCase | OpenCase


@dataclass(frozen=True, slots=True)
class Known:
    """What the casebook knows that bears on a message."""

    copies: Sequence[Disposition] = ()
    """Where earlier messages with the same key ended."""
    case: Case | None = None
    """The case whose token the message carries."""
    undelivered: tuple[str, ...] = ()
    """Ids of that case's letters which the message says did not arrive."""
    retyped: bool = False
    """Whether the token had one wrong character."""
    names_a_case: bool = False
    """Whether it names a reference, as a reply does whose program dropped the rest."""
    named: Case | None = None
    """The case of that reference, if there is one."""
    unsubscribing: bool = False
    """Whether it came to an address for unsubscribing."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the configuration says about deciding."""

    floor: float
    own_addresses: frozenset[str] = frozenset()
    """Ours, in lower case: what claims to come from them is not answered."""
    unsubscribe_addresses: frozenset[str] = frozenset()
    """In lower case: what comes there follows a rule of its own."""
    trusted_hosts: frozenset[str] = frozenset()
    """Whose Received stamps are believed."""


QUIET_MACHINES = {
    Machine.OURS: End.AUTOMATIC,
    Machine.ERASED: End.AUTOMATIC,
    Machine.AUTO_REPLY: End.AUTOMATIC,
    Machine.REPORT: End.AUTOMATIC,
    Machine.BOUNCE: End.BOUNCE,
}
"""Written by nobody: never a request, whatever words they quote."""

NOT_FOR_A_MACHINE = {
    Facet.REGULATOR: "a regulator wrote",
    Facet.POLICE_OR_COURT: "the police or a court wrote",
    Facet.SUPPLIER: "a supplier wrote",
    Facet.PROCESSOR_CUSTOMER: "a customer for whom we are the processor wrote",
    Facet.RESEARCHER: "a security researcher wrote",
    Facet.EXTORTION: "it reads like extortion",
    Facet.LIFE_AT_RISK: "it may speak of a threat to somebody's life",
}
"""Who is never answered by a machine."""

AUTHORITIES = (
    "ico.org.uk", "police.uk", "cjsm.net", "justice.gov.uk", "judiciary.uk", "judiciary.gov.uk",
    "cps.gov.uk", "scotcourts.gov.uk", "courtsni.gov.uk", "nationalcrimeagency.gov.uk",
    "parliament.uk",
)  # fmt: skip

NEW_IN_A_REPLY = frozenset(Label) - {Label.QUERY, Label.OTHER}
"""A question in a running correspondence is part of it; a new right or a complaint is not."""

RELAYED = "a colleague relayed it: nobody has confirmed how to reach the requester"
EDITED = "edited where it was relayed"
DELETED = "deleted where it was relayed"

NULL_PATHS = ("", "<>")
EVEN = 0.6  # of a machine's mail: an advertisement speaks of offers, and asks for nothing
RETYPED = "one character of our reply address was mistyped"
OTHER_CONTENT = "another message came with the same Message-ID and other content"


def decide(
    message: Message,
    reading: Reading,
    known: Known,
    rules: Rules,
    mail_from: str,
    unanswered: str = "",
) -> Decision:
    """Say what becomes of `message`. `mail_from` is the envelope's return path, empty for null.

    `unanswered` says why no letter may answer it, if that is settled already.
    """
    copy = next((c for c in known.copies if c.digest == message.digest), None)
    if copy is not None:
        return Repeat(copy)
    if message.relayed is not None:
        return relay(message, reading, known)
    if message.machine in QUIET_MACHINES:
        return quiet(message, known)
    labels = sure_labels(message, reading)
    own_case = OpenCase(
        by_the_notice(message, labels) if known.unsubscribing else labels,
        unanswered=unanswered or why_not_answer(message, reading, rules, mail_from),
        hold=why_hold(message),
        agent=Facet.AGENT in reading.facets,
        flags=flags_of(message, known),
    )
    if known.case is not None:
        return in_thread(message, reading, known.case, own_case, rules)
    idle = not own_case.labels and files_away(message, reading, rules)
    wanted = known.names_a_case or known.unsubscribing
    if idle and (message.machine is not None or not wanted):
        return FileAway(*end_of(message))
    return by_reference(message, own_case, known) if known.names_a_case else own_case


def relay(message: Message, reading: Reading, known: Known) -> Decision:
    """Decide about what a colleague passed on: chatter opens nothing, and nobody is written to."""
    assert message.relayed is not None
    if message.relayed.change is Change.DELETED:
        gone = FileAway(End.OTHER, "deleted where it was relayed")
        return JoinCase(known.case, flags=(DELETED,)) if known.case else gone
    labels = sure_labels(message, reading)
    flags = (*flags_of(message, known), *((EDITED,) if message.relayed.change else ()))
    at_risk = Facet.LIFE_AT_RISK in reading.facets
    if known.case is not None and known.case.state is not State.CLOSED and not at_risk:
        new = (label for label in labels if label in NEW_IN_A_REPLY - known.case.asked)
        return JoinCase(known.case, tuple(new), flags)
    if labels or at_risk or asks_something(message, reading):
        belongs_to = known.case.ref if known.case else ""
        return OpenCase(labels, unanswered=RELAYED, belongs_to=belongs_to, flags=flags)
    if known.case is not None:
        return JoinCase(known.case, flags=flags)
    return FileAway(End.OTHER, "nothing is asked that this desk answers")


def asks_something(message: Message, reading: Reading) -> bool:
    """Whether colleagues' words that ask nothing clear should still be looked at by a person."""
    return not likelier_nothing(reading) or bool(message.attachments and not message.text)


def quiet(message: Message, known: Known) -> Decision:
    assert message.machine is not None
    if known.case is not None and known.undelivered:
        return Undelivered(known.case, known.undelivered)
    if (
        known.case is not None
        and message.machine is Machine.AUTO_REPLY
        and wrote_in(message, known.case)
        and message.trust is not Trust.FAILED
    ):
        return JoinCase(known.case, flags=(f"automatic: {message.machine_why}",))
    return FileAway(QUIET_MACHINES[message.machine], message.machine_why)


def in_thread(
    message: Message, reading: Reading, case: Case, own_case: OpenCase, rules: Rules
) -> Decision:
    """Decide about a message that carries a case's token; `own_case` is what it would open."""
    if message.trust is Trust.FAILED:
        return replace(own_case, labels=(), belongs_to=case.ref)
    own_case = replace(own_case, belongs_to=case.ref)
    if not wrote_in(message, case):
        return replace(own_case, labels=(), unanswered="the token is another person's")
    if Facet.LIFE_AT_RISK in reading.facets:
        return own_case  # staff hear of a new case at once
    if case.state is State.CLOSED:
        idle = not own_case.labels and files_away(message, reading, rules)
        return JoinCase(case, flags=own_case.flags) if idle else own_case
    new = tuple(label for label in own_case.labels if label in NEW_IN_A_REPLY - case.asked)
    if new and own_case.unanswered:  # joined, it would be acknowledged
        return replace(own_case, labels=new)
    return JoinCase(case, new, own_case.flags)


def by_reference(message: Message, own_case: OpenCase, known: Known) -> Decision:
    """Decide about a message that names a reference: anybody can guess one, so a person joins them.

    Whoever names a case that is not theirs hears nothing, whether there is such a case or not.
    """
    case = known.named
    ref = case.ref if case else ""
    own_case = replace(own_case, belongs_to=ref, belongs_why="the message names it")
    if case is None or not wrote_in(message, case):
        why = "it names a reference that is not the writer's"
        return replace(own_case, labels=(), unanswered=own_case.unanswered or why)
    if NEW_IN_A_REPLY.intersection(own_case.labels) - case.asked:
        return own_case
    why = "it names a case of the same person and asks nothing new"
    return replace(own_case, unanswered=own_case.unanswered or why)


def flags_of(message: Message, known: Known) -> tuple[str, ...]:
    """Return what a person should know before reading the message."""
    flags = message.flags + message.doubts
    if known.retyped:
        flags += (RETYPED,)
    if known.copies:
        flags += (OTHER_CONTENT,)
    if message.machine is Machine.SPAM:
        flags += (message.machine_why,)
    return flags


def sure_labels(message: Message, reading: Reading) -> tuple[Label, ...]:
    """Return what is asked, or nothing when nobody should act on the reading."""
    if reading.unsure or reading.best is Label.OTHER:
        return ()
    if message.machine is not None and likelier_nothing(reading):
        return ()  # a newsletter's footer says "unsubscribe" too
    labels = tuple(label for label in reading.labels if label is not Label.OTHER)
    if Label.BREACH in labels and Facet.OWN_DATA in reading.facets:
        return tuple(dict.fromkeys((*labels, Label.COMPLAINT)))  # it is theirs to complain of
    return labels


def likelier_nothing(reading: Reading) -> bool:
    """Whether it may well be that nothing is asked, or that is likelier than that anything is."""
    return reading.scores[Label.OTHER] >= min(EVEN, reading.scores[reading.best])


def files_away(message: Message, reading: Reading, rules: Rules) -> bool:
    """Whether a message in which nothing clear is asked may be left without a case."""
    if message.machine is Machine.SPAM:
        return True
    if message.machine is Machine.BULK and likelier_nothing(reading):
        return True
    if Facet.LIFE_AT_RISK in reading.facets:
        return False
    # A flag says that something was not read, and nobody knows what is asked there.
    return reading.other_is_clear(rules.floor) and not message.flags


def end_of(message: Message) -> tuple[End, str]:
    if message.machine is Machine.SPAM:
        return End.SPAM, message.machine_why
    if message.machine is Machine.BULK:
        return End.AUTOMATIC, message.machine_why
    return End.OTHER, "nothing is asked that this desk answers"


def why_not_answer(message: Message, reading: Reading, rules: Rules, mail_from: str) -> str:
    """Return why no machine may answer this message, or an empty text when one may."""
    if message.machine not in {None, Machine.SPAM}:  # a filter errs; what plainly asks is answered
        return f"a machine seems to have written it: {message.machine_why}"
    if message.sender is None:
        return "the message does not say plainly who wrote it"
    if mail_from.strip() in NULL_PATHS:
        return "the return path is empty"
    if without_detail(message.sender.address.lower()) in rules.own_addresses:
        return "it claims to come from our own address"
    domain = message.sender.address.rpartition("@")[2]
    if any(domain == name or domain.endswith(f".{name}") for name in AUTHORITIES):
        return "an authority wrote"
    return next((why for facet, why in NOT_FOR_A_MACHINE.items() if facet in reading.facets), "")


def why_hold(message: Message) -> str:
    """Return why an acknowledgement waits for a person, or an empty text when it may go."""
    failed = message.trust is Trust.FAILED
    return "the sender failed authentication: perhaps somebody else wrote it" if failed else ""


def without_detail(address: str) -> str:
    """Return the address that `local+detail@domain` belongs to (RFC 5233)."""
    local, at, domain = address.rpartition("@")
    return local.partition("+")[0] + at + domain


def wrote_in(message: Message, case: Case) -> bool:
    """Whether a known participant of the case wrote the message."""
    return message.sender is not None and message.sender.address.lower() in case.participants
