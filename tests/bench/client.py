"""The load, a process of its own: so many mails over so many connections, as fast as the other side answers, or slower.

Prints, as JSON, how long it took and when each mail got its 250.
"""

import asyncio
import json
import sys
import time
from itertools import count

DESK = "dataprotection@acme.example"
WORDS = (
    "I have been with you since the spring and have moved house in between. "
    "The engineer came twice and wrote something down each time. "
)
ASKS = "Please send me a copy of all the personal data you hold about me. "


def mail(tag: str, number: int) -> tuple[str, bytes]:
    """Write the `number`th mail, of 1 to 6 kB; return its Message-ID and its bytes."""
    message_id = f"<{tag}.{number}@mail.example>"
    filler = "\r\n".join([WORDS] * (4 + number * 7 % 40))
    raw = (
        f"From: Person {number} <p{number}.{tag}@mail.example>\r\nTo: {DESK}\r\nSubject: My data\r\n"
        f"Message-ID: {message_id}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"\r\nHello,\r\n{ASKS}\r\n{filler}\r\nPerson {number}\r\n.\r\n"
    )
    return message_id, raw.encode()


async def connection(
    port: int,
    tag: str,
    numbers: "count[int]",
    total: int,
    pause: float,
    done: dict[str, float],
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(line: bytes) -> None:
        writer.write(line)
        while (answer := await reader.readline())[3:4] == b"-":
            pass
        if answer[:1] not in b"23":
            raise SystemExit(f"refused: {answer!r}")

    await reader.readline()
    await say(b"EHLO load\r\n")
    while (number := next(numbers)) < total:
        message_id, raw = mail(tag, number)
        await say(b"MAIL FROM:<p%d.%s@mail.example>\r\n" % (number, tag.encode()))
        await say(b"RCPT TO:<%s>\r\n" % DESK.encode())
        await say(b"DATA\r\n")
        await say(raw)
        done[message_id] = time.monotonic()
        await asyncio.sleep(pause)
    writer.close()


async def main(port: int, tag: str, total: int, connections: int, pause: float) -> None:
    numbers, done = count(), {}
    begun = time.monotonic()
    await asyncio.gather(
        *(connection(port, tag, numbers, total, pause, done) for _ in range(connections))
    )
    print(json.dumps({"seconds": time.monotonic() - begun, "begun": begun, "done": done}))


if __name__ == "__main__":
    port, tag, total, connections, pause = sys.argv[1:]
    asyncio.run(main(int(port), tag, int(total), int(connections), float(pause)))
