"""Proof of identity: once it has served it is due for deletion, and is cut out of every copy of the mail."""

from email.message import EmailMessage
from pathlib import Path

from bot.control import own_login
from tests.conftest import Bot, Start
from tests.flow.letters import ACCESS, mail

PASSPORT = b"\x89PNG the picture of a passport"
IDENTITY = {
    "wanted": "identity",
    "reasons": "The address is new to us.",
    "checks": ["Write to us from the address we already have."],
}


def with_passport(letter: EmailMessage) -> bytes:
    reply = EmailMessage()
    reply["From"] = "Ann Example <ann@mail.example>"
    reply["To"] = "dataprotection@acme.example"
    reply["Subject"] = "Re: your letter"
    reply["Message-ID"] = "<passport@mail.example>"
    reply["In-Reply-To"] = str(letter["Message-ID"])
    reply.set_content("Here is my passport, as you asked.")
    reply.add_attachment(PASSPORT, maintype="image", subtype="png", filename="ann-passport.png")
    return reply.as_bytes()


async def sent_and_checked(bot: Bot) -> str:
    await bot.send(mail(ACCESS))
    ref = bot.only_case.ref
    await bot.ask("ask", ref=ref, **IDENTITY)
    await bot.settled()
    passport = with_passport(bot.sink.letters[-1])
    await bot.send(passport, passport)
    await bot.ask("supplied", ref=ref, wanted="identity", how="passport compared with the file")
    return ref


def places_of(what: bytes, root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and what in path.read_bytes()]


async def test_proof_that_has_served_is_due_for_deletion(start: Start):
    us = {"name": "Us", "login": own_login(), "email": "us@acme.example", "roles": ["lead"]}
    async with start(staff=[us]) as bot:
        ref = await sent_and_checked(bot)
        (view,) = await bot.ask("cases", ref=ref)
        assert view["papers_due"] == [bot.only_case.messages[-1].spool_id]
        bot.clock.turn(days=3)
        await bot.ask("watch")
        await bot.settled()
        mornings = [
            m for m in bot.sink.to("us@acme.example") if "Privacy desk" in str(m["Subject"])
        ]
        morning = mornings[-1]
        assert "Proof of identity is to be deleted" in morning.get_content()


async def test_it_is_cut_out_of_every_copy_and_the_words_stay(bot: Bot):
    ref = await sent_and_checked(bot)
    spool_id = bot.only_case.papers_due[0]
    name = b"ann-passport.png"
    assert len(places_of(name, bot.data.root)) == 2
    (view,) = await bot.ask("delete_papers", ref=ref)
    assert view["papers_due"] == []
    assert places_of(name, bot.data.root) == []
    raw = bot.data.spool.read(spool_id).raw
    assert b"Here is my passport" in raw
    assert b"deleted after it had served" in raw
    assert b"Message-ID: <passport@mail.example>" in raw
    (again,) = await bot.ask("delete_papers", ref=ref)
    assert len(again["events"]) == len(view["events"]), "done twice is done once"
    (account,) = await bot.ask("reconcile")
    assert account["adds_up"]


async def test_what_came_before_identity_was_asked_for_is_no_proof_of_it(bot: Bot):
    first = with_passport(EmailMessage())
    await bot.send(first)
    await bot.ask("sort", ref=bot.only_case.ref, rights=["access"])
    await bot.ask("ask", ref=bot.only_case.ref, **IDENTITY)
    await bot.settled()
    await bot.ask("supplied", ref=bot.only_case.ref, wanted="identity", how="by a call back")
    assert bot.only_case.papers_due == ()
