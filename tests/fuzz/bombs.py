"""Mails made to hurt: each takes some parser minutes, gigabytes or its stack."""

import base64
from collections.abc import Callable
from random import Random

HEAD = b"From: a@mail.example\r\nTo: b@acme.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
MULTI = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
PLAIN = b"--b\r\nContent-Type: text/plain"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
HEAVY = 30_000_000


def nested(depth: int, body: bytes = b"end") -> bytes:
    levels = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
        for level in range(depth)
    )
    return HEAD + b"".join(levels) + b"\r\n" + body


def forwarded(depth: int, body: bytes = b"end") -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\n" + body


def garbage(size: int) -> bytes:
    return Random(7).randbytes(size)


def attachment(size: int) -> bytes:
    data = base64.encodebytes(garbage(size * 3 // 4)).replace(b"\n", b"\r\n")
    head = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return MULTI + PLAIN + b"\r\n\r\nsee the file\r\n--b\r\n" + head + data + b"--b--\r\n"


LIGHT: dict[str, bytes] = {
    "nothing": b"",
    "garbage": garbage(100_000),
    "NUL": bytes(100_000),
    "1,000 parts": MULTI + (PLAIN + b"\r\n\r\nx\r\n") * 1_000 + b"--b--",
    "100,000 flat parts": MULTI + (PLAIN + b"\r\n\r\nx\r\n") * 100_000 + b"--b--",
    "1,000 deep": nested(1_000),
    "10,000 deep": nested(10_000),
    "100,000 forwards": forwarded(100_000),
    "a hundred thousand blocks of a report": HEAD
    + b"Content-Type: message/delivery-status\r\n\r\n"
    + b"Action: failed\r\n\r\n" * 100_000,
    "10,000 addresses": HEAD.replace(b"b@acme.example", b"x@mail.example, " * 10_000) + b"\r\nhi",
    "1 MB of subject": b"Subject: " + b"word " * 200_000 + b"\r\n\r\nhi",
    "1 MB of encoded subject": b"Subject: " + b"=?utf-8?q?a?= " * 75_000 + b"\r\n\r\nhi",
    "1 MB of From": b"From: " + b'(<"' * 350_000 + b"\r\n\r\nhi",
    "20,000 dots": b"From: a" + b"." * 20_000 + b"@x\r\n\r\nhi",
    "2,000 brackets": b"From: " + b"(" * 2_000 + b"\r\nTo: " + b"(" * 2_000 + b"\r\n\r\nhi",
    "100,000 parameters": MULTI + PLAIN + b';"' * 500_000 + b"\r\n\r\nhi\r\n--b--",
    "1,000,000 semicolons": MULTI + PLAIN + b";" * 1_000_000 + b"\r\n\r\nhi\r\n--b--",
    "10,000 pieces of a name": HEAD
    + b"Content-Disposition: attachment"
    + b"".join(b"; filename*%d*=a" % number for number in range(10_000))
    + b"\r\n\r\nhi",
    "50,000 header fields": b"X: y\r\n" * 50_000 + b"\r\nhi",
    "raw header bytes": b"X: " + b"\xe9\x81" * 500_000 + b"\r\n\r\nhi",
    "references of at signs": b"References: " + (b"<" + b"@" * 478 + b" ") * 1_500 + b"\r\n\r\nhi",
    "20,000 spaces in a return path": b"Return-Path: <" + b" " * 20_000 + b"x\r\n\r\nhi",
    "20,000 spaces everywhere": b"".join(
        b"%s: x%sy\r\n" % (name, b" " * 19_000)
        for name in (b"From", b"Subject", b"Received", b"Precedence", b"Content-Type", b"References")
    )
    + b"\r\n"
    + b" " * 20_000,
    "a year of 20 digits": HEAD + b"Received: by x; Mon, 1 Jan " + b"9" * 20 + b" 00:00:00 +0000\r\n\r\nhi",
    "1 MB of <": HTML + b"<" * 1_000_000,
    "200,000 open divs": HTML + b"<div>" * 200_000,
    "200,000 open divs with words": HTML + b"<div>x" * 200_000,
    "a wide and long table": HTML + b"<table><tr><td>" + b"x" * 500_000 + b"<tr><td>a" * 50_000,
    "100,000 quotes": HTML + b"<blockquote type=cite>" * 100_000,
    "1 MB of comments": HTML + b"<!--" * 250_000,
    "1 MB of one entity": HTML + b"&" + b"a" * 1_000_000,
    "1,000,000 dashes": HEAD + b"\r\n" + b"- " * 500_000,
    "10,000 words of a bounce": HEAD + b"X-Failed-Recipients: x\r\n\r\n" + b"Message-ID: " * 10_000,
}  # fmt: skip
HEAVIES: dict[str, Callable[[], bytes]] = {
    "30 MB of garbage": lambda: garbage(HEAVY),
    "30 MB of attachment": lambda: attachment(HEAVY),
    "30 MB of text": lambda: HEAD + b"\r\n" + b"All the data that you have about me.\r\n" * 790_000,
    "30 MB in one line": lambda: HEAD + b"\r\n" + b"x" * HEAVY,
    "30 MB of line ends": lambda: HEAD + b"\r\n" + b"\n" * HEAVY,
    "30 MB of bare CR": lambda: HEAD + b"\r\n" + b"\r" * HEAVY,
    "30 MB of empty parts": lambda: MULTI + b"--b\n\n" * (HEAVY // 5),
    "30 MB of HTML": lambda: HTML + b"<div>x</div>" * (HEAVY // 12),
    "2,000 parts of HTML": lambda: (
        MULTI + (b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 3_000 + b"\r\n") * 1_900
    ),
    "a million lines, 29 deep": lambda: nested(29, b"--b-\n" * 990_000),
    "30 MB, forwarded 29 times": lambda: forwarded(29, attachment(20_000_000)),
    "2,000 long header fields": lambda: b"".join(
        b"X-%d: %s\r\n" % (number, b"\xe9\x81" * 7_000) for number in range(2_000)
    ),
}
