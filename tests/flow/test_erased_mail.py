"""A copy of a message that was erased opens nothing, starts no clock and is answered to nobody."""

from bot.mail.parse import parse
from store.block_list import KEY_FILE
from store.casebook import End
from store.tombstones import mark
from tests.conftest import Bot
from tests.flow.letters import ACCESS, mail

ERASED = mail(ACCESS, message_id="<erased@mail.example>")


def bury(bot: Bot, raw: str) -> None:
    """Keep what is left once the case of a message was erased."""
    message = parse(raw.encode())
    secret = (bot.data.root / KEY_FILE).read_bytes().strip()
    bot.data.casebook.keep(mark(message.key, message.digest, secret), {"erased": "2026-11-01"})


async def test_a_copy_is_filed_under_its_mark_alone_however_often_it_comes(bot: Bot):
    bury(bot, ERASED)
    await bot.send(ERASED, ERASED)
    assert bot.cases == []
    assert bot.sink.letters == []
    for end in bot.data.casebook.dispositions():
        assert (end.end, end.scores) == (End.AUTOMATIC, ())
        assert end.key == end.digest
        assert end.key.startswith("erased-mail:")
    assert "a copy of a message of an erased case" in next(bot.data.casebook.dispositions()).why
    assert (await bot.ask("reconcile"))[0]["adds_up"]


async def test_whoever_writes_again_is_heard(bot: Bot):
    nameless = mail(ACCESS, message_id="<x@y>").replace("Message-ID: <x@y>\n", "")
    bury(bot, ERASED)
    bury(bot, nameless)
    await bot.send(mail(ACCESS, message_id="<new@mail.example>"), nameless)
    assert len(bot.cases) == 2
