"""Scans the waiting sites: one thread a host, pages judged elsewhere, each outcome saved before the thread's next site."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from checker import wire
from checker.errors import ADVICE, CheckerError, ReadError
from checker.scan.visits import Visits, unread
from checker.store.outcome import Judged, Scan, SiteOutcome, WaitingSite
from checker.store.store import Store
from checker.values import Failure, Page, Report

T = TypeVar("T")

#: Called after each saved site, with how many are still to do.
Watch = Callable[[WaitingSite, SiteOutcome, int], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How sites are scanned; ``stop`` ends the scan after the pages that are in flight."""

    visits: Visits
    judge: Callable[[Page], Judged]
    threads: int
    watch: Watch
    stop: threading.Event = field(default_factory=threading.Event)


def run(store: Store, scan: Scan, plan: Plan) -> bool:
    """Scan every waiting site of a scan; False when it was stopped, with the rest still waiting.

    A site that is cut short by ``stop`` stays waiting, whole. Raises StoreError when the database cannot be written;
    what was saved before is kept.
    """
    waiting = store.waiting(scan)
    running: dict[Future[SiteOutcome | None], WaitingSite] = {}
    with ThreadPoolExecutor(plan.threads, thread_name_prefix="site") as threads:
        try:
            while (waiting or running) and not plan.stop.is_set():
                for site in _next(waiting, running.values(), plan.threads):
                    running[threads.submit(_scan_site, site, plan)] = site
                _save_finished(store, running, plan, len(waiting))
        finally:
            plan.stop.set()  # on the way out after an error; nothing is running at a plain end
        while running:
            _save_finished(store, running, plan, len(waiting))
    done = not store.waiting(scan)
    if done:
        store.finish_scan(scan)
    return done


def _next(waiting: list[WaitingSite], running: Iterable[WaitingSite], room: int) -> list[WaitingSite]:
    """Take the sites to begin now out of ``waiting``: never two of one host at a time."""
    busy = {_host(site) for site in running}
    chosen: list[WaitingSite] = []
    position = 0
    while len(busy) < room and position < len(waiting):
        host = _host(waiting[position])
        if host in busy:
            position += 1
        else:
            chosen.append(waiting.pop(position))
            busy.add(host)
    return chosen


def _host(site: WaitingSite) -> str:
    return site.key.partition("/")[0].partition(":")[0].partition("?")[0]


def _save_finished(store: Store, running: dict[Future[SiteOutcome | None], WaitingSite], plan: Plan, left: int) -> None:
    """Wait until a site is finished, at most a moment, and save those that are."""
    done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
    for future in done:
        site = running.pop(future)
        outcome = future.result()
        if outcome is not None and store.save_site(site.id, outcome):
            plan.watch(site, outcome, left + len(running))


def _scan_site(site: WaitingSite, plan: Plan) -> SiteOutcome | None:
    """Return what a site came to, None when it was cut short."""
    started = datetime.now(UTC)
    pages: list[Judged] = []
    failure = attempt("visit", lambda: _visit(site, plan, pages))
    if isinstance(failure, Cut):
        return None
    failures = (failure,) if failure else ()
    return SiteOutcome(started_at=started, finished_at=datetime.now(UTC), pages=tuple(pages), failures=failures)


class Cut:
    """Says that a site was cut short."""


def _visit(site: WaitingSite, plan: Plan, pages: list[Judged]) -> Cut | None:
    """Visit and judge a site's pages one after the other, so that a thread never holds more than one page's bytes."""
    for visit in plan.visits(site.name):
        pages.append(_judged(visit, plan))
        if plan.stop.is_set():
            return Cut()
    return None


def _judged(visit: Page | Report, plan: Plan) -> Judged:
    """Return a visit's report; a page that cannot be judged is a page that could not be read."""
    if isinstance(visit, Report):
        return Judged(report=wire.to_dict(visit))
    found = attempt("judge", lambda: plan.judge(visit))
    if isinstance(found, Judged):
        return found
    return Judged(report=wire.to_dict(unread(visit.source, found, visit.final_url)), sha256=visit.sha256, size=len(visit.body))


def attempt(stage: str, work: Callable[[], T]) -> T | Failure:
    """Return what the work returns, or why it failed: a crash of ours too is a recorded failure, and the scan goes on."""
    try:
        return work()
    except ReadError as error:
        return error.failure()
    except CheckerError:  # settings or a model that cannot be used: every site would fail in the same way
        raise
    except Exception as error:  # noqa: BLE001  # one site's crash must not end a night's scan
        message = f"Our own error {secrets.token_hex(4)}: {type(error).__name__}: {error}"
        return Failure(stage=stage, code="internal", message=message[:500], advice=ADVICE["internal"])
