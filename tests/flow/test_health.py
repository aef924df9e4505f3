"""/health answers with figures and nothing about anybody."""

import asyncio
import json
from urllib.request import urlopen

from tests.conftest import Start
from tests.flow.letters import ACCESS, mail
from tests.ports import free_port


async def test_health_tells_what_waits_and_names_nobody(start: Start):
    port = free_port()
    async with start(web={"listen": f"127.0.0.1:{port}"}) as bot:
        await bot.send(mail(ACCESS))

        def look() -> str:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
                return str(answer.read().decode())

        text = await asyncio.to_thread(look)
    assert json.loads(text) == {
        "status": "ok", "waiting": 0, "quarantined": 0, "owed": 0, "slack": "off",
    }  # fmt: skip
