"""At an address for unsubscribing a rule decides that people were told of."""

from dataclasses import replace

import pytest

from bot.message import Attachment, Machine
from bot.triage import Decision, FileAway, Known, OpenCase
from intents.reading import Reading
from store.law import Label
from tests.unit.test_triage import ACCESS, MESSAGE, NOTHING, decided, reading

THERE = Known(unsubscribing=True)
READ_SO = reading(Label.UNSUBSCRIBE)
PLAIN = replace(MESSAGE, subject="Hello", text="See below.")


def written(subject: str, text: str, read: Reading = NOTHING) -> Decision:
    return decided(replace(MESSAGE, subject=subject, text=text), read, THERE)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("UNSUBSCRIBE", "UNSUBSCRIBE"),
        ("Re: unsubscribe me pls", "thanks"),
        ("unsubscribe", ""),
        ("Hello", "Please un-subscribe this address."),
        ("Re: Spring offers", "I want to opt out."),
        ("Re: Spring offers", "Take me off your list"),
        ("", "stop sending me these"),
        ("", "Stop all the emails, please"),
        ("", ""),
        ("Re: Spring offers", " \n"),
        ("How do I unsubscribe?", "See above"),
    ],
)
@pytest.mark.parametrize("read", [NOTHING, READ_SO])
def test_whoever_says_so_or_says_nothing_is_unsubscribed(subject: str, text: str, read: Reading):
    assert written(subject, text, read) == OpenCase((Label.UNSUBSCRIBE,))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("How do I subscribe?", ""),
        ("How do I subscribe?", "I would like your newsletter."),
        ("Hello", "How do I subscribe?"),
        ("Your shop", "When do you open?"),
        ("Re: Offers", "Lovely!\n\n> To unsubscribe, click here"),
    ],
)
@pytest.mark.parametrize("read", [NOTHING, READ_SO])
def test_whoever_says_something_else_goes_to_a_person(subject: str, text: str, read: Reading):
    assert written(subject, text, read) == OpenCase(())


def test_what_else_is_asked_is_asked_too():
    both = OpenCase((Label.UNSUBSCRIBE, Label.ACCESS))
    assert written("unsubscribe", "and send me my data", ACCESS) == both
    assert written("My data", "send me my data", ACCESS) == OpenCase((Label.ACCESS,))


def test_a_file_without_words_says_something():
    file = replace(PLAIN, text="", attachments=(Attachment("a.pdf", "application/pdf", 9),))
    assert decided(file, NOTHING, THERE) == OpenCase(())


def test_a_mail_program_that_unsubscribes_by_itself_does():
    robot = replace(PLAIN, machine=Machine.BULK, machine_why="why", subject="Unsubscribe")
    decision = decided(robot, NOTHING, THERE)
    assert isinstance(decision, OpenCase)
    assert decision.labels == (Label.UNSUBSCRIBE,)


def test_a_newsletter_there_does_not():
    robot = replace(PLAIN, machine=Machine.BULK, machine_why="why", text="To unsubscribe, click")
    assert isinstance(decided(robot, NOTHING, THERE), FileAway)


def test_elsewhere_the_reading_decides():
    assert isinstance(decided(replace(MESSAGE, subject="unsubscribe"), NOTHING), FileAway)
