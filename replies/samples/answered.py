"""Sample letters that answer: done, disclosed, found on a complaint, and what follows after."""

from datetime import date
from typing import Final

from replies.facts import (
    AccessResponse,
    BreachNotice,
    BreachReport,
    ComplaintOutcome,
    Fulfilled,
    Issue,
    Letter,
    MarketingStopped,
    PartialDisclosure,
    RestrictionLift,
    ReviewOutcome,
    Survey,
)
from replies.samples.setting import CONTROLLER, DUE, LATER, ON_CASE, REF
from store.events import Outcome
from store.law import Label

DONE_ON: Final = date(2026, 12, 17)
NOBODY: Final = "We had given it to nobody else."
DELIVERY: Final = "You can fetch it by a link that we send you. It works for fourteen days."
ISSUES: Final = (
    Issue(
        about="Nobody answered for six weeks",
        finding=Outcome.UPHELD,
        reasons="Two of the messages lay unread in a mailbox that we had closed.",
        action="That mailbox now passes everything on to us.",
    ),
    Issue(
        about="The answer left out the calls",
        finding=Outcome.PARTLY_UPHELD,
        reasons="There were two calls, and one of them was recorded.",
        action="The record of that call is enclosed.",
    ),
    Issue(
        about="An address was passed to a partner",
        finding=Outcome.NOT_UPHELD,
        reasons="We looked through all that we sent to partners this year. It is not there.",
        action="There is nothing to put right.",
    ),
)
ACCESS: Final = AccessResponse(
    **ON_CASE,
    enclosed=("your orders since 2019;", "the messages between you and us."),
    delivery=DELIVERY,
    purposes="To deliver what you order, and to answer your questions.",
    categories="Your name, your address, what you ordered, and what you wrote to us.",
    recipients="The firm that delivers our parcels, and our accountants.",
    retention="Orders for six years after the year they were made. Messages for two years.",
    source="All of it came from you.",
    automated_decisions="We make none about you.",
    transfers="None. It all stays in this country.",
    withheld="Some messages name other people. We have left out their names, to protect them.",
)
DONE: Final = {
    Label.RECTIFICATION: "Your address is now the one that you gave us.",
    Label.ERASURE: "We erased your orders, your messages and your entry in our address book.",
    Label.RESTRICTION: "We marked the data, and nobody uses it until we have looked into it.",
    Label.PORTABILITY: "We made a file of your orders, which you can fetch by a link we send you.",
    Label.OBJECTION: "We took you out of the group whose orders we study.",
    Label.AUTOMATED_DECISION: "Somebody looked at your application again and has accepted it.",
}


def _fulfilled(label: Label) -> Fulfilled:
    return Fulfilled(
        **ON_CASE,
        label=label,
        done_on=DONE_ON,
        done=DONE[label],
        recipients="We told the firm that delivers our parcels.",
        reasons="Your income had been entered wrongly." if "automated" in label else "",
        on_block_list=label in {Label.ERASURE, Label.OBJECTION},
    )


ANSWERED: Final[dict[str, Letter]] = {
    **{f"fulfilled_{label}": _fulfilled(label) for label in DONE},
    "fulfilled_alone": Fulfilled(
        **ON_CASE, label=Label.PORTABILITY, done_on=DONE_ON, done=DONE[Label.PORTABILITY]
    ),
    "access_response": ACCESS,
    "partial_disclosure": PartialDisclosure(
        **ON_CASE,
        enclosed=ACCESS.enclosed,
        delivery=DELIVERY,
        to_follow="The recordings of your calls.",
        due_on=DUE,
    ),
    "marketing_stopped": MarketingStopped(**ON_CASE, done_on=DONE_ON, systems_left=0),
    "restriction_lift": RestrictionLift(
        **ON_CASE, lifted_on=LATER, reasons="We have checked the data, and it is right."
    ),
    "complaint_outcome": ComplaintOutcome(
        **ON_CASE,
        issues=ISSUES,
        apology="We are sorry that you had to wait, and that you had to ask twice.",
    ),
    "review_outcome": ReviewOutcome(
        **ON_CASE,
        decided_on=date(2026, 10, 30),
        decided_by="Sam Okoro",
        reviewed_by="Jo Marsh",
        issues=ISSUES[2:],
    ),
    "breach_report": BreachReport(
        **ON_CASE,
        done="We have looked into it, and we have spoken to the person it was meant for.",
        to_do="Please delete the letter now, and tell us when you have done so.",
    ),
    "breach_notice": BreachNotice(
        ref=REF,
        controller=CONTROLLER,
        nature="A list of orders was sent to the wrong firm. Your name and address were on it.",
        consequences="Somebody could write to you and pretend to be us.",
        measures="The firm has deleted the list and has told us so in writing.",
        advice="Do not open a link in a message that you did not expect. Ring us if you are unsure.",
        happened_on=DONE_ON,
    ),
    "breach_notice_undated": BreachNotice(
        ref=REF,
        controller=CONTROLLER,
        nature="A laptop is missing. Your name and address are on it.",
        consequences="Somebody could write to you and pretend to be us.",
        measures="The laptop has been locked from afar.",
        advice="Ring us if a message from us looks odd.",
    ),
    "survey": Survey(
        **ON_CASE,
        labels=(Label.ACCESS,),
        outcomes=(Outcome.FULFILLED,),
        url="https://www.vitrifi.net/privacy/survey",
    ),
}
