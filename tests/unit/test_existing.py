"""Existing mail is found message by message, each with the day it was received."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.mail.existing import Found, files_in, messages_in
from bot.mail.heads import head_of, recipients_of, return_path_of

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
OLD = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RECEIVED = "Received: from a by b.example; Mon, 2 Nov 2026 10:30:00 +0100\n"
DATE = "Date: Mon, 02 Nov 2026 08:00:00 +0000\n"


def found(head: str, tmp_path: Path, noted: datetime | None = None) -> Found:
    path = tmp_path / "one.eml"
    path.write_text(f"{head}Subject: x\n\nHello\n")
    os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    return Found(path, path.read_bytes(), noted)


@pytest.mark.parametrize(
    ("head", "noted", "received"),
    [
        (RECEIVED + DATE, datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        (DATE, datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)),
        (DATE, None, datetime(2026, 11, 2, 8, 0, tzinfo=UTC)),
        ("", None, OLD),
        ("Date: Thu, 01 Jan 1970 00:00:00 +0000\n", None, OLD),
        ("Date: Thu, 01 Jan 2099 00:00:00 +0000\n", None, OLD),
        ("Date: nonsense\n", None, OLD),
        ("Received: from a by b.example; Fri, 01 Jan 99999999999999999999 00:00:00 +0000\n", None, OLD),
    ],
)  # fmt: skip
def test_receipt_is_the_first_that_is_there_and_possible(
    tmp_path: Path, head: str, noted: datetime | None, received: datetime
):
    assert found(head, tmp_path, noted).received_at(NOW) == received


def test_an_mbox_is_split_at_its_from_lines_and_unquoted(tmp_path: Path):
    path = tmp_path / "box"
    path.write_bytes(
        b"From ann@mail.example Mon Nov  2 09:30:00 2026\nSubject: one\n\n"
        b">From the start\n>>From further\nFrom here on no blank line stood before\n\n"
        b"From - Tue Nov  3 09:30:00 2026\nSubject: two\n\nHello\n"
    )
    one, two = messages_in(path)
    assert one.noted == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert one.raw == (
        b"Subject: one\n\nFrom the start\n>From further\nFrom here on no blank line stood before\n\n"
    )
    assert two.noted == datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    assert two.raw == b"Subject: two\n\nHello\n"


def test_a_maildir_is_read_with_its_folders_and_its_times(tmp_path: Path):
    box = tmp_path / "Maildir"
    names = ("cur/1762075800.1.host:2,S", "new/1762075900.2.host", ".Old.2025/cur/nameless:2,")
    for name in names:
        (box / name).parent.mkdir(parents=True)
        (box / name).write_bytes(b"Subject: x\n\nHello\n")
    (box / "tmp").mkdir()
    (box / "tmp" / "3.half").write_bytes(b"Sub")
    files = files_in(box)
    assert sorted(str(f.relative_to(box)) for f in files) == sorted(names)
    noted = {f.name: message.noted for f in files for message in messages_in(f)}
    assert noted["1762075800.1.host:2,S"] == datetime(2025, 11, 2, 9, 30, tzinfo=UTC)
    assert noted["nameless:2,"] is None


def test_of_a_folder_every_eml_is_taken_and_nothing_else(tmp_path: Path):
    for name in ("b.EML", "deep/a.eml", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"Subject: x\n\n")
    assert [f.name for f in files_in(tmp_path)] == ["b.EML", "a.eml"]


@pytest.mark.parametrize(
    ("head", "path"),
    [
        (b"Return-Path: <bounces@list.example>\nFrom: ann@mail.example\n", "bounces@list.example"),
        (b"Return-Path: <>\nFrom: ann@mail.example\n", ""),
        (b"From: Ann <ann@mail.example>\n", "ann@mail.example"),
        (b"From: ann@mail.example, bob@mail.example\n", ""),
    ],
)
def test_where_an_answer_would_go_is_what_the_last_server_noted(head: bytes, path: str):
    assert return_path_of(head_of(head + b"\nHello\n")) == path


def test_where_it_arrived_brings_letters_home():
    head = head_of(b"Delivered-To: <dp+b-1.x@acme.example>\nX-Original-To: dp@acme.example\n\n")
    assert recipients_of(head) == ("dp+b-1.x@acme.example", "dp@acme.example")
