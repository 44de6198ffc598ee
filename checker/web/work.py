"""Does the checks: a bounded queue, and threads that fetch and judge with one loaded Checker."""

from __future__ import annotations

import logging
import queue
import secrets
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.resources import files
from pathlib import Path

from checker.engine import Checker
from checker.errors import CheckerError, ReadError
from checker.evidence.save import save
from checker.judgement import Opinion
from checker.page import chromium, fetch, sources
from checker.page.record import Recorder
from checker.scan.sites import addresses
from checker.scan.visits import TRY_HTTP
from checker.settings import Settings, WebSettings
from checker.values import Explanation, Note, Page, Report
from checker.web import given, why
from checker.web.keep import Asked, CheckStore, Given, State
from checker.web.meter import Meter

log = logging.getLogger("checker.web")
#: Seconds between two looks for old checks.
SWEEP = 300.0
#: Seconds of a check before the first was timed, and the share of the newest time in the running mean.
FIRST_GUESS = 3.0
_NEWEST = 0.2
#: Seconds that one thread computes before another may, a fifth of Python's own: a check gives way hundreds of times, and beside
#: three long ones it waited for all of these turns.
TURN = 0.001


class BusyError(Exception):
    """The queue is full; ``seconds`` says when a place is likely."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"busy for {seconds} s")
        self.seconds = seconds


class _EndedError(Exception):
    """The check was cancelled or deleted, or its time is over."""


class Workshop:
    """The queue and its threads; build it once, start it, stop it."""

    def __init__(self, store: CheckStore, checker: Checker, settings: Settings, web: WebSettings, meter: Meter) -> None:
        self.store = store
        self._meter = meter
        meter.waiting.set_function(lambda: self._taken)
        self._checker, self._for_sellers = checker, checker.for_sellers()
        self._settings = settings
        self._web = web
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._browsing = threading.Lock()
        self._places = threading.Lock()
        self._taken = 0
        self._mean = FIRST_GUESS
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(web.workers)]
        self._threads.append(threading.Thread(target=self._sweep, daemon=True))

    @property
    def is_well(self) -> bool:
        """Say whether all threads live."""
        return all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Start the threads; checks that a stop had broken off come first. All of this process then compute in short turns."""
        sys.setswitchinterval(TURN)
        for ident in self.store.open():
            self._taken += 1
            self._waiting.put(ident)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads after what they are doing; what waits stays in the store for the next start."""
        self._stopped.set()
        for _ in self._threads:
            self._waiting.put(None)
        self._checker.close()
        for thread in self._threads:
            thread.join(timeout=self._web.check_seconds)

    def submit(self, asked: Asked) -> str:
        """Take a check in and return its id; raises BusyError when the queue is full."""
        with self._places:
            if self._taken >= self._web.queue:
                raise BusyError(self.seconds_to_wait())
            ident = self.store.add(asked)
            self._taken += 1
        self._waiting.put(ident)
        return ident

    def seconds_to_wait(self) -> int:
        """Return in how many seconds a full queue is likely to have a place again."""
        return max(2, min(120, round(self._mean * self._taken / max(1, self._web.workers) / 2)))

    def explain(self, ident: str, report: Report, index: int) -> tuple[Explanation, ...]:
        """Say why the statements of a block were or were not marked; empty for no such block."""
        opinion = self.store.opinion(ident)
        return why.of_block(self._checker, report, opinion, index) if opinion is not None else ()

    def _work(self) -> None:
        while (ident := self._waiting.get()) is not None and not self._stopped.is_set():
            started = time.monotonic()
            try:
                self._do(ident, started + self._web.check_seconds)
            finally:
                with self._places:
                    self._taken -= 1
                    self._mean += _NEWEST * (time.monotonic() - started - self._mean)
                self._meter.seconds.observe(time.monotonic() - started)

    def _do(self, ident: str, until: float) -> None:
        try:
            asked = self.store.asked(ident)
            if asked is not None:
                self._report(ident, asked, partial(self._reach, ident, until))
        except _EndedError:
            return
        except Exception as error:  # a crash of one check must not end the thread or lose the check
            number = secrets.token_hex(4)
            log.error("error %s in a check: %s", number, type(error).__name__, exc_info=self._web.debug)
            with suppress(sqlite3.Error):  # a full disk may be what went wrong
                self.store.move(ident, State.FAILED, error=number)
            self._meter.checks.labels(State.FAILED.value).inc()

    def _report(self, ident: str, asked: Asked, reach: Callable[[str], None]) -> None:
        recorder = Recorder()
        beside: tuple[Note, ...] = ()
        try:
            reach(State.READING)
            recorder.page = self._read(asked, recorder)
            report, opinion = self._judge_or_browse(asked, recorder, reach)
            reach(State.JUDGING)
        except ReadError as error:
            report, opinion, beside = self._unread(asked, recorder.page, error), None, error.notes
        file = self._evidence(recorder, report) if asked.kind is Given.ADDRESS else None
        report = replace(report, notes=(*report.notes, *beside, *given.left_out(asked)))
        if self.store.finish(ident, report, opinion, file):
            self._meter.checks.labels(report.verdict.level.value).inc()

    def _unread(self, asked: Asked, page: Page | None, error: ReadError) -> Report:
        """Return the report of what could not be read, with the address where a page was that holds nothing to judge."""
        report = self._checker.unread(page.source if page else asked.name, error)
        return replace(report, final_url=page.final_url) if page else report

    def _judge_or_browse(self, asked: Asked, recorder: Recorder, reach: Callable[[str], None]) -> tuple[Report, Opinion]:
        """Judge the page; one whose text only scripts show is read in a browser, one page at a time."""
        page = recorder.page
        assert page is not None
        if asked.kind is Given.ADDRESS and self._checker.is_framed(page):
            with suppress(CheckerError):  # then it is judged as it came, and says which frame was not read
                page = recorder.page = self._rendered(page, reach)
        try:
            return self._judge(asked, page, reach)
        except ReadError as error:
            if not (asked.kind is Given.ADDRESS and error.code == "script_only" and not page.rendered and self._can_browse):
                raise
            try:
                recorder.page = self._rendered(page, reach)
            except ReadError as second:
                raise (error if second.code == "refused" else second) from second
            return self._judge(asked, recorder.page, reach)

    def _rendered(self, page: Page, reach: Callable[[str], None]) -> Page:
        with self._browsing:
            reach(State.READING)
            return self._checker.render(page)

    def _judge(self, asked: Asked, page: Page, reach: Callable[[str], None]) -> tuple[Report, Opinion]:
        reach(State.READING)
        return (self._for_sellers if asked.seller else self._checker).judge_page(page, reach)

    @property
    def _can_browse(self) -> bool:
        return self._settings.render != "never" and chromium.find(self._settings) is not None

    def _evidence(self, recorder: Recorder, report: Report) -> bytes | None:
        """Return the evidence file of a page that was read, None where it cannot be made."""
        if recorder.page is None:
            return None
        try:
            with tempfile.TemporaryDirectory() as folder:
                return save(recorder, report, Path(folder), self._settings).path.read_bytes()
        except (CheckerError, OSError) as error:
            log.warning("no evidence file: %s", type(error).__name__)
            return None

    def _read(self, asked: Asked, recorder: Recorder) -> Page:
        if asked.kind is Given.ADDRESS:
            return self._fetch(asked.name, recorder)
        if asked.kind is Given.SAMPLE:
            body = files("checker").joinpath("data/sample.html").read_bytes()
            return sources.of_bytes(asked.name, "sample.html", body, self._settings)
        if asked.kind is Given.TEXT:
            page = sources.of_pasted(asked.name, asked.body or b"", self._settings)
        else:
            page = sources.of_bytes(asked.name, asked.name, asked.body or b"", self._settings)
        return replace(page, final_url=asked.url) if asked.url else page

    def _fetch(self, name: str, recorder: Recorder) -> Page:
        """Fetch an address; one without a scheme under https, and where nobody answers there, under http."""
        *secure, last = addresses(name)
        for address in secure:
            try:
                return fetch.fetch(address, self._settings, recorder)
            except ReadError as error:
                if error.code not in TRY_HTTP:
                    raise
        return fetch.fetch(last, self._settings, recorder)

    def _reach(self, ident: str, until: float, stage: str) -> None:
        """Note the stage; raises when the check was cancelled or deleted, or its time is over."""
        if time.monotonic() > until:
            code = "timeout" if stage == State.READING else "too_large"
            raise ReadError(stage, code, f"The check took longer than {self._web.check_seconds:g} seconds.")
        if not self.store.move(ident, State(stage)):
            raise _EndedError

    def _sweep(self) -> None:
        while True:
            try:
                self.store.delete_older(self._web.keep_hours)
            except sqlite3.Error as error:
                log.error("old checks could not be deleted: %s", error)
            if self._stopped.wait(self._until_sweep()):
                return

    def _until_sweep(self) -> float:
        """Return the seconds until the oldest check is due to be deleted, at most those between two looks."""
        with suppress(sqlite3.Error):
            oldest = self.store.oldest()
            due = oldest + self._web.keep_hours * 3_600 - time.time() if oldest is not None else SWEEP
            return min(SWEEP, max(1.0, due))
        return SWEEP
