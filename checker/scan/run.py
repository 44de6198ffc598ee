"""Scans the waiting sites: one thread a host, pages judged elsewhere, each outcome saved before the thread's next site."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from checker.scan.site import Looking, look_at
from checker.store.outcome import Scan, SiteOutcome, WaitingSite
from checker.store.rows import host_of
from checker.store.store import Store

#: Called after each saved site, with how many are still to do.
Watch = Callable[[WaitingSite, SiteOutcome, int], None]


@dataclass(frozen=True, kw_only=True)
class Plan(Looking):
    """How sites are scanned: so many at a time, and ``watch`` is told of each that is saved; after ``last`` none is begun."""

    threads: int
    watch: Watch
    last: threading.Event = field(default_factory=threading.Event)


def run(store: Store, scan: Scan, plan: Plan) -> bool:
    """Scan every waiting site of a scan; False when it was ended before, with the rest still waiting.

    The sites that are begun are scanned to their end and saved, unless ``stop`` cuts them short: such a site stays waiting,
    whole. Raises StoreError when the database cannot be written; what was saved before is kept.
    """
    waiting = store.waiting(scan)
    running: dict[Future[SiteOutcome | None], WaitingSite] = {}
    with ThreadPoolExecutor(plan.threads, thread_name_prefix="site") as threads:
        try:
            while (running or (waiting and not plan.last.is_set())) and not plan.stop.is_set():
                for site in [] if plan.last.is_set() else _next(waiting, running.values(), plan.threads):
                    running[threads.submit(look_at, site.name, plan)] = site
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
    busy = {host_of(site.key) for site in running}
    chosen: list[WaitingSite] = []
    position = 0
    while len(busy) < room and position < len(waiting):
        host = host_of(waiting[position].key)
        if host in busy:
            position += 1
        else:
            chosen.append(waiting.pop(position))
            busy.add(host)
    return chosen


def _save_finished(store: Store, running: dict[Future[SiteOutcome | None], WaitingSite], plan: Plan, left: int) -> None:
    """Wait until a site is finished, at most a moment, and save those that are."""
    done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
    for future in done:
        site = running.pop(future)
        outcome = future.result()
        if outcome is not None and store.save_site(site.id, outcome):
            plan.watch(site, outcome, left + len(running))
