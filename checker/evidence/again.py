"""Turns an evidence file's records back into the page and its report, and tells two reports apart."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urldefrag

from checker.engine import NOT_SHOWN, PUBLISHER_GIVEN, TRIED_TOO, Checker
from checker.errors import EvidenceError, ReadError
from checker.evidence import package
from checker.evidence.package import Subject
from checker.evidence.records import WarcRecord
from checker.evidence.save import same_page
from checker.page.fetch import replay
from checker.values import READINGS, Exchange, Page, Report

#: Versions before 27 November 2026 did not name the bodies that a browser gives tables.
_TABLE_BODY = re.compile(r"(?: > )?tbody:nth-of-type\(\d+\)(?= >|$)")
#: Failures that leave nothing which could be read again; the archive shows what was asked and what came.
LEAVES_NOTHING = frozenset(
    "unsupported_address private_address unknown_host refused timeout tls no_such_file is_directory no_permission robots".split()
)


def subject_of(described: dict[str, Any], found: Sequence[WarcRecord]) -> Subject:
    """Return what was read, as the package file says; raises EvidenceError for a format that this program does not know."""
    ours = described["clinic_checker"]
    if ours["format"] != package.FORMAT:
        raise EvidenceError(f"the evidence has format {ours['format']}; this program reads {package.FORMAT}")
    source, blocks = str(ours["source"]), {record.id: record.block for record in found}
    page: Page | None = None
    for fields in reversed(ours["pages"][:2]):
        page = _page(fields, source, blocks, plain=page)
    return Subject(
        source=source,
        max_bytes=int(ours["limits"]["max_bytes"]),
        max_redirects=int(ours["limits"]["max_redirects"]),
        page=page,
        kept=tuple(fields["record"] for fields in ours["pages"]),
    )


def _page(fields: dict[str, Any], source: str, blocks: dict[str, bytes], plain: Page | None) -> Page:
    """Return the page as the package file describes it; its bytes are those of the kept record, else still none."""
    kept = fields["record"]
    if kept is not None and kept not in blocks:
        raise EvidenceError("the record of the judged page is missing")
    body = blocks[kept] if kept is not None else b""
    return Page(
        source=source,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        content_type=str(fields["content_type"]),
        fetched_at=datetime.fromisoformat(fields["fetched_at"]),
        final_url=fields["final_url"],
        redirects=tuple(fields["redirects"]),
        status=fields["status"],
        charset=fields["charset"],
        robots=fields["robots"],
        rendered=bool(fields["rendered"]),
        plain=plain,
    )


#: What some reasons said before.
_SAID_BEFORE = {
    "trial_record": "The page is the record or the recruiting notice of a registered trial; nothing is sold.",
    "third_party": "The page informs, reports or warns; its publisher does not sell the treatment.",
    "nothing_in_scope": "No stem cell, exosome or other regenerative product is offered on the page.",
}
#: How a note begins that a browser could not show the page.
_NO_BROWSER = tuple(text.partition("{")[0] for text in (NOT_SHOWN, TRIED_TOO))


def judge(subject: Subject, exchanges: Sequence[Exchange], stored: dict[str, Any]) -> tuple[Page | None, Report]:
    """Return the page read again and its report, as of the day of the stored one; no page where none could be read.

    A failure that leaves nothing to read again is taken over from the stored report. Raises EvidenceError when the records
    do not lead to a page that was read.
    """
    thorough = stored["versions"].get("reading") == READINGS[True]
    checker = _checker(thorough).as_of(datetime.fromisoformat(stored["checked_at"]).date(), subject.settings)
    if any(note["code"] == PUBLISHER_GIVEN.code for note in stored["notes"]):
        checker = checker.for_sellers()
    failed = stored.get("error")
    try:
        page = _read_again(subject, exchanges)
    except ReadError as error:
        if subject.page is not None:
            raise EvidenceError(f"the page cannot be read from it ({error.message})") from error
        if failed and (failed["code"] in LEAVES_NOTHING or not exchanges):
            error = ReadError(failed["stage"], failed["code"], failed["message"])
        return None, checker.unread(subject.source, error)
    try:
        return page, checker.check_page(page)
    except ReadError as error:
        return page, checker.unread(subject.source, error)


@cache
def _checker(thorough: bool) -> Checker:
    return Checker(thorough=thorough)


def _read_again(subject: Subject, exchanges: Sequence[Exchange]) -> Page:
    """Return the page with the bytes that the exchanges hold, where no record keeps them; raises ReadError."""
    if subject.page is None:
        return replay(subject.source, subject.settings, exchanges)
    page: Page | None = None
    for version, kept in reversed(list(zip(package.versions_of(subject.page), subject.kept, strict=True))):
        if kept is None:
            version = same_page(replay(subject.source, subject.settings, exchanges), version)
        page = replace(version, plain=page)
    assert page is not None  # there is at least the page itself
    return page


def compare(stored: dict[str, Any], again: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield every place at which two reports differ, with both sides; versions and when they were made are left out.

    What says where a quote stands may be in the form of earlier versions, if it is what they would have said.
    """
    url = again["final_url"]
    made = {**again, **{key: _as_before(stored.get(key), again[key], url) for key in ("findings", "trials")}}
    made["reasons"] = _as_said_before(stored.get("reasons"), again["reasons"])
    return _compared(_repeatable(stored), _repeatable(made), "")


def _as_before(stored: Any, made: list[dict[str, Any]], url: str | None) -> list[dict[str, Any]]:
    """Return findings or trials of a report made again, each place in its earlier form where the stored one has that."""
    if not isinstance(stored, list) or len(stored) != len(made):
        return made
    return [{**new, "place": {**new["place"], **_earlier(old, new, url)}} for old, new in zip(stored, made, strict=True)]


def _as_said_before(stored: Any, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return reasons made again, each in the words of versions before 28 November 2026 where the stored one has these."""
    if not isinstance(stored, list) or len(stored) != len(made):
        return made
    said = [old.get("message") if isinstance(old, dict) else None for old in stored]
    pairs = zip(said, made, strict=True)
    return [{**new, "message": old} if old and old == _SAID_BEFORE.get(new["code"]) else new for old, new in pairs]


def _earlier(stored: Any, made: dict[str, Any], url: str | None) -> dict[str, Any]:
    """Return what a stored finding's place has in the earlier form of that of the finding made again."""
    place = stored.get("place") if isinstance(stored, dict) else None
    if not isinstance(place, dict):
        return {}
    link, path = _earlier_link(url, made["quote"]) if url else None, str(place.get("css_path"))
    named = made["place"]["css_path"]
    is_earlier = len(path) < len(named) and _TABLE_BODY.sub("", path) == _TABLE_BODY.sub("", named)
    earlier = {"link": link if place.get("link") == link else None, "css_path": path if is_earlier else None}
    return {key: value for key, value in earlier.items() if value is not None}


def _earlier_link(url: str, text: str) -> str:
    """Return the address that versions before 27 November 2026 gave a quote: its words, or the first and the last of them."""
    words = text.split()
    parts = [text] if len(words) <= 12 else [" ".join(words[:6]), " ".join(words[-6:])]
    encoded = (quote(part, safe="", errors="replace").replace("-", "%2D") for part in parts)
    return f"{urldefrag(url).url}#:~:text={','.join(encoded)}"


def _repeatable(report: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a report that an archive alone leads to: not when it was made, nor what a browser could not do."""
    kept = {key: value for key, value in report.items() if key not in ("checked_at", "versions")}
    passing = unrepeatable(report)
    return {**kept, "notes": [note for note in report["notes"] if note not in passing]}


def unrepeatable(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the one note that no archive leads to: that a browser could not show the page, in the words of this program."""
    fits = (note for note in report["notes"] if note["code"] == "render_failed" and not note["quote"])
    return [note for note in fits if note["message"].startswith(_NO_BROWSER)][:1]


def _compared(old: Any, new: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield every place at which two JSON values differ, with both sides."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _compared(old.get(key), new.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _compared(before, after, f"{place}[{number}]")
    elif isinstance(old, list) and isinstance(new, list):
        yield f"number of {place}", len(old), len(new)
    elif old != new or type(old) is not type(new):
        yield place, old, new
