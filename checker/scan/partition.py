"""Turns one web archive into one Parquet file of its pages in scope, judged; the file appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from checker import wire
from checker.errors import ArchiveError
from checker.page import archive
from checker.scan.output import FINDING, Counts, Output
from checker.scan.pool import judge_in_time
from checker.scan.scope import may_be_in_scope
from checker.scan.site import attempt
from checker.scan.visits import unread
from checker.settings import Settings
from checker.store.outcome import JudgedPage
from checker.values import FLAGGED, Failure, Page

#: Rows that are held before they are written: some megabytes of reports.
ROWS = 64


@dataclass(frozen=True, kw_only=True)
class Job:
    """An archive to read (a path, or an address that fsspec opens), the folder for what comes of it, and what judges."""

    archive: str
    folder: str
    settings: Settings
    judge: Callable[[Page], JudgedPage] = judge_in_time

    @property
    def name(self) -> str:
        """Return the name of the file that comes of it: the archive's, and a mark that no other archive shares."""
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", self.archive.rpartition("/")[2])[:80]
        return f"{plain}-{hashlib.sha256(self.archive.encode()).hexdigest()[:10]}.parquet"


def scan(job: Job) -> Counts:
    """Judge an archive's pages in scope and write them; a file that is there already is left as it is.

    Raises ArchiveError when an archive on another machine cannot be read to its end, CheckFailed when the file cannot be
    written; nothing is left then, and a later run tries again.
    """
    output = Output(job.folder)
    if output.has(job.name):
        return output.counts(job.name)
    counts, start = Counts(archives=1), time.perf_counter()
    with output.writing(job.name) as write:
        rows: list[dict[str, Any]] = []
        for row in _rows(job, counts):
            rows.append(row)
            if len(rows) >= ROWS:
                write(rows, None)
                rows = []
        counts.seconds = round(time.perf_counter() - start, 3)
        write(rows, counts)
    return counts


def _rows(job: Job, counts: Counts) -> Iterator[dict[str, Any]]:
    """Yield a row for each page in scope and for each that could not be read, counting all."""

    def count_pdf(_: str) -> None:
        counts.pdfs += 1

    for found in archive.pages(job.archive, job.settings, may_be_in_scope, count_pdf):
        if found.failure is not None and found.source == job.archive and "://" in job.archive:
            raise ArchiveError(f"{job.archive}: {found.failure.message}")
        is_page = found.failure is None or found.source != job.archive
        counts.pages += is_page
        counts.broken += not is_page
        if found.page is None and found.failure is None:
            counts.passed_over += 1
            continue
        row = _row(found, job.judge)
        counts.unread += is_page and row["error_code"] is not None
        counts.judged += row["error_code"] is None
        counts.flagged += row["verdict"] in FLAGGED
        yield row


def _row(found: archive.Archived, judge: Callable[[Page], JudgedPage]) -> dict[str, Any]:
    page = found.page
    outcome: JudgedPage | Failure | None = attempt("judge", lambda: judge(page)) if page is not None else found.failure
    if isinstance(outcome, Failure):
        address = page.final_url if page else None
        outcome = JudgedPage(report=wire.to_dict(unread(found.source, outcome, address)))
    assert outcome is not None  # a page that is not wanted makes no row
    report = outcome.report
    return {
        "source": found.source,
        "url": found.source.partition("#")[2] or None,
        "archived_at": found.recorded_at,
        "sha256": page.sha256 if page else None,
        "bytes": len(page.body) if page else None,
        "title": report["title"],
        "language": report["language"],
        "publisher": report["publisher"],
        "verdict": report["verdict"],
        "error_code": report.get("error", {}).get("code"),
        "error_message": report.get("error", {}).get("message"),
        "findings": [{name: finding[name] for name in FINDING} for finding in report["findings"]],
        "report": json.dumps(report, ensure_ascii=False),
    }
