"""Turns members into the bytes of a zip file and back, bounded, never writing a member to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter

from checker.errors import EvidenceError

#: The largest page, its screenshot and its report fit in several times.
MAX_BYTES = 100_000_000
MAX_MEMBERS = 20
#: Members carry no times of their own; this is the earliest that a zip file can name.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1
_UNIX = 3


def pack(members: dict[str, bytes]) -> bytes:
    """Return the zip file of the members: stored, as replay needs the WARC file, and the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the members of a zip file by name, in order.

    Raises EvidenceError for what is no zip file, is damaged, or holds too many, too large, encrypted, repeated or
    unsafely named members.
    """
    if len(data) > MAX_BYTES:
        raise EvidenceError(f"it holds more than {MAX_BYTES:,} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries)
            return {entry.filename: _bytes(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise EvidenceError(f"it is no whole zip file ({error})") from error


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_MEMBERS:
        raise EvidenceError(f"it holds {len(entries):,} files; an evidence file holds six")
    if repeated := [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]:
        raise EvidenceError(f"it holds {repeated[0]!r} more than once")
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise EvidenceError(f"it holds a file with an unsafe name, {name!r}")
        if entry.flag_bits & _ENCRYPTED:
            raise EvidenceError(f"{name!r} is encrypted")
    if (total := sum(entry.file_size for entry in entries)) > MAX_BYTES:
        raise EvidenceError(f"its files hold {total:,} bytes; at most {MAX_BYTES:,} are read")


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes, never more than it announced."""
    with archive.open(entry) as stream:
        found = stream.read(entry.file_size + 1)
    if len(found) != entry.file_size:
        raise EvidenceError(f"{entry.filename!r} holds another number of bytes than it announces")
    return found
