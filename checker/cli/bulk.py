"""The command `scan --warc`: web archives, on this machine or on a Dask cluster."""

from __future__ import annotations

import importlib.util
import os
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from checker.cli import codes
from checker.errors import CheckFailed, SettingsError
from checker.reports.sentences import counted
from checker.settings import Settings

if TYPE_CHECKING:
    from checker.scan.output import Counts
    from checker.scan.partition import Job
    from checker.scan.workers import Workers

#: Archives whose failure is told one by one.
MAX_TOLD = 5


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line says of a scan of archives."""

    patterns: list[str]
    to: str
    cluster: str | None
    processes: int | None


def scan(options: Options, settings: Settings, stop: threading.Event) -> int:
    """Scan archives and return the exit code; raises CheckFailed when some could not be done."""
    for package in ("fsspec", "pyarrow", *(["distributed"] if options.cluster else [])):
        if importlib.util.find_spec(package) is None:
            raise SettingsError(f"{package} is not installed: pip install 'clinic-claim-checker[cluster]'.")
    from checker.scan import bulk
    from checker.scan.output import Output

    work = bulk.jobs(bulk.archives(options.patterns), options.to, settings)
    try:
        done = Output(options.to).names()
    except CheckFailed as error:  # before anything was done it is wrong use
        raise SettingsError(str(error)) from error
    left = sum(job.name not in done for job in work)
    with closing(_workers(options, len(work))) as workers:
        result = bulk.run(work, workers, _Watch(left), stop)
    typer.echo(_said(result.counts, options.to))
    if result.undone:
        told = "\n  ".join(result.undone[:MAX_TOLD])
        undone = counted(len(result.undone), "archive")
        raise CheckFailed(f"{undone} could not be read now; the same command tries again:\n  {told}")
    return codes.CLEAN if result.finished else codes.INTERRUPTED


def _workers(options: Options, count: int) -> Workers:
    from checker.scan import workers

    if options.cluster:
        return workers.Cluster(options.cluster)
    return workers.Processes(min(options.processes or os.cpu_count() or 1, count))


class _Watch:
    """Says on standard error how far it is, a line for each archive."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = self._pages = 0
        self._start = time.monotonic()

    def __call__(self, job: Job, counts: Counts) -> None:
        """Take note of a finished archive."""
        self._done += 1
        self._pages += counts.pages
        seconds = max(time.monotonic() - self._start, 0.001)
        cut = ", not read to its end" if counts.broken else ""
        left = seconds / self._done * (self._total - self._done)
        typer.echo(
            f"{self._done}/{self._total} {job.archive}: {counted(counts.pages, 'page')}, {counts.judged:,} judged, "
            f"{counts.flagged:,} flagged, {counts.unread:,} unread{_pdfs(counts)}{cut} "
            f"({self._pages / seconds:,.0f} pages/s, about {left / 60:,.0f} min left)",
            err=True,
        )


def _pdfs(counts: Counts) -> str:
    return f"; {counted(counts.pdfs, 'PDF')} passed over" if counts.pdfs else ""


def _said(counts: Counts, to: str) -> str:
    """Return what a scan came to, those archives included that were done before."""
    broken = f"{counted(counts.broken, 'archive')} could not be read to the end. " if counts.broken else ""
    return (
        f"{counted(counts.archives, 'archive')}, {counted(counts.pages, 'page')}: {counts.passed_over:,} passed over (no word "
        f"for a product in scope), {counts.judged:,} judged, {counts.flagged:,} of them flagged, {counts.unread:,} unread"
        f"{_pdfs(counts)}. "
        f"{broken}Results: {to}"
    )
