"""The sum is right at every moment, also while messages arrive, are taken in and are set aside."""

import asyncio

from tests.conftest import DESK, Bot
from tests.flow.letters import INVOICE, mail

MAILS = 40


async def test_it_adds_up_at_every_look_while_mail_is_flowing(bot: Bot):
    mails = [mail(INVOICE) for _ in range(MAILS)]

    def send_all() -> None:
        for one in mails:
            bot.hand_in(one, "ann@mail.example", DESK)

    sending = asyncio.create_task(asyncio.to_thread(send_all))
    accounts = []
    while not sending.done():
        accounts += await bot.ask("reconcile")
    await bot.settled()
    accounts += await bot.ask("reconcile")
    assert all(account["adds_up"] for account in accounts)
    counts = [account["accepted"] for account in accounts]
    assert counts == sorted(counts)
    assert counts[-1] == MAILS
    assert all(sum(account["ends"].values()) == account["accepted"] for account in accounts)
    assert len(set(counts)) > 10, "it was looked at while mail was flowing"
