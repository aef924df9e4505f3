"""Records that prove themselves: length and checksums, a payload without line breaks, a newline.

The lead has a checksum of its own. So a record that a crash cut short, which nobody was promised,
is told from one that was damaged after it was promised, even where the damage hit its length.
"""

import zlib

LEAD = len(b"01234567 01234567 01234567 ")


def seal(payload: bytes) -> bytes:
    """Make a record: length and checksum of the payload, checksum of these two, the payload."""
    lead = b"%08x %08x " % (len(payload), zlib.crc32(payload))
    return b"%s%08x %s\n" % (lead, zlib.crc32(lead), payload)


def unseal(record: bytes) -> bytes | None:
    """Return the payload, or None unless the record is whole to the byte."""
    payload = record[LEAD:-1]
    return payload if record == seal(payload) else None


def unfinished(tail: bytes) -> bool:
    """Tell whether `tail`, which holds no whole record, can only be one that a crash cut short."""
    if b"\n" in tail[:-1]:
        return False  # more than one line: it was not the last thing written
    lead = tail[:LEAD]
    if not lead.strip(b"\0"):
        return True  # a power cut may keep a file's new size and lose its new bytes
    if len(lead) < LEAD:
        return True
    fields = lead[: -len(b"01234567 ")]
    if lead != b"%s%08x " % (fields, zlib.crc32(fields)):
        return False
    return len(tail) < LEAD + int(lead[:8], 16) + len(b"\n")
