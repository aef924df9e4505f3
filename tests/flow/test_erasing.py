"""Keeping and erasing: what is due is listed, a hold beats it, two people decide, and then nothing is left that tells whose it was."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.control import own_login
from bot.office import CommandError
from store.case import Case, CaseError
from store.folder import DataFolder
from store.keyring import make_keyring
from tests.conftest import Bot, Start
from tests.flow.erased import (
    KIM,
    NAMES,
    US,
    confirm_as_kim,
    from_zebedee,
    places_that_tell,
    raw,
)
from tests.flow.letters import ACCESS, INVOICE, mail

SETTING: dict[str, Any] = {
    "staff": [US, KIM],
    "mail": {"relay": "maildir:outgoing"},
    "policy": {"retention": {"ordinary": 12, "disputed": 24}},
}


async def closed_case(bot: Bot, text: str = ACCESS) -> str:
    """Let Zebedee write, and close what he asks; return the reference."""
    await bot.send(raw(from_zebedee(text)))
    ref = bot.only_case.ref
    await bot.ask("close", ref=ref, outcome="fulfilled")
    return ref


async def decided(bot: Bot, ref: str, reason: str = "mistake") -> None:
    await bot.ask("erase", ref=ref, reason=reason)
    confirm_as_kim(bot, ref)


async def everything_of_zebedee(bot: Bot) -> tuple[str, Case]:
    """Make two cases, and leave of Zebedee's something in each place; return his reference, and the other's case."""
    await bot.send(mail(ACCESS, sender="Bob Other <bob@else.example>"))
    other = bot.only_case
    await bot.send(raw(from_zebedee(ACCESS)), raw(from_zebedee(ACCESS)))
    (ref,) = (case.ref for case in bot.cases if case.ref != other.ref)
    await bot.ask("note", ref=ref, text="Zebedee Quillfeather rang")
    await bot.ask("sort", ref=ref, rights=["rectification"])
    await bot.ask("reply", ref=ref, text="Dear Zebedee Quillfeather, it is put right.")
    await bot.settled()
    await bot.ask("close", ref=ref, outcome="fulfilled")
    assert {word for _, word in places_that_tell(bot.data.root)} == set(NAMES)
    return ref, other


async def test_two_people_decide_and_after_seven_days_nothing_is_left(start: Start):
    async with start(**SETTING) as bot:
        ref, other = await everything_of_zebedee(bot)
        figures = await bot.ask("report")
        await bot.ask("erase", ref=ref, reason="mistake", why="Zebedee asked")
        with pytest.raises(CommandError, match="somebody else must confirm"):
            await bot.ask("erase_confirm", ref=ref)
        confirm_as_kim(bot, ref)
        bot.clock.turn(days=6.9)
        assert await bot.ask("retain_now") == []
        bot.clock.turn(days=0.2)
        assert await bot.ask("retain_now") == [{"erased": ref}]
        assert places_that_tell(bot.data.root) == []
        assert bot.only_case == other
        assert await bot.ask("report") == figures, "no figure changes"
        (account,) = await bot.ask("reconcile")
        assert account["adds_up"]


async def test_what_was_erased_is_still_proved_by_its_digests(start: Start):
    async with start(**SETTING) as bot:
        ref, _ = await everything_of_zebedee(bot)
        bot.clock.turn(days=1)
        await bot.ask("watch")  # takes the day's heads
        await decided(bot, ref)
        bot.clock.turn(days=8)
        await bot.ask("retain_now")
        await bot.ask("watch")
        (proof,) = await bot.ask("verify")
        assert proof["whole"], proof["faults"]
        assert proof["erased"] == 1
        tombstone = dict(bot.data.casebook.kept(f"erased:{ref}") or {})
        *first, last = tombstone["chain"].split()
        tombstone["chain"] = " ".join([last, *first])
        bot.data.casebook.keep(f"erased:{ref}", tombstone)
        (proof,) = await bot.ask("verify")
        assert [fault.partition(" ")[0] for fault in proof["faults"]] == [ref]


async def test_with_a_keyring_the_key_of_the_case_is_destroyed_too(start: Start, tmp_path: Path):
    keyring = make_keyring(tmp_path / "keys")
    async with start(**SETTING, data={"keyring": str(keyring.folder)}) as bot:
        await bot.send(raw(from_zebedee(ACCESS)))
        ref = bot.only_case.ref
        await bot.ask("close", ref=ref, outcome="fulfilled")
        before = (bot.data.root / "casebook.journal").read_bytes()
        assert not bot.data.sealing.is_gone(ref)
        await decided(bot, ref)
        bot.clock.turn(days=8)
        assert await bot.ask("retain_now") == [{"erased": ref}]
        assert bot.data.sealing.is_gone(ref)
        assert places_that_tell(bot.data.root) == []
        (proof,) = await bot.ask("verify")
        assert proof["whole"], proof["faults"]
    old = tmp_path / "old"
    shutil.copytree(tmp_path / "data", old, ignore=shutil.ignore_patterns("*.sock"))
    (old / "casebook.journal").write_bytes(before)
    (old / "erasures.jsonl").unlink()
    with DataFolder(old, keyring=keyring.folder) as folder:
        assert folder.casebook.get(ref) is None, "the backup has it, and nobody can read it"


async def test_the_receipt_counts_each_place_and_names_both_people(start: Start):
    async with start(**SETTING) as bot:
        ref, _ = await everything_of_zebedee(bot)
        await decided(bot, ref)
        bot.clock.turn(days=8)
        await bot.ask("retain_now")
        (receipt,) = await bot.ask("cases", ref=ref)
        assert receipt["state"] == "erased"
        assert (receipt["asked_by"], receipt["confirmed_by"]) == (own_login(), "kim")
        counts = receipt["places"]
        assert (counts["messages"], counts["attachments"], counts["notes"]) == (2, 1, 1)
        assert (counts["letters"], counts["outgoing mails"]) == (2, 2)
        assert (counts["training examples"], counts["statistics rows kept"]) == (1, 1)
        assert receipt["out_of_reach"]
        with pytest.raises(CommandError, match=f"{ref} was erased on 2026-12-05, by kim and"):
            await bot.ask("note", ref=ref, text="?")


async def test_until_it_is_carried_out_it_can_be_taken_back(start: Start):
    async with start(**SETTING) as bot:
        ref = await closed_case(bot)
        await decided(bot, ref)
        (view,) = await bot.ask("cases", ref=ref)
        assert view["erasure"]["confirmed_by"] == "kim"
        before = len(bot.only_case.messages)
        await bot.ask("erase_undo", ref=ref)
        bot.clock.turn(days=30)
        assert await bot.ask("retain_now") == []
        assert len(bot.only_case.messages) == before


async def test_new_mail_stops_it_and_the_morning_says_so(start: Start):
    async with start(**SETTING) as bot:
        ref = await closed_case(bot)
        await decided(bot, ref)
        bot.clock.turn(days=6)
        letter = bot.only_case.letters[0].owed.message_id
        await bot.send(
            raw(from_zebedee("And one more thing.", "<z2@heron.example>", In_Reply_To=letter))
        )
        bot.clock.at = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
        assert await bot.ask("retain_now") == []
        (view,) = await bot.ask("cases", ref=ref)
        assert view["erasure"]["stopped_by"] == "link_proposed", (
            "what comes after closing opens a case"
        )
        assert f"An erasure was stopped:\n  {ref}" in await morning(bot)
        with pytest.raises(CaseError, match="it must be asked anew"):
            confirm_as_kim(bot, ref)


async def morning(bot: Bot) -> str:
    """Let the watch look and return the last morning list, as it lies in the outbox."""
    await bot.ask("watch")
    await bot.settled()
    lists = sorted((bot.data.root / "outgoing" / "new").glob("morning-*"))
    return lists[-1].read_text()


async def test_what_is_due_is_listed_a_month_ahead_and_a_hold_takes_it_off(start: Start):
    async with start(**SETTING) as bot:
        ref = await closed_case(bot)
        assert await bot.ask("retain") == []
        with pytest.raises(CommandError, match="is kept until 27 Nov 2027"):
            await bot.ask("erase", ref=ref, reason="schedule")
        bot.clock.at = datetime(2027, 11, 1, 9, 30, tzinfo=UTC)
        (soon,) = await bot.ask("retain")
        assert (soon["ref"], soon["kind"], soon["due"]) == (ref, "ordinary", "soon")
        assert f"{ref}  ordinary, 27 Nov 2027" in await morning(bot)
        assert await bot.ask("retain", ahead=0) == []

        held = {"ref": ref, "why": "a claim by Quillfeather", "review_on": "2027-12-03"}
        await bot.ask("preserve", **held)
        (row,) = await bot.ask("retain")
        assert (row["kind"], row["due"]) == ("legal hold", "held")
        with pytest.raises(CommandError, match="under a legal hold"):
            await bot.ask("erase", ref=ref, reason="order")
        bot.clock.at = datetime(2027, 12, 6, 9, 30, tzinfo=UTC)
        told = await morning(bot)
        assert f"{ref}  legal hold, Fri 3 Dec" in told
        assert "Quillfeather" not in told

        bot.clock.at = datetime(2028, 12, 4, 9, 30, tzinfo=UTC)
        await bot.ask("end_preservation", ref=ref, why="settled")
        (row,) = await bot.ask("retain")
        assert (row["kind"], row["kept_until"]) == ("disputed", "2029-01-03"), "a month's notice"


async def test_a_hold_stops_an_erasure_that_was_decided(start: Start):
    async with start(**SETTING) as bot:
        ref = await closed_case(bot)
        await decided(bot, ref)
        await bot.ask("preserve", ref=ref, why="a claim", review_on="2027-06-01")
        bot.clock.turn(days=8)
        assert await bot.ask("retain_now") == []
        assert bot.only_case.ref == ref


async def test_of_junk_one_person_decides(start: Start):
    async with start(**SETTING) as bot:
        await bot.send(raw(from_zebedee(ACCESS)))
        ref = bot.only_case.ref
        with pytest.raises(CommandError, match="is no junk"):
            await bot.ask("erase", ref=ref, reason="junk")
        await bot.ask("close", ref=ref, outcome="not_ours")
        await bot.ask("erase", ref=ref, reason="junk")
        bot.clock.turn(days=8)
        assert await bot.ask("retain_now") == [{"erased": ref}]
        assert places_that_tell(bot.data.root) == []


async def test_what_was_filed_goes_after_a_year_when_one_person_says_so(start: Start):
    async with start(**SETTING) as bot:
        await bot.send(
            mail(INVOICE, sender="Green Leaf <accounts@leaf.example>", subject="Invoice")
        )
        (known,) = bot.data.casebook.dispositions()
        assert known.filed
        with pytest.raises(CommandError, match="no filed message is due"):
            await bot.ask("erase_filed")
        bot.clock.at = datetime(2027, 11, 29, 9, 30, tzinfo=UTC)
        (row,) = await bot.ask("retain")
        assert (row["ref"], row["what"]) == ("filed", "1 messages")
        await bot.ask("erase_filed")
        await bot.ask("erase_filed_undo")
        bot.clock.turn(days=8)
        assert await bot.ask("retain_now") == []
        await bot.ask("erase_filed")
        bot.clock.turn(days=8)
        assert len(await bot.ask("retain_now")) == 1
        assert list(bot.data.casebook.dispositions()) == []
        assert places_that_tell(bot.data.root, (b"leaf.example", b"4471")) == []
        (account,) = await bot.ask("reconcile")
        assert account["adds_up"]
        assert account["accepted"] == 0


async def test_the_block_list_still_answers_for_whoever_was_erased(start: Start):
    async with start(**SETTING) as bot:
        await bot.send(raw(from_zebedee("Please unsubscribe me from all your marketing mails.")))
        ref = bot.only_case.ref
        if bot.only_case.running[0].label != "unsubscribe":
            await bot.ask("sort", ref=ref, rights=["unsubscribe"])
        await bot.ask("close", ref=ref, outcome="fulfilled")
        await decided(bot, ref)
        bot.clock.turn(days=8)
        await bot.ask("retain_now")
        assert places_that_tell(bot.data.root) == []
        (found,) = await bot.ask("block_check", address="ZQ+news@heron.example")
        assert found["blocked"]


async def test_a_case_waits_for_the_complaint_it_is_linked_with(start: Start):
    async with start(**SETTING) as bot:
        ref = await closed_case(bot)
        told = {"medium": "phone", "received": "2026-11-27", "rights": ["complaint"]}
        (complaint,) = await bot.ask("open_told", **told)
        await bot.ask("link", ref=ref, other=complaint["ref"])
        bot.clock.at = datetime(2028, 1, 7, 9, 30, tzinfo=UTC)
        assert await bot.ask("retain") == []
        await bot.ask("close", ref=complaint["ref"], outcome="upheld")
        assert await bot.ask("retain") == []
        bot.clock.at = datetime(2030, 1, 8, 9, 30, tzinfo=UTC)
        assert {row["ref"] for row in await bot.ask("retain")} == {ref, complaint["ref"]}
