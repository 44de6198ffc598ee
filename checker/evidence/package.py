"""Turns records and a report into the members of one WACZ file (WACZ 1.1.1), always the same bytes from the same input.

The `wacz` package is not used: through cdxj-indexer it needs `surt`, which is AGPL-3.0, and `text-unidecode`, which is GPL.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from checker.evidence.records import WarcRecord, read
from checker.settings import Settings
from checker.values import Page
from checker.wire import rfc3339

FORMAT = "1.0"
WARC = "archive/data.warc.gz"
INDEX = "indexes/index.cdx"
PAGES = "pages/pages.jsonl"
REPORT = "report/claims.json"
PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
MEMBERS = (WARC, INDEX, PAGES, REPORT, PACKAGE, DIGEST)
#: The address of the record that holds the judged bytes where no HTTP answer does: a file, a rendered page.
KEPT = "urn:page:"
#: That of the picture of a page; the name is the one that other archives use.
VIEW = "urn:view:"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What was read, within which limits, and the page that came of it, if any.

    ``kept`` goes with the page and, where a browser rendered it, the page as it came without scripts: the id of the
    record that holds the bytes, or None where they follow from the exchanges.
    """

    source: str
    max_bytes: int
    max_redirects: int
    page: Page | None
    kept: tuple[str | None, ...] = ()

    @property
    def settings(self) -> Settings:
        """The settings that reading and judging again needs."""
        return Settings(max_bytes=self.max_bytes, max_redirects=self.max_redirects)


def versions_of(page: Page | None) -> tuple[Page, ...]:
    """Return the page and, after it, the same page without scripts, where both are known."""
    return () if page is None else (page, *versions_of(page.plain))


def members(warc: bytes, subject: Subject, report: dict[str, Any], timestamp: str | None = None) -> dict[str, bytes]:
    """Return every member by its name; the timestamp (base64) belongs to the package file.

    Raises EvidenceError when the WARC file is damaged.
    """
    found = read(warc)
    records = [record for record, *_ in found]
    parts = {
        WARC: warc,
        INDEX: _index(found),
        PAGES: _pages(records, subject, report),
        REPORT: _json(report),
    }
    parts[PACKAGE] = _json(_package(parts, records, subject, report))
    parts[DIGEST] = digest_file(parts[PACKAGE], timestamp)
    return parts


def digest_file(package: bytes, timestamp: str | None = None) -> bytes:
    """Return the file that names the package file's SHA-256 and holds its timestamp."""
    digest = {"path": PACKAGE, "hash": sha256(package)}
    return _json(digest if timestamp is None else {**digest, "timestamp": timestamp})


def sha256(data: bytes) -> str:
    """Return the digest as WACZ writes it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", errors="backslashreplace")


def _index(found: Sequence[tuple[WarcRecord, int, int]]) -> bytes:
    """Return the CDXJ index: where in the WARC file each replayable record stands."""
    lines = []
    for record, offset, length in found:
        if record.kind not in ("response", "resource") or record.url is None:
            continue
        status, mime = _status_and_type(record)
        entry = {"url": record.url, "mime": mime, "status": status, "digest": sha256(record.block)}
        place = {"length": str(length), "offset": str(offset), "filename": WARC.partition("/")[2]}
        lines.append(f"{search_key(record.url)} {_digits(record.date)} {json.dumps({**entry, **place})}\n")
    return "".join(sorted(lines)).encode()


def _status_and_type(record: WarcRecord) -> tuple[str, str]:
    """Return the HTTP status and content type that a record gives."""
    if record.kind == "resource":
        return "200", record.content_type
    head = record.block.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    kinds = [line.partition(":")[2] for line in head[1:] if line.lower().startswith("content-type:")]
    status = head[0].split(" ")[1:2]
    return (status[0] if status else "0"), (kinds[0].partition(";")[0].strip() if kinds else "unknown")


def search_key(url: str) -> str:
    """Return the form in which indexes sort addresses: host name reversed, no www, lower case."""
    parts = urlsplit(url.lower())
    if parts.scheme not in ("http", "https"):
        return url
    host = ",".join(reversed((parts.hostname or "").removeprefix("www.").split(".")))
    port = f":{parts.port}" if parts.port else ""
    query = f"?{urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))}" if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}".replace(" ", "%20")


def _digits(date: str) -> str:
    return "".join(char for char in date if char.isdigit())


def shown(records: Sequence[WarcRecord], page: Page | None) -> WarcRecord | None:
    """Return the record that a viewer opens first: the page's answer, else the kept page, else the last answer."""
    answers = [record for record in records if record.kind == "response"]
    pages = [record for record in answers if page is not None and record.url == page.final_url]
    kept = [record for record in records if record.kind == "resource" and (record.url or "").startswith(KEPT)]
    return next(iter([*reversed(pages), *kept, *reversed(answers)]), None)


def _pages(records: Sequence[WarcRecord], subject: Subject, report: dict[str, Any]) -> bytes:
    """Return the page list; viewers need ``url`` and ``ts`` exactly as in the records."""
    lines: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": "Pages"}]
    record = shown(records, subject.page)
    if record is not None:
        ident = uuid.uuid5(uuid.NAMESPACE_URL, f"{record.url} {record.date}").hex
        title = report.get("title") or subject.source
        lines.append({"id": ident, "url": record.url, "ts": record.date, "title": title})
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def _package(parts: dict[str, bytes], records: Sequence[WarcRecord], subject: Subject, report: dict[str, Any]) -> dict[str, Any]:
    """Return the package file: the SHA-256 of every member, and what is needed to read and judge the page again."""
    first = shown(records, subject.page)
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": report.get("title") or subject.source,
        "software": f"clinic-claim-checker {report.get('versions', {}).get('checker')}",
        "created": records[0].date if records else None,
        **({"mainPageUrl": first.url, "mainPageDate": first.date} if first else {}),
        "resources": [
            {"name": path.rpartition("/")[2], "path": path, "hash": sha256(data), "bytes": len(data)}
            for path, data in parts.items()
        ],
        "clinic_checker": {
            "format": FORMAT,
            "source": subject.source,
            "limits": {"max_bytes": subject.max_bytes, "max_redirects": subject.max_redirects},
            "pages": [page_fields(page, kept) for page, kept in zip(versions_of(subject.page), subject.kept, strict=True)],
            "versions": report.get("versions"),
            "records": [{"type": record.kind, "url": record.url, "id": record.id} for record in records],
        },
    }


def page_fields(page: Page, kept: str | None) -> dict[str, Any]:
    """Return what a page is beside its bytes, as JSON types."""
    return {
        "record": kept,
        "sha256": page.sha256,
        "content_type": page.content_type,
        "charset": page.charset,
        "final_url": page.final_url,
        "redirects": list(page.redirects),
        "status": page.status,
        "robots": page.robots,
        "rendered": page.rendered,
        "fetched_at": rfc3339(page.fetched_at),
    }
