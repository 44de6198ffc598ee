"""Shows how a scan goes: a bar in a terminal, a line a site elsewhere; both with rate and remaining time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from checker.reports.sentences import counted
from checker.store.outcome import Scan, SiteOutcome, WaitingSite
from checker.store.rows import totals
from checker.store.saving import is_read, verdict_of
from checker.store.store import Store


class Progress:
    """Counts saved sites and pages and writes to standard error."""

    def __init__(self, store: Store, scan: Scan) -> None:
        """Begin to count; sites that were done before are in the bar but not in the rate."""
        self._store = store
        self._scan = scan
        counts = store.progress(scan)
        self._before = counts["read"] + counts["unread"]
        self._total = self._before + counts["waiting"]
        self._done = self._pages = 0
        self._start = time.monotonic()
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
        self._bar = Bar(*columns, console=console) if console.is_terminal else None
        self._task = self._bar.add_task("sites", total=self._total, completed=self._before, pace="") if self._bar else None

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def saved(self, site: WaitingSite, outcome: SiteOutcome, left: int) -> None:
        """Take note of a saved site; ``left`` are still to do."""
        self._done += 1
        self._pages += len(outcome.pages)
        if self._bar and self._task is not None:
            self._bar.update(self._task, advance=1, pace=self._pace(left))
        else:
            count = f"{self._before + self._done:>{len(str(self._total))}}/{self._total}"
            typer.echo(f"{count} {site.name}: {_said(outcome)} ({self._pace(left)})", err=True)

    def end(self, *, finished: bool) -> None:
        """Say what the scan came to, on standard output."""
        waiting = self._store.progress(self._scan)["waiting"]
        state = "finished" if finished else f"stopped with {counted(waiting, 'site')} to do; go on with --resume"
        seconds = time.monotonic() - self._start
        typer.echo(
            f"Scan {self._scan.id} {state}: {_counts(totals(self._store, self._scan))}. "
            f"{counted(self._pages, 'visit')} in {_duration(seconds)} now "
            f"({self._pages / max(seconds, 0.001):.1f} a second)."
        )

    def _pace(self, left: int) -> str:
        seconds = max(time.monotonic() - self._start, 0.001)
        return f"{self._pages / seconds:.1f} pages/s, {_duration(left * seconds / self._done)} left"


def _counts(found: Mapping[str, int]) -> str:
    """Return what a scan came to, in the figures of `summary`."""
    again = found["again"]
    folded = f"; {counted(again, 'line')} of the list named a site again by another address" if again else ""
    return (
        f"{counted(found['read'], 'site')} read, {found['unread']:,} unread; "
        f"{counted(found['pages_read'], 'page')} read, {found['pages_unread']:,} unread{folded}"
    )


def _said(outcome: SiteOutcome) -> str:
    """Return a site's outcome in a few words."""
    reports = [page.report for page in outcome.pages]
    read = [report for report in reports if is_read(report)]
    if not read:
        codes = [failure.code for failure in outcome.failures] or [report["error"]["code"] for report in reports]
        return f"not read, {', '.join(dict.fromkeys(codes)) or 'no page found'}"
    missed = f", {len(reports) - len(read)} unread" if len(read) < len(reports) else ""
    return f"{verdict_of({report['verdict'] for report in read})}, {counted(len(read), 'page')} read{missed}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
