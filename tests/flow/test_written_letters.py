"""Letters that staff write: the case tells what it knows, a person the rest, and nothing is sent that may not be."""

from email.message import EmailMessage
from typing import Any, ClassVar

import pytest

from bot.control import own_login
from bot.filling import MEANS
from bot.known import names
from bot.letters import AT_ONCE, EFFECTS
from bot.office import CommandError
from bot.writing_desk import OWN_COMMANDS
from replies.facts import KINDS
from store.case import LetterStatus
from store.law import Label
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, BOTH, COMPLAINT, mail

ERASURE = "Please delete all the personal data you have about me."
UNSUBSCRIBE = "Please unsubscribe me from your newsletter and send me no more marketing."
REPORT = (
    "You sent me another customer's contract. Her name, bank details and signature are in the "
    "attachment, so I think it went to the wrong person."
)
DISCLOSED: dict[str, Any] = {
    "enclosed": ["your orders;", "your messages."],
    "delivery": "You can fetch it by a link that we send you.",
    "purposes": "To deliver what you order.",
    "categories": "Your name and your orders.",
    "recipients": "The firm that delivers our parcels.",
    "retention": "Six years.",
    "source": "It all came from you.",
    "automated_decisions": "We make none about you.",
    "transfers": "None.",
}
FOUND = [{"about": "A call", "finding": "upheld", "reasons": "It was made.", "action": "It stops."}]
LETTERS: list[tuple[str, str, dict[str, Any], str]] = [
    (ACCESS, "access_response", DISCLOSED, "The firm that delivers our parcels."),
    (
        ACCESS,
        "partial_disclosure",
        {"enclosed": "your orders", "delivery": "By a link.", "to_follow": "The calls."},
        "by Tuesday 29 December 2026 at the latest",
    ),
    (
        ERASURE,
        "fulfilled",
        {"done": "All.", "done_on": "2026-11-27", "recipients": "Nobody."},
        "All.",
    ),
    (ACCESS, "refusal", {"ground": "exempt", "reasons": "A law forbids it."}, "A law forbids it."),
    (
        ERASURE,
        "partly_refused",
        {
            "done": "Most went.",
            "done_on": "2026-11-27",
            "refused": "The orders stay.",
            "reasons": "A law.",
            "recipients": "Nobody.",
        },
        "The orders stay.",
    ),
    (ACCESS, "no_data_held", {"searched": "Our orders and our messages."}, "found none"),
    (
        ACCESS,
        "passed_on",
        {
            "handed_on": "2026-11-27",
            "other_name": "Acme Homes",
            "other_contact": "privacy@homes.example",
            "reasons": "They decide.",
        },
        "privacy@homes.example",
    ),
    (COMPLAINT, "progress_note", {"done": "We read it.", "to_do": "We ask."}, "We read it."),
    (COMPLAINT, "complaint_outcome", {"issues": FOUND}, "It stops."),
    (UNSUBSCRIBE, "marketing_stopped", {"done_on": "2026-11-27"}, "stopped"),
    (
        ACCESS,
        "correction_of_date",
        {"told_on": "2027-03-01"},
        "by Tuesday 29 December 2026 at the latest",
    ),
    (REPORT, "breach_report", {"done": "We looked.", "to_do": "Delete it now."}, "Delete it now."),
    (
        ACCESS,
        "breach_notice",
        {
            "nature": "A list went astray.",
            "consequences": "Odd mail.",
            "measures": "It is back.",
            "advice": "Take care.",
        },
        "A list went astray.",
    ),
]


def text(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    assert plain is not None
    return " ".join(plain.get_content().split())


def number_of(bot: Bot, kind: str) -> list[int]:
    """The request that a letter is about, where its mail asks several things."""
    labels = {"fulfilled": Label.ERASURE, "partly_refused": Label.ERASURE}
    wanted = labels.get(kind)
    return [r.number for r in bot.only_case.requests if r.label is wanted]


async def send_out(bot: Bot) -> EmailMessage:
    """Release the last letter if it is a draft, wait out its undo window, and return it as it arrived."""
    case = bot.only_case
    letter = case.letters[-1]
    if letter.status is LetterStatus.DRAFT:
        await bot.ask("release", ref=case.ref, letter=letter.owed.letter_id)
        bot.clock.turn(minutes=11)
        await bot.ask("cases")
    await bot.settled()
    return bot.sink.letters[-1]


@pytest.mark.parametrize(
    ("asked", "kind", "facts", "said"), LETTERS, ids=[k for _, k, _, _ in LETTERS]
)
@pytest.mark.slow
async def test_a_letter_is_written_in_the_thread_and_goes_as_its_kind_may(
    bot: Bot, asked: str, kind: str, facts: dict[str, Any], said: str
):
    await bot.send(mail(asked))
    ref = bot.only_case.ref
    await bot.ask("write", ref=ref, kind=kind, facts=facts, requests=number_of(bot, kind))
    letter = bot.only_case.letters[-1]
    assert letter.owed.by == own_login()
    assert (letter.status is LetterStatus.DRAFT) is (kind not in AT_ONCE)
    arrived = await send_out(bot)
    assert said in text(arrived)
    assert f"our reference {ref}" in str(arrived["Subject"])
    assert bot.sink.letters[0]["Message-ID"] in arrived["References"]


async def test_what_is_missing_is_named_each_in_a_sentence(bot: Bot):
    await bot.send(mail(ACCESS))
    with pytest.raises(CommandError) as refused:
        await bot.ask("write", ref=bot.only_case.ref, kind="refusal", facts={"ground": "exempt"})
    assert str(refused.value) == "the letter needs reasons: why, in words for the requester"
    with pytest.raises(CommandError) as refused:
        await bot.ask("write", ref=bot.only_case.ref, kind="access_response")
    assert len(str(refused.value).splitlines()) == len(DISCLOSED)
    assert len(bot.only_case.letters) == 1


@pytest.mark.parametrize(
    ("asked", "kind", "facts", "sentence"),
    [
        (ACCESS, "love", {}, "there is no letter 'love'"),
        (ACCESS, "extension", {"reasons": "?"}, "`extend` writes this letter"),
        (ACCESS, "ask_identity", {}, "`ask` writes this letter"),
        (ACCESS, "refusal", {"ground": "weather", "reasons": "?"}, "ground: Input should be"),
        (ACCESS, "refusal", {"ground": "upheld", "reasons": "?"}, "no ground of a refusal"),
        (ACCESS, "refusal", {"colour": "red"}, "a refusal letter has no colour"),
        (ACCESS, "refusal", {"ref": "DP-1"}, "ref comes from the case itself"),
        (ACCESS, "partial_disclosure", {"due_on": "2027-01-01"}, "comes from the case itself"),
        (ACCESS, "fulfilled", {"done": "x", "done_on": "soon"}, "done_on: Input should be"),
        (ACCESS, "fulfilled", {"done": "x", "done_on": "2026-12-01"}, "answer of its own kind"),
        (ACCESS, "complaint_outcome", {"issues": FOUND}, "nothing is asked in"),
        (ACCESS, "apology_late", {"due_on": "2027-01-08", "reasons": "?"}, "is not late"),
        (ACCESS, "clock_restarted", {}, "nothing that .* waited for has come"),
        (ACCESS, "pause_started", {}, "no question has stopped the clock"),
        (ACCESS, "duplicate", {"first_ref": "DP-1999-000001"}, "there is no case"),
        (ACCESS, "survey", {"url": "https://acme.example/survey"}, "is not closed"),
        (ACCESS, "acknowledgement", {"due_on": "2027-01-01"}, "and nothing else"),
        (UNSUBSCRIBE, "marketing_stopped", {"systems_left": 2}, "comes from the case itself"),
        (COMPLAINT, "complaint_outcome", {"issues": [{"about": "x"}]}, "issues: Field required"),
        (ACCESS, "refusal", {"ground": "exempt", "reasons": "It is your own fault."}, "blames"),
    ],
    ids=str,
)
async def test_what_may_not_be_written_is_refused_with_a_sentence(
    bot: Bot, asked: str, kind: str, facts: dict[str, Any], sentence: str
):
    await bot.send(mail(asked))
    before = bot.only_case
    with pytest.raises(CommandError, match=sentence):
        await bot.ask("write", ref=before.ref, kind=kind, facts=facts)
    assert bot.only_case == before


async def test_of_several_requests_the_letter_names_which(bot: Bot):
    await bot.send(mail(BOTH))
    case = bot.only_case
    facts = {"ground": "exempt", "reasons": "A law forbids it."}
    with pytest.raises(CommandError, match="name what is meant by --request"):
        await bot.ask("write", ref=case.ref, kind="refusal", facts=facts)
    every = [request.number for request in case.requests]
    await bot.ask("write", ref=case.ref, kind="refusal", facts=facts, requests=every)
    assert bot.only_case.letters[-1].owed.requests == tuple(every)


async def test_nothing_is_told_of_data_while_we_do_not_know_who_asks(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    asked = {"wanted": "identity", "reasons": "It is a new address.", "checks": ["Ring us."]}
    await bot.ask("ask", ref=ref, **asked)
    await bot.settled()
    for kind, facts in (("no_data_held", {"searched": "All."}), ("access_response", DISCLOSED)):
        with pytest.raises(CommandError, match="still waits for identity"):
            await bot.ask("write", ref=ref, kind=kind, facts=facts)
    with pytest.raises(CommandError, match="no date that could be told now"):
        await bot.ask("write", ref=ref, kind="correction_of_date", facts={"told_on": "2027-03-01"})


async def test_the_restart_tells_what_came_and_the_new_date(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    bot.clock.turn(days=4)
    asked = {"wanted": "identity", "reasons": "It is a new address.", "checks": ["Ring us."]}
    await bot.ask("ask", ref=ref, **asked)
    await bot.settled()
    bot.clock.turn(days=8)
    await bot.ask("supplied", ref=ref, wanted="identity", how="by a call back")
    await bot.ask("write", ref=ref, kind="clock_restarted")
    await bot.settled()
    said = text(bot.sink.letters[-1])
    assert "Wednesday 9 December 2026" in said
    assert "by Monday 11 January 2027 at the latest" in said


async def test_a_pause_that_began_by_phone_is_told_by_letter(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    question = {"wanted": "clarification", "question": "Which of the accounts?", "medium": "phone"}
    await bot.ask("ask", ref=ref, **question)
    await bot.ask("write", ref=ref, kind="pause_started")
    await bot.settled()
    said = text(bot.sink.letters[-1])
    assert "Which of the accounts?" in said
    assert "Friday 27 November 2026" in said


async def test_lateness_is_apologised_for_with_the_new_date(bot: Bot):
    await bot.send(mail(ACCESS))
    bot.clock.turn(days=35)
    facts = {"due_on": "2027-01-08", "reasons": "The search took longer."}
    await bot.ask("write", ref=bot.only_case.ref, kind="apology_late", facts=facts)
    said = text(await send_out(bot))
    assert "was due by Tuesday 29 December 2026" in said
    assert "by Friday 8 January 2027 at the latest" in said


async def test_a_duplicate_takes_its_date_from_the_first_case(bot: Bot):
    await bot.send(mail(COMPLAINT))
    bot.clock.turn(days=3)
    await bot.send(mail(f"{COMPLAINT} Nobody called me back."))
    first, second = bot.cases
    with pytest.raises(CommandError, match="needs first_ref"):
        await bot.ask("write", ref=second.ref, kind="duplicate")
    await bot.ask("write", ref=second.ref, kind="duplicate", facts={"first_ref": first.ref})
    await bot.settled()
    said = text(bot.sink.letters[-1])
    assert first.ref in said
    assert "Friday 27 November 2026" in said


async def test_a_review_tells_who_did_not_decide_before(start: Start):
    staff = [
        {"name": "Sam", "login": "sam", "roles": ["lead"]},
        {"name": "Us", "login": own_login(), "roles": ["lead"]},
    ]
    async with start(staff=staff) as bot:
        await bot.send(mail(COMPLAINT))
        ref = bot.only_case.ref
        await bot.ask("close", ref=ref, outcome="not_upheld", finding="nothing found")
        await bot.ask("review", ref=ref, request=1)
        review = next(case.ref for case in bot.cases if Label.REVIEW in case.asked)
        with pytest.raises(CommandError, match="somebody who did not make the decision"):
            await bot.ask("write", ref=review, kind="review_outcome", facts={"issues": FOUND})


@pytest.mark.parametrize(
    ("effect", "asked", "kind", "facts"),
    [
        ("disclosure", ACCESS, "access_response", DISCLOSED),
        ("refusal", ACCESS, "no_data_held", {"searched": "Our orders."}),
        ("outcome", COMPLAINT, "complaint_outcome", {"issues": FOUND}),
    ],
)
async def test_a_letter_can_need_a_second_person(
    start: Start, effect: str, asked: str, kind: str, facts: dict[str, Any]
):
    staff = [{"name": "Us", "login": own_login(), "roles": ["lead"]}]
    async with start(staff=staff, policy={"four_eyes": [effect]}) as bot:
        await bot.send(mail(asked))
        ref = bot.only_case.ref
        await bot.ask("write", ref=ref, kind=kind, facts=facts)
        with pytest.raises(CommandError, match="somebody else must send it"):
            await bot.ask("release", ref=ref, letter=bot.only_case.letters[-1].owed.letter_id)


class TestSurvey:
    URL: ClassVar = {"url": "https://acme.example/survey"}

    @pytest.mark.parametrize(
        ("asked", "outcome", "sentence"),
        [
            (
                "I object to your use of my data for your own interests.",
                "fulfilled",
                "not surveyed",
            ),
            (COMPLAINT, "upheld", "not surveyed"),
            (UNSUBSCRIBE, "fulfilled", "not surveyed"),
            (REPORT, "fulfilled", "not surveyed"),
            (ACCESS, "exempt", "got what they asked for"),
            (ACCESS, "partly", "got what they asked for"),
        ],
        ids=["objector", "complainant", "unsubscriber", "breach reporter", "refused", "in part"],
    )
    async def test_is_not_for(self, bot: Bot, asked: str, outcome: str, sentence: str):
        await bot.send(mail(asked))
        case = bot.only_case
        for request in case.requests:
            await bot.ask("close", ref=case.ref, outcome=outcome, request=request.number)
        with pytest.raises(CommandError, match=sentence):
            await bot.ask("write", ref=case.ref, kind="survey", facts=self.URL)

    async def test_goes_once(self, bot: Bot):
        await bot.send(mail(ACCESS))
        ref = bot.only_case.ref
        await bot.ask("close", ref=ref, outcome="fulfilled")
        await bot.ask("write", ref=ref, kind="survey", facts=self.URL)
        await bot.settled()
        assert "https://acme.example/survey" in text(bot.sink.letters[-1])
        with pytest.raises(CommandError, match="has its survey already"):
            await bot.ask("write", ref=ref, kind="survey", facts=self.URL)

    async def test_is_not_for_somebody_who_complains_in_another_case(self, bot: Bot):
        await bot.send(mail(ACCESS), mail(COMPLAINT, sender="ANN@mail.example"))
        ref = bot.cases[0].ref
        await bot.ask("close", ref=ref, outcome="fulfilled")
        with pytest.raises(CommandError, match="not surveyed"):
            await bot.ask("write", ref=ref, kind="survey", facts=self.URL)


class TestPreview:
    async def test_shows_a_cases_own_facts_and_marks_what_is_missing(self, bot: Bot):
        await bot.send(mail(ACCESS))
        before = bot.only_case
        facts = {"ground": "exempt"}
        (shown,) = await bot.ask("sketch", ref=before.ref, kind="refusal", facts=facts)
        assert shown["missing"] == {"reasons": MEANS["reasons"]}
        assert before.ref in shown["subject"]
        assert "Friday 27 November 2026" in " ".join(shown["text"].split())
        assert "[reasons: to be written]" in shown["text"]
        assert bot.only_case == before
        assert len(bot.sink.letters) == 1

    @pytest.mark.parametrize("kind", sorted(KINDS))
    async def test_of_every_kind_is_a_letter_or_a_sentence_that_says_why_not(
        self, bot: Bot, kind: str
    ):
        await bot.send(mail(f"{ACCESS}\n\n{COMPLAINT}"))
        case = bot.only_case
        access = next(r.number for r in case.requests if r.label is Label.ACCESS)
        if kind in CANNOT:
            with pytest.raises(CommandError, match=CANNOT[kind]):
                await bot.ask("sketch", ref=case.ref, kind=kind, requests=[access])
            return
        (shown,) = await bot.ask("sketch", ref=case.ref, kind=kind, requests=[access])
        assert case.ref in shown["text"]

    async def test_is_of_the_letter_that_would_be_written(self, bot: Bot):
        await bot.send(mail(ACCESS))
        ref = bot.only_case.ref
        facts = {"ground": "exempt", "reasons": "A law forbids it."}
        (shown,) = await bot.ask("sketch", ref=ref, kind="refusal", facts=facts)
        await bot.ask("write", ref=ref, kind="refusal", facts=facts)
        owed = bot.only_case.letters[-1].owed
        assert (owed.subject, owed.text, owed.html) == (
            shown["subject"],
            shown["text"],
            shown["html"],
        )
        assert owed.version == shown["version"]


CANNOT = {
    "apology_late": "is not late",
    "breach_report": "does not answer access",
    "clock_restarted": "nothing that .* waited for",
    "complaint_outcome": "does not answer access",
    "fulfilled": "an answer of its own kind",
    "marketing_stopped": "does not answer access",
    "partly_refused": "says what is withheld",
    "pause_started": "no question has stopped",
    "progress_note": "does not answer access",
    "restriction_lift": "does not answer access",
    "review_outcome": "does not answer access",
    "survey": "is not closed",
}
"""What may not be written about an open access request that waits for nothing and is not late."""


async def test_the_list_of_letters_tells_what_became_of_each(bot: Bot):
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    facts = {"ground": "exempt", "reasons": "A law forbids it."}
    await bot.ask("write", ref=ref, kind="refusal", facts=facts)
    draft = bot.only_case.letters[-1].owed.letter_id
    await bot.ask("release", ref=ref, letter=draft)
    await bot.ask("take_back", ref=ref, letter=draft)
    bot.sink.replies = ["550 no such person"]
    await bot.ask("reply", ref=ref, text="Hello.")
    await bot.settled()
    sent, taken_back, refused = await bot.ask("letters", ref=ref)
    assert sent["went_at"].startswith("2026-11-27")
    assert (sent["to"], sent["by"], len(sent["version"])) == ("ann@mail.example", "bot", 16)
    assert [step["what"] for step in taken_back["became"]] == ["released", "failed"]
    assert taken_back["became"][-1]["why"] == "taken back"
    assert taken_back["became"][-1]["by"] == own_login()
    assert (refused["status"], refused["went_at"]) == ("failed", None)
    assert "550" in refused["became"][-1]["why"]
    (one,) = await bot.ask("letters", ref=ref, letter=sent["id"])
    assert one["text"] == bot.only_case.letters[0].owed.text
    assert one["html"] == bot.only_case.letters[0].owed.html


def test_every_kind_goes_at_once_or_is_a_draft_with_a_known_effect():
    effects = frozenset().union(*EFFECTS.values())
    assert effects | AT_ONCE <= set(KINDS)
    assert not effects & AT_ONCE
    assert set(KINDS) - effects - AT_ONCE == {
        "apology_late",
        "correction_of_date",
        "restriction_lift",
    }
    assert set(OWN_COMMANDS) <= set(KINDS)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"acknowledgement"}))
def test_every_fact_that_a_person_is_asked_for_is_explained(kind: str):
    own = {
        "ref",
        "received_on",
        "controller",
        "agent",
        "label",
        "labels",
        "outcomes",
        "systems_left",
    }
    dates = {"first_due_on", "first_received_on", "asked_on", "decided_on", "restarted_on"}
    people = {"awaited", "decided_by", "reviewed_by"}
    assert names(kind) - own - dates - people <= set(MEANS)
