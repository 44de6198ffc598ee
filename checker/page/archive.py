"""Turns a web archive (WARC, gzip or plain) into its HTML pages, record by record, within bounds."""

from __future__ import annotations

import io
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from checker.errors import ReadError
from checker.page.fetch import replay
from checker.settings import Settings
from checker.values import Exchange, Failure, Page

SUFFIXES = (".warc", ".warc.gz")
#: Records of any kind that are looked at; an archive of one site holds some thousands, a public crawl's file 150,000.
MAX_RECORDS = 500_000
#: Bytes of the archive as it lies on disk; public crawls' files hold 1 GB.
MAX_BYTES = 4_000_000_000
#: Seconds without a new record: a member that unpacks to gigabytes of nothing.
MAX_STALL = 60.0
_MAX_HEADERS = 65_536
_CHUNK = 65_536
_GZIP = b"\x1f\x8b"
_STATUS = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})")
_TYPE = re.compile(rb"\ncontent-type:[ \t]*([^\s;,]+)", re.IGNORECASE)
_HTML_TYPES = (b"text/html", b"application/xhtml+xml")
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|head|body)", re.IGNORECASE)
#: An archive's length may be wrong; the record's own length counts.
_LENGTH = re.compile(rb"\ncontent-length:[^\n]*", re.IGNORECASE)
#: Many archives keep the body unpacked under the headers that it came with.
_PACKED = re.compile(rb"\n(?:content|transfer)-encoding:[^\n]*", re.IGNORECASE)
#: What goes before a page that was kept without its HTTP headers.
_RESOURCE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
_CUT = "The archive ends in the middle of this page, or the record's length is wrong."


@dataclass(frozen=True, kw_only=True)
class Archived:
    """One page of an archive, or why it, or what follows, could not be read; ``source`` is ``FILE.warc.gz#URL``."""

    source: str
    page: Page | None = None
    failure: Failure | None = None


def is_archive(source: str) -> bool:
    """Say whether a source is the name of a web archive."""
    return source.lower().endswith(SUFFIXES) and "://" not in source


def pages(path: str, settings: Settings) -> Iterator[Archived]:
    """Yield every HTML page of an archive in its order; redirects, pictures, scripts and other files are passed over.

    Never raises: an archive that cannot be opened, is cut or lies yields what could be read, then one failure.
    """
    try:
        with _Bounded(path) as file:
            yield from _records(path, file, settings)
    except ReadError as error:
        yield Archived(source=path, failure=error.failure())
    except FileNotFoundError:
        yield _unread(path, "no_such_file", f"There is no file {path}.")
    except PermissionError:
        yield _unread(path, "no_permission", f"The file {path} may not be read.")
    except IsADirectoryError:
        yield _unread(path, "is_directory", f"{path} is a directory.")
    except (OSError, ValueError, zlib.error) as error:
        yield _unread(path, "broken_file", f"The archive cannot be read from here on ({str(error)[:80] or 'damaged'}).")


def _unread(source: str, code: str, message: str) -> Archived:
    return Archived(source=source, failure=ReadError("read", code, message).failure())


class _Bounded(io.FileIO):
    """A file that ends with an error after too many bytes, or too long after the last record."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._left = MAX_BYTES
        self.record_at = time.monotonic()

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes; raises ReadError too_large."""
        data = super().read(size) or b""
        self._left -= len(data)
        if self._left < 0 or time.monotonic() - self.record_at > MAX_STALL:
            raise ReadError("read", "too_large", "The archive holds more than can be read in reasonable time and size.")
        return data


def _records(path: str, file: _Bounded, settings: Settings) -> Iterator[Archived]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource
    archived: Archived | None = None
    position = 0
    for number, record in enumerate(_whole(ArchiveIterator(file, record_types=kinds, parse_http=False)), 1):
        file.record_at, position = time.monotonic(), record.stream_pos
        if number > MAX_RECORDS:
            raise ReadError("read", "too_large", f"The archive holds more than {MAX_RECORDS:,} records.")
        url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
        found = _archived(path, url, record, settings) if url.lower().startswith(("http://", "https://")) else None
        if found is not None:
            archived = found
            yield found
    if archived is None or archived.failure is None:
        file.record_at = time.monotonic()
        if not _is_whole(file, position):
            yield _unread(path, "broken_file", "The archive ends in the middle of a record; what came before it was read.")
        elif archived is None:
            yield _unread(path, "empty", "The archive holds no pages.")


def _is_whole(file: _Bounded, position: int) -> bool:
    """Say whether the archive ends where a record ends; ``position`` is where the last one that was read begins."""
    is_packed = _starts_with(file, 0, _GZIP)
    if not is_packed and not _starts_with(file, 0, b"WARC/"):
        return True  # nothing at all, or another way of packing
    file.seek(position if _starts_with(file, position, _GZIP) or not is_packed else 0)
    end, unpacker = b"", zlib.decompressobj(wbits=31)
    while data := file.read(_CHUNK):
        while is_packed and data:
            end = (end + unpacker.decompress(data, _CHUNK))[-4:]
            data = unpacker.unconsumed_tail or unpacker.unused_data
            if unpacker.eof and data:
                unpacker = zlib.decompressobj(wbits=31)
        end = end if is_packed else (end + data)[-4:]
    return end.endswith(b"\n\r\n") and (unpacker.eof or not is_packed)


def _starts_with(file: _Bounded, position: int, mark: bytes) -> bool:
    file.seek(position)
    return file.read(len(mark)) == mark


def _whole(records: Iterator[Any]) -> Iterator[Any]:
    """Yield the records; raises OSError also where the reader itself breaks down, which is no Exception in Python."""
    try:
        yield from records
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise OSError("damaged") from error


def _archived(path: str, url: str, record: Any, settings: Settings) -> Archived | None:
    """Return the page in a record, None for a record that holds none."""
    source = f"{path}#{url}"
    message = _message(record, settings.max_bytes)
    if message is None:
        return None
    try:
        if len(message) < min(record.content_length, settings.max_bytes + _MAX_HEADERS):
            raise ReadError("read", "broken_file", _CUT)
        if len(message) < record.content_length:
            raise ReadError("read", "too_large", f"The page holds more than {settings.max_bytes:,} bytes.")
        page = _page(url, message, settings)
    except ReadError as error:
        return Archived(source=source, failure=error.failure())
    if not page.content_type.endswith("html"):
        return None
    return Archived(source=source, page=replace(page, source=source, fetched_at=_moment(record), robots=None))


def _message(record: Any, max_bytes: int) -> bytes | None:
    """Return the HTTP answer in a record, as much as may be read; None for what is no page by its status or type."""
    data: bytes = record.reader.read(max_bytes + _MAX_HEADERS)
    if not record.is_http:
        kind = (record.headers.get("Content-Type") or "").encode("latin-1", "replace").split(b";")[0].strip().lower()
        return _RESOURCE + data if kind in _HTML_TYPES else None
    status = _STATUS.match(data)
    head, _, body = data[:_MAX_HEADERS].partition(b"\r\n\r\n")
    kind = _TYPE.search(head)
    is_html = kind[1].lower() in _HTML_TYPES if kind else _MARKUP.match(body) is not None
    if not is_html or (status and status[1].startswith((b"1", b"3"))):
        return None
    return data


def _page(url: str, message: bytes, settings: Settings) -> Page:
    """Read the answer as if it came over the network; once more as unpacked where it does not unpack."""
    head, gap, body = message.partition(b"\r\n\r\n")
    head = _LENGTH.sub(b"", head)
    try:
        return _replayed(url, head + gap + body, settings)
    except ReadError as error:
        plain = _PACKED.sub(b"", head)
        if error.code not in ("broken_file", "refused", "wrong_type") or plain == head:
            raise
        return _replayed(url, plain + gap + body, settings)


def _replayed(url: str, message: bytes, settings: Settings) -> Page:
    from checker.page.address import check_address

    exchange = Exchange(url=check_address(url), began_at=datetime.now(UTC), address=None, request=b"", response=message)
    return replay(url, settings, [exchange])


def _moment(record: Any) -> datetime:
    """Return when the record was made, now where it does not say."""
    try:
        moment: datetime | None = record.record_date
    except (ValueError, OSError):
        moment = None
    return moment.astimezone(UTC) if moment else datetime.now(UTC)
