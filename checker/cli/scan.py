"""The command `scan`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import codes
from checker.cli.check import Render
from checker.cli.options import Quick, Seller, told
from checker.errors import CheckFailed, SettingsError, StoreError
from checker.reports.sentences import counted
from checker.reports.visible import visible
from checker.settings import Settings
from checker.values import READINGS

if TYPE_CHECKING:
    from checker.scan.sites import ListLine, SiteList
    from checker.store.outcome import Scan
    from checker.store.store import Store

#: A site's host answers slowly and is asked one page at a time, so many wait at once for two processes that judge.
THREADS = 16
PAGES = 10
#: Sites named in a message.
MAX_NAMED = 3
#: Lines of a list that are named.
MAX_LINES = 20
#: What is done to its end after Ctrl-C.
SITES, ARCHIVES = "sites", "archives"


def scan(
    to: Annotated[str, typer.Option("--to", help="The database (SQLite), or with --warc the folder; made if it is not there.")],
    sites: Annotated[
        Path | None, typer.Argument(help="The list: CSV, text with one site a line, or - for standard input.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the last scan that was not finished; its list may name more sites now.")
    ] = False,
    pages: Annotated[int | None, typer.Option("--pages", min=1, help="Pages read of a site at most; 10 without it.")] = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Sites visited at a time; 16 without it.")] = None,
    processes: Annotated[int | None, typer.Option("--processes", min=1, help="Processes that judge; one a core.")] = None,
    allow_private: Annotated[
        bool | None, typer.Option("--allow-private", help="Read private and loopback addresses too (local use).")
    ] = None,
    render: Annotated[
        Render | None,
        typer.Option("--render", help="Read in Chromium: auto (the default) where scripts make all of the text, never, always."),
    ] = None,
    warc: Annotated[
        list[str] | None,
        typer.Option("--warc", help="Judge web archives instead: 'crawl/*.warc.gz', addresses, or a list named *.paths."),
    ] = None,
    cluster: Annotated[str | None, typer.Option("--cluster", help="With --warc: a Dask scheduler, tcp://host:8786.")] = None,
    quick: Quick = False,
    seller: Seller = False,
) -> int:
    """Scan many sites into a database; what could not be read is recorded too, and a scan can always be resumed.

    Ends with 0 when every site has its outcome, unread ones included. Ctrl-C once ends after the sites that are begun,
    which can take minutes; twice ends at once.

    With --warc nothing is fetched: the pages of web archives that name a product in scope are judged, always quickly, and a
    folder gets a Parquet file for each archive; run the same command again to go on.
    """
    settings = Settings.from_environment(allow_private=allow_private, render=render and render.value)
    if warc:
        if seller:
            raise SettingsError("--seller is for lists of sites; whose the pages of archives are nobody says: leave it out.")
        ours = {"--resume": resume, "--pages": pages, "--threads": threads, "--quick": quick}
        _refuse({**ours, "--allow-private": allow_private, "--render": render})
        return _scan_archives(warc, to, settings, sites, cluster, processes)
    if sites is None or cluster is not None:
        raise SettingsError("Give a list of sites, or web archives with --warc; --cluster goes with --warc.")
    manner = _Manner(threads=threads or THREADS, processes=processes or os.cpu_count() or 1, thorough=not quick, sellers=seller)
    return _scan_sites(sites, Path(to), settings, resume, pages, manner)


def _refuse(options: Mapping[str, object]) -> None:
    """Refuse the options that were given though they say nothing about archives; raises SettingsError."""
    if given := [name for name, value in options.items() if value]:
        said = "With --warc nothing is fetched, pages are judged quickly, and the same command goes on by itself"
        raise SettingsError(f"{said}: leave {' and '.join(given)} out.")


def _scan_archives(
    patterns: list[str], to: str, settings: Settings, sites: Path | None, cluster: str | None, processes: int | None
) -> int:
    from checker.cli import bulk

    if sites is not None:
        raise SettingsError("Give a list of sites or --warc, not both.")
    with _stopping(ARCHIVES) as stop:
        return bulk.scan(bulk.Options(patterns=patterns, to=to, cluster=cluster, processes=processes), settings, stop)


@dataclass(frozen=True, kw_only=True)
class _Manner:
    """How many sites are visited at a time, how many processes judge their pages, and whether thoroughly and as sellers'."""

    threads: int
    processes: int
    thorough: bool
    sellers: bool


def _scan_sites(sites: Path, to: Path, settings: Settings, resume: bool, pages: int | None, manner: _Manner) -> int:
    from checker.scan import sites as lists
    from checker.store.store import Store

    listed = lists.read_list(sys.stdin.buffer.read(), "standard input") if str(sites) == "-" else lists.read_file(sites)
    with told(Store.write(to, create=True)) as store:
        begun = _begin(store, listed, str(sites), pages, manner, resume=resume)
        if begun is None:
            typer.echo(f"Nothing to resume: every scan in {to} is finished.", err=True)
            return codes.CLEAN
        try:
            finished = _run(store, begun, settings, manner)
        except StoreError as error:
            raise CheckFailed(f"{error} What was saved before is kept; go on with --resume.") from error
    return codes.CLEAN if finished else codes.INTERRUPTED


def _begin(store: Store, listed: SiteList, name: str, pages: int | None, manner: _Manner, *, resume: bool) -> Scan | None:
    """Return the scan to work on; None when one was to be resumed and all are finished."""
    scans = store.scans()
    unfinished = [scan for scan in scans if scan.finished_at is None]
    _name("Without an address, and so recorded as not read", listed.bad)
    _name("Left out, since they name a site again", listed.repeated)
    if listed.empty:
        lines = counted(len(listed.empty), "line")
        typer.echo(f"Left out, since the cell for the address is empty: {lines}, first line {listed.empty[0]}.", err=True)
    if resume and scans:
        return _resumed(store, unfinished[-1], listed, pages, manner) if unfinished else None
    if unfinished:
        typer.echo(f"Scan {unfinished[-1].id} was not finished and stays so; --resume would have gone on with it.", err=True)
    return store.begin_scan(name, pages or PAGES, listed.sites, sellers=manner.sellers)


def _name(said: str, lines: Sequence[ListLine]) -> None:
    """Say which lines of the list are meant, the first of many."""
    if not lines:
        return
    typer.echo(f"{said}: {counted(len(lines), 'line')}.", err=True)
    for line in lines[:MAX_LINES]:
        typer.echo(visible(f"  line {line.number}, {line.name}: {line.reason}"), err=True)
    if more := len(lines[MAX_LINES:]):
        typer.echo(f"  and {more:,} more", err=True)


def _resumed(store: Store, last: Scan, listed: SiteList, pages: int | None, manner: _Manner) -> Scan:
    """Return the unfinished scan with the sites that the list has more now.

    Raises SettingsError for another list, another page limit, another way of reading than its pages were judged with so far,
    and where a later scan has its sites: what is read today would stand in it as older than what was read then.
    """
    reading = READINGS[manner.thorough]
    given = {site.key for site in listed.sites}
    known = store.keys(last)
    for later in store.scans():
        if later.id > last.id and not known.keys().isdisjoint(store.keys(later)):
            raise SettingsError(
                f"Scan {last.id} was broken off, but scan {later.id} has visited sites of it since; "
                "leave --resume out to begin a new scan."
            )
    if missing := [name for key, name in known.items() if key not in given]:
        which = f"{', '.join(missing[:MAX_NAMED])}{', …' if len(missing) > MAX_NAMED else ''}"
        raise SettingsError(
            f"This list is not that of scan {last.id}, {last.input}, for it lacks {visible(which)}. "
            "Give that list to go on, or leave --resume out to begin a new scan."
        )
    if pages not in (None, last.pages_per_site):
        raise SettingsError(f"Scan {last.id} reads {last.pages_per_site} pages a site; leave --pages out, or --resume.")
    if last.versions.get("reading", reading) != reading:
        change = "leave --quick out" if reading == READINGS[False] else "add --quick"
        raise SettingsError(f"The pages of scan {last.id} are judged in the other way; {change}, or --resume.")
    if last.sellers != manner.sellers:
        begun = "with --seller; add it, or leave --resume out" if last.sellers else "without --seller; leave it out, or --resume"
        raise SettingsError(f"Scan {last.id} was begun {begun}.")
    if added := store.add_sites(last, listed.sites):
        typer.echo(f"Added, since scan {last.id} does not have them yet: {counted(added, 'site')} of the list.", err=True)
    return last


def _run(store: Store, begun: Scan, settings: Settings, manner: _Manner) -> bool:
    from checker.cli.progress import Progress
    from checker.page import chromium
    from checker.page.render import Browser
    from checker.scan.pool import Judges, judge_in_time
    from checker.scan.run import Plan, run
    from checker.scan.visits import in_browser, site_visits

    if settings.render == "always":
        chromium.require(settings)
    judging = partial(judge_in_time, thorough=manner.thorough, sellers_only=begun.sellers)
    processes = Judges(manner.processes, function=judging)
    with processes as judges, Browser(settings) as browser, Progress(store, begun) as progress, _stopping(SITES) as last:
        plan = Plan(
            visits=site_visits(settings, begun.pages_per_site),
            judge=judges.judge,
            render=in_browser(browser),
            render_all=settings.render == "always",
            threads=manner.threads,
            watch=progress.saved,
            last=last,
        )
        finished = run(store, begun, plan)
    progress.end(finished=finished)
    return finished


@contextmanager
def _stopping(begun: str) -> Iterator[threading.Event]:
    """Give an event that Ctrl-C (or a polite kill) sets; the second time everything ends at once, which loses nothing saved.

    ``begun`` names what is done to its end the first time, and is lost and done again after the second.
    """
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(codes.INTERRUPTED)
        stop.set()
        typer.echo(f"\nEnding after the {begun} that are begun; once more ends at once, and these are read again.", err=True)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
