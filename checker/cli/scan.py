"""The command `scan`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import codes
from checker.errors import CheckFailed, SettingsError, StoreError
from checker.settings import Settings

if TYPE_CHECKING:
    from checker.scan.sites import SiteList
    from checker.store.outcome import Scan
    from checker.store.store import Store

#: A site's host answers slowly and is asked one page at a time, so many wait at once for two processes that judge.
THREADS = 16
PAGES = 10


def scan(
    sites: Annotated[Path, typer.Argument(help="The list: CSV, text with one site a line, or - for standard input.")],
    to: Annotated[Path, typer.Option("--to", help="The database (SQLite); made if it is not there.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last scan that was not finished.")] = False,
    pages: Annotated[int | None, typer.Option("--pages", min=1, help="Pages read of a site at most; 10 without it.")] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Sites visited at a time.")] = THREADS,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help="Processes that judge; one a core.")] = None,
    allow_private: Annotated[
        bool | None, typer.Option("--allow-private", help="Read private and loopback addresses too (local use).")
    ] = None,
) -> int:
    """Scan many sites into a database; what could not be read is recorded too, and a scan can always be resumed.

    Ends with 0 when every site has its outcome, unread ones included. Ctrl-C once ends after the pages in flight.
    """
    from checker.scan import sites as lists
    from checker.store.store import Store

    settings = Settings.from_environment(allow_private=allow_private)
    listed = lists.read_list(sys.stdin.buffer.read(), "standard input") if str(sites) == "-" else lists.read_file(sites)
    with Store.write(to, create=True) as store:
        if store.backup is not None:
            typer.echo(f"{to} was made by an older version; a copy of it is {store.backup}.", err=True)
        begun = _begin(store, listed, str(sites), pages, resume=resume)
        if begun is None:
            typer.echo(f"Nothing to resume: the last scan in {to} is finished.", err=True)
            return codes.CLEAN
        try:
            finished = _run(store, begun, settings, threads, processes or os.cpu_count() or 1)
        except StoreError as error:
            raise CheckFailed(f"{error} What was saved before is kept; go on with --resume.") from error
    return codes.CLEAN if finished else codes.INTERRUPTED


def _begin(store: Store, listed: SiteList, name: str, pages: int | None, *, resume: bool) -> Scan | None:
    """Return the scan to work on; None when it was to be resumed and is finished."""
    scans = store.scans()
    last = scans[-1] if scans else None
    if listed.repeated:
        typer.echo(f"{listed.repeated:,} lines name a site again and are left out.", err=True)
    if resume and last is not None:
        return _resumed(store, last, listed, pages) if last.finished_at is None else None
    if last is not None and last.finished_at is None:
        typer.echo(f"Scan {last.id} was not finished and stays so; --resume would have gone on with it.", err=True)
    return store.begin_scan(name, pages or PAGES, listed.sites)


def _resumed(store: Store, last: Scan, listed: SiteList, pages: int | None) -> Scan:
    """Return the unfinished scan with the sites that the list has more now; raises SettingsError for another page limit."""
    if pages not in (None, last.pages_per_site):
        raise SettingsError(f"Scan {last.id} reads {last.pages_per_site} pages a site; leave --pages out, or --resume.")
    if added := store.add_sites(last, listed.sites):
        typer.echo(f"{added:,} sites of the list were not in scan {last.id} yet and are added.", err=True)
    return last


def _run(store: Store, begun: Scan, settings: Settings, threads: int, processes: int) -> bool:
    from checker.cli.progress import Progress
    from checker.scan.pool import Judges
    from checker.scan.run import Plan, run
    from checker.scan.visits import site_visits

    with Judges(processes) as judges, Progress(store, begun) as progress, _stopping() as stop:
        plan = Plan(
            visits=site_visits(settings, begun.pages_per_site),
            judge=judges.judge,
            threads=threads,
            watch=progress.saved,
            stop=stop,
        )
        finished = run(store, begun, plan)
    progress.end(finished=finished)
    return finished


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C (or a polite kill) sets; the second time everything ends at once, which loses nothing saved."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(codes.INTERRUPTED)
        stop.set()
        typer.echo("\nEnding after the pages in flight; once more ends at once.", err=True)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
