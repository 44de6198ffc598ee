"""Scans many web archives, a file of results for each: what is there is not done again, and a lost worker costs one archive."""

from __future__ import annotations

import glob
import gzip
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from checker.errors import ArchiveError, CheckFailed, ReadError, SettingsError
from checker.scan import partition
from checker.scan.output import Counts, Output
from checker.scan.partition import Job
from checker.scan.workers import GONE, Workers
from checker.settings import Settings
from checker.store.outcome import JudgedPage
from checker.values import Page

#: How a list of archives is named; public crawls publish theirs so.
LISTS = (".paths", ".paths.gz")

#: Called after each finished archive, with what was counted in it.
Watch = Callable[[Job, Counts], None]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run came to: counts of all archives that are done, those of earlier runs too, and why others are not."""

    counts: Counts
    undone: tuple[str, ...]
    finished: bool


def archives(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the archives that patterns name, each once, in order; a name that ends in .paths is a list of such patterns.

    Raises SettingsError for a pattern that names none.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        names = archives(_lines(pattern)) if pattern.endswith(LISTS) else _matching(pattern)
        if not names:
            raise SettingsError(f"No web archive is named {pattern}.")
        found.update(dict.fromkeys(names))
    return tuple(found)


def _lines(path: str) -> list[str]:
    try:
        data = Path(path).read_bytes()
        text = (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise SettingsError(f"The list {path} cannot be read ({error}).") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _matching(pattern: str) -> list[str]:
    """Return the names that a pattern stands for, in order; an address without wildcards stands for itself."""
    if "://" not in pattern:
        return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  # Path.glob takes no absolute patterns
    if not glob.has_magic(pattern):
        return [pattern]
    from fsspec.core import url_to_fs

    try:
        files, path = url_to_fs(pattern)
        return sorted(files.unstrip_protocol(name) for name in files.glob(path))
    except (OSError, ValueError, ImportError) as error:
        raise SettingsError(f"{pattern} cannot be listed: {error}") from error


def jobs(names: Sequence[str], folder: str, settings: Settings) -> list[Job]:
    """Return what is to do for each archive."""
    return [Job(archive=name, folder=folder, settings=settings) for name in names]


def run(work: Sequence[Job], workers: Workers, watch: Watch, stop: threading.Event) -> Result:
    """Do every job that was not done before; ``stop`` ends it after those that are running.

    A job whose process ends is done again; one whose process ends twice is judged page by page, so that the page that
    does it becomes a recorded failure. Raises CheckFailed when results cannot be written or the cluster is gone.
    """
    output = Output(work[0].folder)
    done = output.names()
    run_ = _Run(workers=workers, watch=watch, stop=stop)
    for job in work:
        if job.name in done:
            run_.counts.add(output.counts(job.name))
        else:
            run_.waiting.append(job)
    run_.go()
    finished = not run_.waiting and not run_.undone
    if finished:
        output.drop_parts()
    return Result(counts=run_.counts, undone=tuple(run_.undone), finished=finished)


@dataclass(kw_only=True)
class _Run:
    """The jobs of one run, and where each is."""

    workers: Workers
    watch: Watch
    stop: threading.Event
    waiting: deque[Job] = field(default_factory=deque)
    running: dict[Future[Counts], Job] = field(default_factory=dict)
    lost: set[Job] = field(default_factory=set)
    counts: Counts = field(default_factory=Counts)
    undone: list[str] = field(default_factory=list)

    def go(self) -> None:
        while self.running or (self.waiting and not self.stop.is_set()):
            if not self.stop.is_set():
                self._begin()
            if not self.running:  # a cluster without workers at the moment
                self.stop.wait(0.5)
            done, _ = wait(self.running, timeout=0.5, return_when=FIRST_COMPLETED)
            ended = [(future, self.running.pop(future)) for future in done]
            lost = [job for future, job in ended if not self._end(future, job)]
            if lost:
                self.workers.renew()
            for job in lost:
                self._again(job)

    def _begin(self) -> None:
        """Begin as many jobs as there is room for; where all are lost together, a job that was lost runs by itself."""
        width = self.workers.width()
        while self.waiting and len(self.running) < width:
            job = self.waiting[0]
            if self.workers.alone and self.running and (job in self.lost or self.lost & set(self.running.values())):
                return
            try:
                self.running[self.workers.submit(partition.scan, job)] = job
            except self.workers.lost:  # they broke a moment ago; what was running comes back as lost
                if not self.running:
                    self.workers.renew()
                return
            self.waiting.popleft()

    def _end(self, future: Future[Counts], job: Job) -> bool:
        """Take a job's result; False when it was lost."""
        try:
            self._finish(job, future.result())
        except self.workers.lost:
            return False
        except ArchiveError as error:
            self.undone.append(str(error))
        except CancelledError as error:
            raise CheckFailed(GONE) from error
        return True

    def _finish(self, job: Job, counts: Counts) -> None:
        self.counts.add(counts)
        self.watch(job, counts)

    def _again(self, job: Job) -> None:
        """Do a lost job once more as a whole, after that page by page."""
        if job not in self.lost:
            self.lost.add(job)
            self.waiting.append(job)
            return
        try:
            self._finish(job, partition.scan(replace(job, judge=partial(self._judge_alone, job.judge))))
        except ArchiveError as error:
            self.undone.append(str(error))

    def _judge_alone(self, judge: Callable[[Page], JudgedPage], page: Page) -> JudgedPage:
        try:
            return self.workers.submit(judge, page).result()
        except self.workers.lost as error:
            self.workers.renew()
            raise ReadError("judge", "internal", "The page ended the process that judged it.") from error
