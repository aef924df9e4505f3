"""A hostile mail on our pages, in a real browser: the same picture as its characters alone give, and nothing is fetched."""

import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from bot.control import own_login
from replies.render.pages import evidence_page, person_page
from tests.conftest import Start
from tests.flow.letters import ACCESS, mail
from tests.peers.parts import part, run

pytestmark = pytest.mark.slow

US = {"name": "Us", "login": own_login(), "roles": ["lead"]}
HOSTILE = """{asks}
<script>document.body.innerHTML = "owned"; fetch("{away}/script")</script>
<img src="{away}/image" onerror="document.body.remove()"> <svg onload="fetch('{away}/svg')"></svg>
<style>@import url("{away}/style"); * {{ background: red url("{away}/css") }}</style>
<link rel="stylesheet" href="{away}/link"> <iframe src="{away}/frame"></iframe>
<base href="{away}/"> <meta http-equiv="refresh" content="0;url={away}/refresh">
</pre></main></body><h1>After the end</h1> <a href="javascript:alert(1)">click</a>
<plaintext> &lt;b&gt; {{{{ 7 * 7 }}}} <!@channel> *bold* ]]> <!-- never closed
"""
SUBJECT = "<h1>My data</h1> &amp; <script>1</script>"
AS_TEXT = """<script>
const said = {said};
const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (nodes.nextNode())
  nodes.currentNode.nodeValue =
    nodes.currentNode.nodeValue.replace(/word(\\d+)word/g, (_, place) => said[place]);
</script></body>"""
"""Puts the words in as characters, which no browser takes for markup."""


class Away(BaseHTTPRequestHandler):
    """Somewhere else, where nobody of ours should look."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]  # ours
        self.send_error(404)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def away() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Away) as server:
        server.asked = []  # type: ignore[attr-defined]  # what was asked for
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


def picture(folder: Path, name: str, page: str) -> bytes:
    """Return how a browser shows a page, all of it."""
    (folder / f"{name}.html").write_text(page)
    shot = folder / f"{name}.png"
    run(
        part("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--force-device-scale-factor=1", "--window-size=900,3000", f"--user-data-dir={folder}/{name}",
        "--virtual-time-budget=5000", f"--screenshot={shot}", f"file://{folder}/{name}.html",
    )  # fmt: skip
    return shot.read_bytes()


def as_characters(write: Callable[[Any], str], view: Any) -> str:
    """Write the page with a word in place of each text that could be markup, and let it be put in as characters."""
    said: list[str] = []

    def harmless(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: harmless(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [harmless(inner) for inner in value]
        if isinstance(value, str) and re.search("[<&{]", value):
            said.append(value)
            return f"word{len(said) - 1}word"
        return value

    page = write(harmless(view))
    assert said
    written = json.dumps(said).replace("<", "\\u003c")
    return page.replace("</body>", AS_TEXT.replace("{said}", written))


def pack_page(case: dict[str, Any]) -> str:
    """Return the page of an evidence pack as the command writes it."""
    messages = [message | {"file": "1.eml"} for message in case["messages"]]
    about = {"put_together_at": "2026-11-27T16:40:00+00:00", "put_together_by": "us"}
    return evidence_page(case | about | {"messages": messages})


@pytest.mark.parametrize("page", [person_page, pack_page])
async def test_what_is_hostile_looks_like_its_characters_and_fetches_nothing(
    start: Start, tmp_path: Path, away: ThreadingHTTPServer, page: Callable[[Any], str]
):
    asked: list[str] = away.asked  # type: ignore[attr-defined]  # ours, see above
    text = HOSTILE.format(asks=ACCESS, away=f"http://127.0.0.1:{away.server_port}")
    async with start(staff=[US]) as bot:
        await bot.send(
            mail(text, sender='"Ann &lt;i&gt; &amp;" <ann@mail.example>', subject=SUBJECT)
        )
        ref = bot.only_case.ref
        await bot.ask("note", ref=ref, text=text)
        (person,) = await bot.ask("person", asked="ann@mail.example")
        (pack,) = await bot.ask("evidence", refs=[ref])
    view = person if page is person_page else pack
    assert text.splitlines()[1] in html.unescape(page(view))
    shown = picture(tmp_path, "shown", page(view))
    assert shown == picture(tmp_path, "meant", as_characters(page, view))
    assert asked == []
    assert shown != picture(tmp_path, "broken", html.unescape(page(view)))
    assert asked, "taken for markup it would have been seen"
