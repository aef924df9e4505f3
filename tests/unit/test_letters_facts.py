"""What may not be said cannot be put together: a letter's facts refuse it, and say why."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from replies.facts import Awaited, Controller, Letter, Survey
from replies.facts.acknowledging import Asked
from replies.facts.others import SURVEYED
from replies.facts.refusing import REFUSED
from replies.facts.signed import Owed
from replies.samples import SAMPLES
from replies.samples.setting import CONTROLLER, DUE, LATER, RECEIVED
from store.events import Outcome
from store.law import Label

BEFORE = RECEIVED - timedelta(days=1)
UNDATED = (Label.UNSUBSCRIBE, Label.COMPLAINT, Label.REVIEW, Label.QUERY, Label.BREACH, Label.OTHER)


def owed(facts: Letter) -> list[str]:
    """The fields that may not be blank."""
    return [
        field.name
        for field in fields(facts)
        if isinstance(facts, Owed)
        and not field.name.startswith("_")
        and isinstance(getattr(facts, field.name), str | tuple)
        and field.default is field.default_factory
        and field.name != "label"
    ]


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, facts in SAMPLES.items() for field in owed(facts)]
)
def test_no_letter_lacks_what_it_owes(name: str, field: str):
    facts: Any = SAMPLES[name]
    blank = () if isinstance(getattr(facts, field), tuple) else " \n"
    with pytest.raises(ValueError, match=f"needs {field}|is no (ground|finding)"):
        replace(facts, **{field: blank})


class TestAcknowledgements:
    @pytest.mark.parametrize(
        ("things", "why"),
        [
            ((), "says what was asked"),
            ((Asked(Label.OTHER),), "never acknowledged by machine"),
            ((Asked(Label.ACCESS),), "it is missing"),
            ((Asked(Label.COMPLAINT, DUE),), "no statutory date"),
            ((Asked(Label.UNSUBSCRIBE, DUE),), "no statutory date"),
            ((Asked(Label.ACCESS, DUE, target_on=DUE),), "own target"),
        ],
    )
    def test_what_may_not_be_said_is_refused(self, things: tuple[Asked, ...], why: str):
        with pytest.raises(ValueError, match=why):
            changed("acknowledgement_access", asked=things)

    def test_unsure_without_any_date_is_refused(self):
        with pytest.raises(ValueError, match="needs the date"):
            changed("acknowledgement_access", asked=(Asked(Label.COMPLAINT),), unsure=True)

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"label": Label.OTHER, "due_on": None}, "no first case"),
            ({"due_on": None}, "a date is told where the law gives one"),
            ({"label": Label.COMPLAINT}, "a date is told where the law gives one"),
            ({"first_received_on": LATER}, "before its repetition"),
        ],
    )
    def test_a_duplicate_keeps_the_first_date(self, change: dict[str, Any], why: str):
        with pytest.raises(ValueError, match=why):
            changed("duplicate", **change)


class TestQuestions:
    @pytest.mark.parametrize("label", UNDATED)
    def test_nobody_shows_who_they_are_to_stop_marketing_or_to_complain(self, label: Label):
        with pytest.raises(ValueError, match="nobody has to show who they are"):
            changed("ask_identity", labels=(Label.ACCESS, label))

    @pytest.mark.parametrize("field", ["reasons", "checks"])
    @pytest.mark.parametrize(
        "said", ["Send it by 29 December.", "We need it by 29/12/2026.", "Due 2026-12-29."]
    )
    def test_no_date_is_fixed_while_identity_is_awaited(self, field: str, said: str):
        with pytest.raises(ValueError, match="fixes a date while we wait"):
            changed("ask_identity", **{field: (said,) if field == "checks" else said})

    def test_papers_are_never_the_only_way(self):
        papers = ("send a copy of your passport", "send a copy of your Driving\nLicence")
        with pytest.raises(ValueError, match="a check without papers"):
            changed("ask_identity", checks=papers)
        assert changed("ask_identity", checks=(*papers, "tell us a time to call you"))

    @pytest.mark.parametrize("name", ["ask_clarification", "pause_started"])
    @pytest.mark.parametrize("label", [Label.ERASURE, Label.COMPLAINT])
    def test_a_question_stops_the_clock_of_access_alone(self, name: str, label: Label):
        with pytest.raises(ValueError, match="an access request alone"):
            changed(name, label=label)

    @pytest.mark.parametrize("field", ["question", "reasons", "meanwhile"])
    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ("Tell us why you want it.", "why they want it"),
            ("Answer by 1 May.", "fixes a date"),
            ("Send us proof of address.", "identity papers"),
        ],
    )
    def test_a_question_is_about_what_is_sought(self, field: str, said: str, why: str):
        with pytest.raises(ValueError, match=why):
            changed("ask_clarification", **{field: said})

    def test_a_pause_begins_after_receipt_and_asks_for_no_reasons(self):
        with pytest.raises(ValueError, match="after the request was received"):
            changed("pause_started", asked_on=BEFORE)
        with pytest.raises(ValueError, match="why they want it"):
            changed("pause_started", question="Why are you asking?")

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ("She is a customer.", "known to us"),
            ("Their account is closed.", "known to us"),
            ("We answer by 3 March.", "fixes a date"),
        ],
    )
    def test_an_agent_is_told_nothing_about_the_person(self, said: str, why: str):
        with pytest.raises(ValueError, match=why):
            changed("ask_authority", note=said)


class TestDates:
    @pytest.mark.parametrize(
        "said",
        [
            "We have a backlog.",
            "Two of us are on annual leave.",
            "We are under-staffed.",
            "We have been busy.",
            "Other people asked first.",
        ],
    )
    def test_no_extension_is_for_our_own_workload(self, said: str):
        with pytest.raises(ValueError, match="our own workload"):
            changed("extension", reasons=said)

    @pytest.mark.parametrize("label", UNDATED)
    @pytest.mark.parametrize(
        "name", ["extension", "apology_late", "correction_of_date", "clock_restarted_identity"]
    )
    def test_only_a_right_has_a_date_of_law(self, name: str, label: Label):
        with pytest.raises(ValueError, match=f"{label}: "):
            changed(name, labels=(label,))

    @pytest.mark.parametrize("name", ["extension", "apology_late"])
    def test_a_new_date_comes_after_the_old(self, name: str):
        with pytest.raises(ValueError, match="after"):
            changed(name, first_due_on=LATER, due_on=LATER)

    def test_a_correction_tells_another_date(self):
        with pytest.raises(ValueError, match="another date"):
            changed("correction_of_date", told_on=DUE)

    def test_a_restart_comes_before_its_date(self):
        with pytest.raises(ValueError, match="after the restart"):
            changed("clock_restarted_fee", restarted_on=LATER)

    def test_an_answer_moves_the_date_of_access_alone(self):
        with pytest.raises(ValueError, match="access request alone"):
            changed("clock_restarted_clarification", labels=(Label.ACCESS, Label.ERASURE))
        assert changed("clock_restarted_identity", labels=(Label.ACCESS, Label.ERASURE))
        assert Awaited.CLARIFICATION in Awaited

    def test_progress_is_told_on_what_is_looked_into(self):
        with pytest.raises(ValueError, match="on a complaint or a review"):
            changed("progress_note", label=Label.ACCESS)


class TestRefusals:
    @pytest.mark.parametrize("name", ["refusal_exempt", "partly_refused", "no_data_held"])
    @pytest.mark.parametrize("label", UNDATED)
    def test_marketing_and_complaints_are_never_refused(self, name: str, label: Label):
        field = {"labels": (label,)} if name == "refusal_exempt" else {"label": label}
        with pytest.raises(ValueError, match=f"{label}: "):
            changed(name, **field)

    @pytest.mark.parametrize("ground", set(Outcome) - REFUSED)
    def test_a_refusal_rests_on_a_ground(self, ground: Outcome):
        with pytest.raises(ValueError, match="is no ground of a refusal"):
            changed("refusal_exempt", ground=ground)

    def test_an_agent_who_showed_authority_is_not_refused_for_it(self):
        with pytest.raises(ValueError, match="has shown authority"):
            changed("refusal_authority_not_supplied", agent=True)

    @pytest.mark.parametrize(
        "name", ["refusal_exempt", "partly_refused", "no_data_held", "passed_on"]
    )
    @pytest.mark.parametrize("missing", ["contact", "regulator_name", "regulator_url"])
    def test_a_refusal_has_all_three_routes(self, name: str, missing: str):
        with pytest.raises(ValueError, match="the regulator and a court"):
            changed(name, controller=replace(CONTROLLER, **{missing: ""}))

    def test_access_in_part_is_an_access_response(self):
        with pytest.raises(ValueError, match="says what is withheld"):
            changed("partly_refused", label=Label.ACCESS)

    @pytest.mark.parametrize("label", [Label.UNSUBSCRIBE, Label.BREACH, Label.OTHER])
    def test_what_is_ours_is_not_passed_on(self, label: Label):
        with pytest.raises(ValueError, match="deal with it ourselves"):
            changed("passed_on", label=label)

    @pytest.mark.parametrize("name", ["partly_refused", "fulfilled_erasure"])
    def test_whoever_had_the_data_is_accounted_for(self, name: str):
        with pytest.raises(ValueError, match="needs recipients"):
            changed(name, recipients=" ")


class TestAnswers:
    @pytest.mark.parametrize("label", [Label.ACCESS, *UNDATED])
    def test_what_has_an_answer_of_its_own_is_not_simply_fulfilled(self, label: Label):
        with pytest.raises(ValueError, match="an answer of its own"):
            changed("fulfilled_portability", label=label)

    def test_a_decision_made_again_has_its_reasons(self):
        with pytest.raises(ValueError, match="needs reasons"):
            changed("fulfilled_automated_decision", reasons="")

    def test_marketing_has_stopped_when_every_system_has_taken_it_in(self):
        with pytest.raises(ValueError, match="a sending system is left"):
            changed("marketing_stopped", systems_left=1)

    def test_an_issue_of_a_complaint_ends_in_a_finding(self):
        facts: Any = SAMPLES["complaint_outcome"]
        with pytest.raises(ValueError, match="no finding"):
            replace(facts.issues[0], finding=Outcome.FULFILLED)

    def test_whoever_decided_does_not_review(self):
        with pytest.raises(ValueError, match="did not make the decision"):
            changed("review_outcome", decided_by="Jo Marsh", reviewed_by="jo marsh ")


class TestSurveys:
    @pytest.mark.parametrize("label", set(Label) - SURVEYED)
    def test_who_objected_complained_or_reported_is_never_surveyed(self, label: Label):
        with pytest.raises(ValueError, match="not surveyed"):
            changed("survey", labels=(Label.ACCESS, label))

    @pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.FULFILLED})
    def test_who_did_not_get_it_all_is_never_surveyed(self, outcome: Outcome):
        with pytest.raises(ValueError, match="got what they asked for"):
            changed("survey", outcomes=(Outcome.FULFILLED, outcome))

    def test_a_survey_is_reached_safely(self):
        with pytest.raises(ValueError, match="https"):
            changed("survey", url="http://x.example")

    def test_objections_complaints_and_breaches_are_among_those_left_out(self):
        assert isinstance(SAMPLES["survey"], Survey)
        assert not SURVEYED & {Label.OBJECTION, Label.UNSUBSCRIBE, Label.COMPLAINT, Label.BREACH}
        assert {Label.ACCESS, Label.QUERY} <= SURVEYED


class TestWhatPeopleWrite:
    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ("Please send us your password.", "asks for a password"),
            ("What is your PIN?", "asks for a password"),
            ("We are liable for this.", "admits liability"),
            ("We accept that we were negligent.", "admits liability"),
            ("It was our own fault.", "admits liability"),
            ("It was your carelessness.", "blames the person"),
            ("You should have\nwritten sooner.", "blames the person"),
            ("You failed to answer.", "blames the person"),
            ("We saw your recent medical notes.", "special-category"),
            ("He was diagnosed in May.", "special-category"),
            ("Ask us before you go to the ICO.", "back from the regulator"),
        ],
    )
    def test_some_things_are_said_in_no_letter(self, said: str, why: str):
        for name, field in (("reply", "words"), ("refusal_exempt", "reasons")):
            with pytest.raises(ValueError, match=why):
                changed(name, **{field: f"Dear Ms Shah,\n\n{said}"})
        with pytest.raises(ValueError, match=why):
            changed("access_response", enclosed=("the calls", said))

    @pytest.mark.parametrize(
        "said",
        [
            "We are sorry. We made a mistake, and we uphold your complaint.",
            "We have set a password for the file and will tell you it on the phone.",
            "You should have received our letter by now.",
            "You can go to the regulator at any time.",
            "We searched the records of the health and safety team.",
        ],
    )
    def test_but_an_apology_and_plain_facts_are(self, said: str):
        assert changed("reply", words=said)


def changed(name: str, **change: Any) -> Letter:
    """A sample with something else in it."""
    facts: Any = SAMPLES[name]
    return replace(facts, **change)


def test_the_controllers_own_words_are_not_looked_through():
    named = Controller("The Trade Union Health Trust", "a@b.example")
    assert changed("reply", controller=named)
    assert changed("ask_authority", received_on=date(2026, 1, 1), controller=named)
