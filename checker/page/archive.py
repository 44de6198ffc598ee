"""Turns a web archive (WARC, gzip or plain) into its HTML pages, record by record, within bounds."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from checker.errors import ReadError
from checker.page.fetch import replay
from checker.page.kinds import ARCHIVE_SUFFIXES, HTML_TYPES
from checker.settings import Settings
from checker.values import Exchange, Failure, Page

#: Archives of text alone, as Common Crawl makes them: no markup, and so less to judge by.
TEXT_SUFFIXES = (".wet", ".wet.gz")
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
_PDF = b"application/pdf"
_HTML_TYPES = tuple(kind.encode() for kind in HTML_TYPES)
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|head|body)", re.IGNORECASE)
#: An archive's length may be wrong; the record's own length counts.
_LENGTH = re.compile(rb"\ncontent-length:[^\n]*", re.IGNORECASE)
#: Many archives keep the body unpacked under the headers that it came with.
_PACKED = re.compile(rb"\n(?:content|transfer)-encoding:[^\n]*", re.IGNORECASE)
#: What goes before a page that was kept without its HTTP headers, and before a page of which only the text was kept.
_RESOURCE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
_TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
#: What archives write for a moment beside the forms of ISO 8601 that Python reads, by its length.
_DATE_FORMS = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 7: "%Y-%m", 4: "%Y"}
_CUT = "The archive ends in the middle of this page, or the record's length is wrong."


@dataclass(frozen=True, kw_only=True)
class Archived:
    """One page of an archive, or why it, or what follows, could not be read; ``source`` is ``FILE.warc.gz#URL``.

    ``recorded_at`` is when it was recorded, None where the archive does not say. Neither page nor failure: the page was not
    wanted.
    """

    source: str
    page: Page | None = None
    failure: Failure | None = None
    recorded_at: datetime | None = None


def is_archive(source: str) -> bool:
    """Say whether a source is the name of a web archive."""
    return source.lower().endswith(ARCHIVE_SUFFIXES) and "://" not in source


def pages(
    path: str,
    settings: Settings,
    wanted: Callable[[bytes], bool] | None = None,
    on_pdf: Callable[[str], None] | None = None,
) -> Iterator[Archived]:
    """Yield every HTML page of an archive in its order; redirects, pictures, scripts and other files are passed over.

    ``on_pdf`` is told the address of each PDF that is passed over. ``wanted`` looks at a page's bytes before they are
    parsed; what it refuses is yielded without a page. A path with ``://`` in it is opened by fsspec. Never raises: an
    archive that cannot be opened, is cut or lies yields what could be read, then one failure.
    """
    try:
        with _opened(path) as file:
            yield from _records(path, _Bounded(file), settings, wanted, on_pdf)
    except ReadError as error:
        yield Archived(source=path, failure=error.failure())
    except FileNotFoundError:
        yield _unread(path, "no_such_file", f"There is no file {path}.")
    except PermissionError:
        yield _unread(path, "no_permission", f"The file {path} may not be read.")
    except IsADirectoryError:
        yield _unread(path, "is_directory", f"{path} is a directory.")
    except (OSError, ValueError, ImportError, zlib.error) as error:  # an import that this kind of address needs
        yield _unread(path, "broken_file", f"The archive cannot be read from here on ({str(error)[:80] or 'damaged'}).")


def _unread(source: str, code: str, message: str) -> Archived:
    return Archived(source=source, failure=ReadError("read", code, message).failure())


def _opened(path: str) -> BinaryIO:
    """Open a file of this machine, or of another by its address."""
    if "://" not in path:
        return Path(path).open("rb", buffering=0)
    import fsspec

    file: BinaryIO = fsspec.open(path, "rb").open()
    return file


class _Bounded:
    """A file that ends with an error after too many bytes, or too long after the last record."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = MAX_BYTES
        self.record_at = time.monotonic()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises ReadError too_large."""
        data = self._file.read(size) or b""
        self._left -= len(data)
        if self._left < 0 or time.monotonic() - self.record_at > MAX_STALL:
            raise ReadError("read", "too_large", "The archive holds more than can be read in reasonable time and size.")
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to an offset."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the offset."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _records(
    path: str,
    file: _Bounded,
    settings: Settings,
    wanted: Callable[[bytes], bool] | None,
    on_pdf: Callable[[str], None] | None,
) -> Iterator[Archived]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    kinds = WarcRecordType.response | WarcRecordType.resource
    if path.lower().endswith(TEXT_SUFFIXES):
        kinds = WarcRecordType.conversion
    archived: Archived | None = None
    position = 0
    for number, record in enumerate(_whole(ArchiveIterator(file, record_types=kinds, parse_http=False)), 1):
        file.record_at, position = time.monotonic(), record.stream_pos
        if number > MAX_RECORDS:
            raise ReadError("read", "too_large", f"The archive holds more than {MAX_RECORDS:,} records.")
        url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
        is_web = url.lower().startswith(("http://", "https://"))
        tell = partial(on_pdf, url) if on_pdf else None
        found = _archived(f"{path}#{url}", record, settings, wanted, tell) if is_web else None
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


def _archived(
    source: str,
    record: Any,
    settings: Settings,
    wanted: Callable[[bytes], bool] | None,
    tell_pdf: Callable[[], None] | None,
) -> Archived | None:
    """Return the page in a record, None for a record that holds none; a PDF is told of."""
    message = _message(record, settings.max_bytes, tell_pdf)
    if message is None:
        return None
    moment = _moment(record)
    try:
        if len(message) < min(record.content_length, settings.max_bytes + _MAX_HEADERS):
            raise ReadError("read", "broken_file", _CUT)
        if len(message) < record.content_length:
            raise ReadError("read", "too_large", f"The page holds more than {settings.max_bytes:,} bytes.")
        is_packed = _PACKED.search(message, 0, _MAX_HEADERS) is not None
        if wanted and not is_packed and not wanted(message):
            return Archived(source=source)
        page = _page(source.partition("#")[2], message, settings)
    except ReadError as error:
        return Archived(source=source, failure=error.failure(), recorded_at=moment)
    if page.content_type not in HTML_TYPES and record.is_http:
        return None
    if wanted and is_packed and not wanted(page.body):
        return Archived(source=source)
    page = replace(page, source=source, fetched_at=moment or page.fetched_at, robots=None)
    return Archived(source=source, page=page, recorded_at=moment)


def _message(record: Any, max_bytes: int, tell_pdf: Callable[[], None] | None) -> bytes | None:
    """Return the HTTP answer in a record, as much as may be read; None for what is no page by its status or type."""
    data: bytes = record.reader.read(max_bytes + _MAX_HEADERS)
    if not record.is_http:
        kind = (record.headers.get("Content-Type") or "").encode("latin-1", "replace").split(b";")[0].strip().lower()
        if kind == b"text/plain" and str(record.record_type) == "conversion":
            return _TEXT + data
        if kind == _PDF and tell_pdf:
            tell_pdf()
        return _RESOURCE + data if kind in _HTML_TYPES else None
    status = _STATUS.match(data)
    head, _, body = data[:_MAX_HEADERS].partition(b"\r\n\r\n")
    kind = _TYPE.search(head)
    if tell_pdf and kind and kind[1].lower() == _PDF and status and status[1].startswith(b"2"):
        tell_pdf()
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


def _moment(record: Any) -> datetime | None:
    """Return when the record was made, by the day alone where it says no more (WARC 1.1); None where it does not say."""
    said = (record.headers.get("WARC-Date") or "").strip()
    form = _DATE_FORMS.get(len(said))
    with suppress(ValueError, OSError, OverflowError):
        moment = datetime.strptime(said, form) if form else datetime.fromisoformat(said)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return None
