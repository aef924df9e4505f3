"""Two places that an erasure reaches and leaves: letters in a Maildir, and the ledger of what was erased."""

from pathlib import Path

import pytest

from store.ledger import Ledger, belongs
from store.outbox import Outbox

LETTER = b"Subject: x\r\nMessage-ID: %s\r\n\r\nDear Ann,\r\n"
OURS, OTHER = b"<ours@acme.example>", b"<other@acme.example>"


@pytest.mark.parametrize(
    "name",
    [
        "new/DP-2026-000001-1.privacy-intake",
        "new/.DP-2026-000001-1.privacy-intake.partial",
        "cur/DP-2026-000001-1.privacy-intake:2,S",
        "cur/1795368000.M1P2.desk:2,RS",
    ],
)
def test_a_letter_is_found_by_its_name_or_by_its_message_id(tmp_path: Path, name: str):
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(LETTER % OURS)
    outbox = Outbox(tmp_path)
    assert list(outbox.find(["DP-2026-000001-1"], [OURS.decode()])) == [path]
    outbox.clear(["DP-2026-000001-1"], [OURS.decode()])
    assert not path.exists()


def test_no_other_letter_is_touched(tmp_path: Path):
    (tmp_path / "new").mkdir()
    others = {
        "DP-2026-000001-10.privacy-intake": OURS,  # by name another one's, whatever it says
        "DP-2026-000010-1.privacy-intake": OTHER,
        "morning-2026-12-04-1.privacy-intake": OTHER,
        "1795368000.M1P2.desk": OTHER,
    }
    for name, message_id in others.items():
        (tmp_path / "new" / name).write_bytes(LETTER % message_id)
    Outbox(tmp_path).clear(["DP-2026-000001-1"], [OURS.decode()])
    Outbox(tmp_path).clear([], [OURS.decode()])
    Outbox(None).clear(["DP-2026-000010-1"], [OTHER.decode()])
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(others)


def test_the_ledger_tells_what_was_added_whatever_a_crash_tore(tmp_path: Path):
    path = tmp_path / "erasures.jsonl"
    ledger = Ledger(path)
    assert ledger.lines() == {}
    ledger.add("DP-2026-000001", {"reason": "junk"})
    with path.open("ab") as file:
        file.write(b'\n{"what": "DP-2026-0000')
    ledger.add("DP-2026-000003", {"reason": "order"})
    ledger.add("DP-2026-000003", {"reason": "order"})
    told = {"DP-2026-000001": {"reason": "junk"}, "DP-2026-000003": {"reason": "order"}}
    assert ledger.lines() == told
    other = Ledger(tmp_path / "other")
    other.add("DP-2026-000001", {"reason": "mistake"})
    other.take_over(ledger)
    other.take_over(ledger)
    assert other.lines() == told | {"DP-2026-000001": {"reason": "mistake"}}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "whether"),
    [
        ("correction:DP-2026-000001", True),
        ("slack card DP-2026-000001", True),
        ("hold:DP-2026-000001", True),
        ("correction:DP-2026-0000010", False),
        ("slack-erase:DP-2026-000001", False),
        ("erased:DP-2026-000001", False),
        ("erasing:DP-2026-000001", False),
        ("blocked:00ff:marketing", False),
        ("last numbers", False),
    ],
)
def test_what_is_kept_belongs_to_a_case_if_its_name_ends_so(name: str, whether: bool):  # noqa: FBT001
    assert belongs(name, {"DP-2026-000001"}) is whether
