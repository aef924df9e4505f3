"""The forms that single values of the configuration have; what has another form is refused with a reason."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.mail.sender import is_address
from store.casebook import EMBEDDED


def split(value: object) -> object:
    """Let a list be written in the environment as `a, b`."""
    return (
        [item.strip() for item in value.split(",") if item.strip()]
        if isinstance(value, str)
        else value
    )


def host_and_port(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not (colon and host and port.isdigit() and int(port) < 1 << 16):
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8025")
    return value


def socket_or_port(value: str) -> str:
    if value.startswith("/"):
        return value
    try:
        return host_and_port(value)
    except ValueError:
        raise ValueError("must be HOST:PORT or the whole path of a socket") from None


def accepted(value: str) -> str:
    if not is_address(value) and not (value.endswith("@") and is_address(value + "x.example")):
        raise ValueError(f"{value!r} must be an address, or a local part and @ for any domain")
    return value.lower()


def mail_address(value: str) -> str:
    if not is_address(value):
        raise ValueError(f"{value!r} is not a mail address")
    return value


def relay_url(value: str) -> str:
    if value.startswith("maildir:") and value != "maildir:":
        return value
    scheme, _, where = value.partition("://")
    if scheme not in {"smtp", "smtps"}:
        raise ValueError("must be maildir:FOLDER, smtp://HOST:PORT or smtps://HOST:PORT")
    host_and_port(where)
    return value


def casebook_address(value: str) -> str:
    scheme, _, where = value.partition("://")
    if value != EMBEDDED and (scheme not in {"postgresql", "postgres"} or not where):
        raise ValueError(f"must be {EMBEDDED} or postgresql://USER@HOST/DATABASE")
    return value


def holds_password(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.password) or "password" in parse_qs(parts.query)


def holiday(value: str) -> str:
    on, _, name = value.removeprefix("-").partition(" ")
    try:
        date.fromisoformat(on)
    except ValueError:
        raise ValueError(f"{value!r} must be a date and a name, or - and a date") from None
    if value.startswith("-") == bool(name):
        raise ValueError(f"{value!r}: what is added has a name, what is dropped has none")
    return value


def time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{value!r} is not a time zone, such as Europe/London") from None
    return value


def language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", value):
        raise ValueError(f"{value!r} is not the code of a language, such as en or cy")
    return value
