"""Turns a site's outcome into rows."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag

from sqlite_utils import Database

from checker.fingerprint import clean_address, page_key
from checker.store.outcome import Copy, JudgedPage, SiteOutcome
from checker.values import STRONGEST_FIRST, Failure, VerdictLevel


def verdict_of(verdicts: set[str]) -> str | None:
    """Return the strongest of the verdicts, None when no page was read."""
    return next((level.value for level in STRONGEST_FIRST if level in verdicts), None)


def is_read(report: Mapping[str, Any]) -> bool:
    """Say whether a report is of a page that was read."""
    return bool(report["verdict"] != VerdictLevel.COULD_NOT_READ)


def distinct(pages: tuple[JudgedPage, ...]) -> dict[str, JudgedPage]:
    """Return pages by key; of several that lead to one address one that was read is kept, else the first."""
    kept: dict[str, JudgedPage] = {}
    for page in pages:
        key = page_key(_address(page))
        if key not in kept or (is_read(page.report) and not is_read(kept[key].report)):
            kept[key] = page
    return kept


def save_outcome(db: Database, site: int, outcome: SiteOutcome) -> None:
    """Write all rows below a site; the caller holds the transaction."""
    for failure in outcome.failures:
        save_failure(db, site, None, failure)
    pages = distinct(outcome.pages)
    for key, page in pages.items():
        _save_page(db, site, key, page)
    for copy in outcome.copies:
        _save_copy(db, site, copy, pages)


def _save_copy(db: Database, site: int, copy: Copy, pages: Mapping[str, JudgedPage]) -> None:
    """Write an address that says what another page of the site does, unless a page is kept at it."""
    address = clean_address(copy.address)
    key, original = page_key(address), page_key(clean_address(copy.original))
    if key not in pages and original in pages:
        sql = "INSERT OR IGNORE INTO page_copy (site_id, address, key, original) VALUES (?, ?, ?, ?)"
        db.execute(sql, (site, address, key, original))


def save_failure(db: Database, site: int, page: int | None, failure: Failure) -> None:
    """Write why a page, or with ``page`` null a whole site, could not be read."""
    values = (site, page, failure.stage, failure.code, failure.message, failure.advice)
    db.execute("INSERT INTO failure (site_id, page_id, stage, code, message, advice) VALUES (?, ?, ?, ?, ?, ?)", values)


def _address(page: JudgedPage) -> str:
    return clean_address(page.report["final_url"] or page.report["source"])


def _save_page(db: Database, site: int, key: str, page: JudgedPage) -> None:
    report = page.report
    row = {
        "site_id": site,
        "address": _address(page),
        "key": key,
        **{name: report[name] for name in ("title", "verdict", "publisher", "language", "checked_at")},
        "sha256": page.sha256,
        "bytes": page.size,
        "words": zlib.compress(page.words.encode("utf-8", errors="replace")) if page.words else None,
    }
    page_id = _insert(db, "page", row)
    if "error" in report:
        save_failure(db, site, page_id, Failure(**report["error"]))
    _save_findings(db, page_id, report["findings"])
    for trial in report["trials"]:
        _save_trial(db, page_id, trial)
    for note in report["notes"]:
        _insert(db, "note", {"page_id": page_id, "code": note["code"], "message": note["message"], "quote": note.get("quote")})


def _save_findings(db: Database, page: int, findings: list[dict[str, Any]]) -> None:
    """Write each statement once, with a finding for each of its labels."""
    statements: dict[tuple[str, ...], int] = {}
    for finding in findings:
        place = {name: finding["place"][name] for name in ("role", "zone", "visibility", "css_path")}
        row = {"page_id": page, "text": finding["statement"], "context": _json(finding["context"]), **place}
        identity = tuple(map(str, row.values()))
        if identity not in statements:
            statements[identity] = _insert(db, "statement", row)
        _save_finding(db, statements[identity], finding)


_COPIED = ("label", "fingerprint", "severity", "confidence", "rule", "quote", "why", "strength", "about_nerves", "unsure")


def _save_finding(db: Database, statement: int, finding: Mapping[str, Any]) -> None:
    row = {
        "statement_id": statement,
        **{name: finding[name] for name in _COPIED},
        **{name: _json(finding[name]) for name in ("also", "conditions", "products")},
        "shielded_by": finding.get("shielded_by"),
        "start": finding["place"]["start"],
        "end": finding["place"]["end"],
        "fragment": urldefrag(finding["place"]["link"] or "").fragment or None,
    }
    _insert(db, "finding", row)


def _save_trial(db: Database, page: int, trial: Mapping[str, Any]) -> None:
    copied = ("registry", "outcome", "registry_status", "quote", "message", "source", "as_of")
    row = {"page_id": page, "trial": trial["id"], "mismatch_in": _json(trial["mismatch_in"])}
    _insert(db, "trial_check", {**row, **{name: trial[name] for name in copied}})


def _insert(db: Database, table: str, row: Mapping[str, object]) -> int:
    """Insert a row and return its id; texts with half characters are made whole, which SQLite asks for."""
    columns = ", ".join(f'"{name}"' for name in row)
    values = [_whole(value) if isinstance(value, str) else value for value in row.values()]
    cursor = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", values)
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _whole(text: str) -> str:
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
