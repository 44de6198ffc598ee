"""Turns exchanges and kept bytes into WARC records and a WARC file back into them."""

from __future__ import annotations

import io
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from checker.errors import EvidenceError
from checker.values import Exchange
from checker.wire import rfc3339

#: What a whole archive may hold when unpacked: six times the largest page and its screenshot.
MAX_BYTES = 100_000_000
#: Bytes that are unpacked at once.
_PIECE = 65_536
_HEAD_END = b"\r\n\r\n"
_PAYLOADS = ("request", "response")
_HTTP = "application/http; msgtype="


@dataclass(frozen=True, kw_only=True)
class WarcRecord:
    """One WARC record: what it is of, when, and its block byte for byte.

    ``concurrent`` is the id of the record that was made together with this one; ``cut`` says that reading stopped
    before the answer's end.
    """

    kind: str
    url: str | None
    date: str
    id: str
    content_type: str
    block: bytes = field(repr=False)
    concurrent: str | None = None
    address: str | None = None
    cut: bool = False

    @property
    def name(self) -> str:
        """Return what a person calls the record."""
        return f"{self.kind} {self.url}" if self.url else self.kind


def of_exchanges(exchanges: Iterable[Exchange]) -> Iterator[WarcRecord]:
    """Yield a response and a request record for each exchange; only the request where no answer came."""
    for exchange in exchanges:
        date, url, answer = rfc3339(exchange.began_at), exchange.url, _new_id()
        shared: dict[str, Any] = {"url": url, "date": date, "address": exchange.address}
        if exchange.response:
            block = exchange.response
            yield WarcRecord(
                kind="response", id=answer, content_type=f"{_HTTP}response", block=block, cut=_is_cut(block), **shared
            )
        together = answer if exchange.response else None
        block = exchange.request
        yield WarcRecord(kind="request", id=_new_id(), content_type=f"{_HTTP}request", block=block, concurrent=together, **shared)


def resource(url: str, moment: datetime, content_type: str, block: bytes) -> WarcRecord:
    """Return the record of bytes that did not come as an HTTP answer: a file, a rendered page, a picture."""
    return WarcRecord(kind="resource", url=url, date=rfc3339(moment), id=_new_id(), content_type=content_type, block=block)


def info(moment: datetime, software: str) -> WarcRecord:
    """Return the record that says what made the file."""
    block = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    return WarcRecord(
        kind="warcinfo", url=None, date=rfc3339(moment), id=_new_id(), content_type="application/warc-fields", block=block
    )


def write(records: Iterable[WarcRecord], *, compressed: bool = True) -> bytes:
    """Return the WARC file, each record compressed by itself, as replay needs it."""
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)
    for record in records:
        headers = StatusAndHeaders("", _headers(record), protocol="WARC/1.1")
        # Given as a whole, the block stays as it was sent; warcio would parse HTTP headers and write them anew.
        block, size = io.BytesIO(record.block), len(record.block)
        made = ArcWarcRecord("warc", record.kind, headers, block, None, record.content_type, size)
        made.payload_length = size
        writer.write_record(made)
    return out.getvalue()


def _headers(record: WarcRecord) -> list[tuple[str, str]]:
    payload = record.block.partition(_HEAD_END)[2] if record.kind in _PAYLOADS else record.block
    headers = {
        "WARC-Type": record.kind,
        "WARC-Record-ID": record.id,
        "WARC-Date": record.date,
        "WARC-Target-URI": record.url,
        "WARC-IP-Address": record.address,
        "WARC-Concurrent-To": record.concurrent,
        "WARC-Truncated": "unspecified" if record.cut else None,
        "WARC-Block-Digest": _digest(record.block),
        "WARC-Payload-Digest": _digest(payload),
    }
    return [(name, value) for name, value in headers.items() if value is not None]


def _digest(data: bytes) -> str:
    from warcio.utils import Digester

    digester = Digester("sha256")
    digester.update(data)
    return str(digester)


def read(data: bytes) -> tuple[tuple[WarcRecord, int, int], ...]:
    """Return every record of a WARC file that `write` made, with its offset and length in the file.

    Raises EvidenceError when the file is damaged, unpacks to more than MAX_BYTES, or is anything else than its records
    written again: that settles every digest, and that nothing stands between them.
    """
    members = list(_members(data))
    found = tuple((_record(plain), offset, length) for offset, length, plain in members)
    if write((record for record, *_ in found), compressed=False) != b"".join(plain for *_, plain in members):
        raise EvidenceError("the records do not fit their own digests, lengths or headers")
    return found


def _members(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield offset, length and unpacked bytes of each gzip member."""
    offset, room, view = 0, MAX_BYTES, memoryview(data)
    while offset < len(data):
        plain, length = _unpacked(view[offset:], room)
        room -= len(plain)
        yield offset, length, plain
        offset += length


def _unpacked(data: memoryview, room: int) -> tuple[bytes, int]:
    """Return the first gzip member unpacked, at most so many bytes, and its length; fed in pieces, which zlib copies."""
    unpacker, plain, at = zlib.decompressobj(zlib.MAX_WBITS + 16), bytearray(), 0
    while not unpacker.eof:
        if at >= len(data):
            raise EvidenceError("its last record is cut off")
        try:
            plain += unpacker.decompress(data[at : at + _PIECE], room + 1 - len(plain))
        except zlib.error as error:
            raise EvidenceError(f"a record is damaged ({error})") from error
        if len(plain) > room:
            raise EvidenceError(f"it unpacks to more than {MAX_BYTES:,} bytes")
        at += min(_PIECE, len(data) - at) - len(unpacker.unused_data)
    return bytes(plain), at


def _record(plain: bytes) -> WarcRecord:
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader

    try:
        raw = ArcWarcRecordLoader().parse_record_stream(io.BytesIO(plain), known_format="warc", no_record_parse=True)
        headers, block = raw.rec_headers, raw.raw_stream.read()
    except (ArchiveLoadFailed, EOFError, ValueError, AttributeError) as error:
        raise EvidenceError("a record has no readable head") from error
    needed = {name: headers.get_header(name) for name in ("WARC-Type", "WARC-Date", "WARC-Record-ID", "Content-Type")}
    if missing := [name for name, value in needed.items() if not value]:
        raise EvidenceError(f"a record lacks {', '.join(missing)}")
    return WarcRecord(
        kind=needed["WARC-Type"],
        url=headers.get_header("WARC-Target-URI"),
        date=needed["WARC-Date"],
        id=needed["WARC-Record-ID"],
        content_type=needed["Content-Type"],
        block=block,
        concurrent=headers.get_header("WARC-Concurrent-To"),
        address=headers.get_header("WARC-IP-Address"),
        cut=headers.get_header("WARC-Truncated") is not None,
    )


def exchanges(records: Sequence[WarcRecord]) -> tuple[Exchange, ...]:
    """Return the exchanges that request and response records are of, in the order of the requests.

    Raises EvidenceError for a response without its request, or a request whose response is missing.
    """
    answers = {record.id: record for record in records if record.kind == "response"}
    found = []
    for request in (record for record in records if record.kind == "request"):
        answer = answers.pop(request.concurrent, None) if request.concurrent else None
        if request.concurrent and answer is None:
            raise EvidenceError(f"the answer to the request for {request.url} is missing")
        found.append(_exchange(request, answer))
    if answers:
        raise EvidenceError(f"the request for {next(iter(answers.values())).url} is missing")
    return tuple(found)


def _exchange(request: WarcRecord, answer: WarcRecord | None) -> Exchange:
    if request.url is None or (answer is not None and answer.url != request.url):
        raise EvidenceError(f"request and answer are not of one address: {request.url}")
    return Exchange(
        url=request.url,
        began_at=datetime.strptime(request.date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        address=request.address,
        request=request.block,
        response=answer.block if answer else b"",
    )


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _is_cut(answer: bytes) -> bool:
    """Say whether fewer bytes were read than the answer announced: a redirect's body, or a page that was too large."""
    head, _, body = answer.partition(_HEAD_END)
    for line in head.lower().split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name == b"content-length" and value.strip().isdigit() and len(value) < 20:
            return int(value) > len(body)
    return False
