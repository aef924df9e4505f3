"""Who gives tokens: one for each asking with the right secret, good until somebody says that it has expired."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

SECRET = "the secret of the desk"


class Counter(BaseHTTPRequestHandler):
    """Answers who asks for a token (POST), and who asks whose one is (GET)."""

    server: "Issuer"

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        right = asked["client_secret"] == [SECRET] and asked["grant_type"] == ["client_credentials"]
        good = right and not self.server.closed
        self.answer(200 if good else 401, {"access_token": self.server.new()} if good else {})

    def do_GET(self) -> None:
        (given,) = parse_qs(urlsplit(self.path).query).get("access_token", [""])
        self.answer(200, {"email": self.server.whose} if self.server.knows(given) else {})

    def answer(self, status: int, said: dict[str, str]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


class Issuer(ThreadingHTTPServer):
    def __init__(self, whose: str) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.whose = whose
        self.given: list[str] = []
        self.expired: set[str] = set()
        self.closed = False

    @override
    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever).start()
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        super().__exit__(kind, error, trace)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def new(self) -> str:
        self.given.append(f"token-{len(self.given) + 1}")
        return self.given[-1]

    def knows(self, token: str) -> bool:
        return token in self.given and token not in self.expired

    def expire(self) -> None:
        self.expired |= set(self.given)

    def settings(self, folder: Path, secret: str = SECRET) -> dict[str, Any]:
        """Return how a bot asks for a token, its secret in a file."""
        (folder / "secret").write_text(f"{secret}\n")
        return {
            "token_url": f"{self.url}/token",
            "client_id": "desk",
            "client_secret_file": str(folder / "secret"),
            "scope": "mail",
        }
