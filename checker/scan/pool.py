"""Judges pages in other processes, and finds out which page it was when one of them dies."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from multiprocessing import connection
from types import TracebackType

from checker.errors import ReadError
from checker.scan.judge import judge
from checker.store.outcome import JudgedPage
from checker.values import Page

#: Seconds for judging one page; the slowest page that a fetch lets through takes a few. Loading comes on top.
SECONDS_PER_PAGE = 120.0


def process_pool(workers: int) -> Executor:
    """Return a pool of fresh processes: they share no locks with our threads, as forked ones would."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def judge_in_time(page: Page, seller: bool = False, *, thorough: bool = False, sellers_only: bool = False) -> JudgedPage:
    """Judge a page; after too long this process ends, which the pool's owner sees."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # faulthandler wants a file with a number
        faulthandler.dump_traceback_later(SECONDS_PER_PAGE, exit=True, file=nowhere)
        try:
            return judge(page, seller, thorough=thorough, sellers_only=sellers_only)
        finally:
            faulthandler.cancel_dump_traceback_later()


class Judges:
    """Runs a judging function through an executor that may break, for many threads at once.

    When the executor breaks, all pages in flight are lost and any of them may be the cause: they run again one at a
    time in a process of their own. A page that breaks that one too is recorded as a failure.
    """

    def __init__(
        self,
        workers: int,
        make: Callable[[int], Executor] = process_pool,
        function: Callable[[Page, bool], JudgedPage] = judge_in_time,
    ) -> None:
        """Judge in ``workers`` processes; ``make`` returns an executor with that many of them."""
        self._make = make
        self._function = function
        self._workers = workers
        self._lock = threading.Lock()
        self._alone = threading.Lock()
        self._pool = make(workers)
        self._single: Executor | None = None

    def judge(self, page: Page, seller: bool = False) -> JudgedPage:
        """Return what the function returns for a page; raises ReadError when the page ends the process that judges it."""
        while True:
            pool = self._pool
            try:
                future = pool.submit(self._function, page, seller)
            except BrokenExecutor:  # another page broke it; this one was not in it
                self._replace(pool)
                continue
            try:
                return future.result()
            except BrokenExecutor:
                self._replace(pool)
                return self._judge_alone(page, seller)

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the processes; pages that were not begun are dropped."""
        with self._lock:
            self._pool.shutdown(wait=True, cancel_futures=True)
        with self._alone:
            if self._single is not None:
                self._single.shutdown(wait=True, cancel_futures=True)

    def _replace(self, broken: Executor) -> None:
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False)
                self._pool = self._make(self._workers)

    def _judge_alone(self, page: Page, seller: bool) -> JudgedPage:
        with self._alone:
            single = self._single = self._single or self._make(1)
            try:
                return single.submit(self._function, page, seller).result()
            except BrokenExecutor as error:
                single.shutdown(wait=False)
                self._single = None
                raise ReadError("judge", "internal", "The page ended the process that judged it, twice.") from error


def _begin() -> None:
    """Prepare a worker: Ctrl-C is the owner's to handle, and a worker ends when its owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
