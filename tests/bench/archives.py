"""Scans invented web archives on one process, on two, and on a Dask cluster that loses a worker on the way.

    python tests/bench/archives.py                     # 20,000 pages of 75 kB, one in forty of a clinic: a quarter of an hour
    python tests/bench/archives.py --pages 2000        # the same, smaller

The three must come to the same rows. Ends with 1 when they do not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

import psutil
import pyarrow.parquet as pq

from checker.scan import bulk, partition
from checker.scan.output import Counts
from checker.scan.partition import Job
from checker.scan.pool import judge_in_time
from checker.scan.workers import Cluster, Processes, Workers
from checker.settings import Settings
from tests.archives import clinic_page, other_page, write_archive

#: Pages of an archive: twenty archives of the whole, so that a lost one costs a twentieth.
ARCHIVES = 20


class Run(NamedTuple):
    """What one way of scanning came to."""

    name: str
    seconds: float
    processor: float
    counts: Counts
    memory: list[int]
    digest: str


class Watch:
    """Samples the memory and the processor time of all our processes; memory is that of the largest."""

    def __init__(self) -> None:
        self.memory: list[int] = []
        self._times: dict[int, float] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def processor(self) -> float:
        """Seconds of all processes that were seen."""
        return sum(self._times.values())

    def _sample(self) -> None:
        while not self._end.wait(0.5):
            sizes = []
            for process in psutil.Process().children(recursive=True):
                try:
                    times = process.cpu_times()
                    sizes.append(process.memory_info().rss)
                    self._times[process.pid] = times.user + times.system
                except psutil.Error:
                    continue
            self.memory.append(max(sizes, default=0))


def digest(folder: Path) -> str:
    """Return a digest of all rows, without the moments at which pages were judged."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            row["report"] = {**json.loads(row["report"]), "checked_at": None}
            total.update(json.dumps(row, sort_keys=True, default=str).encode())
    return total.hexdigest()[:16]


def scan(name: str, jobs: list[Job], workers: Workers, watch: Callable[[Job, Counts], None]) -> Run:
    """Scan into the jobs' folder and measure, loading included."""
    with Watch() as seen:
        start = time.perf_counter()
        result = bulk.run(jobs, workers, watch, threading.Event())
        seconds = time.perf_counter() - start
    workers.close()
    assert result.finished
    return Run(name, seconds, seen.processor, result.counts, seen.memory, digest(Path(jobs[0].folder)))


def jobs_in(folder: Path, name: str) -> list[Job]:
    """Return a job for each archive; results go to a folder of the name."""
    return bulk.jobs(bulk.archives([f"{folder}/crawl/*.warc.gz"]), str(folder / name), Settings())


def on_a_cluster(folder: Path) -> Run:
    """Scan on two worker processes, one of which is killed after a third of the archives."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50) as local,
    ):
        cluster = Cluster(local.scheduler_address)
        done: list[Job] = []

        def kill(job: Job, counts: Counts) -> None:
            done.append(job)
            if len(done) == ARCHIVES // 3:
                os.kill(next(iter(cluster._client.run(os.getpid).values())), signal.SIGKILL)

        return scan("Dask, 2 workers, 1 killed", jobs_in(folder, "dask"), cluster, kill)


def single(size: int = 200) -> None:
    """Print what one page costs, by kind, in this process."""
    with tempfile.TemporaryDirectory() as name:
        for kind, every in (("out of scope", 10**9), ("in scope", 1)):
            path = Path(name) / f"{every}.warc.gz"
            write_archive(path, 1, size, every)
            job = Job(archive=str(path), folder=f"{name}/{every}", settings=Settings())
            judge_in_time(next(found.page for found in partition.archive.pages(str(path), Settings()) if found.page))
            start, processor = time.perf_counter(), time.process_time()
            counts = partition.scan(job)
            seconds, used = time.perf_counter() - start, time.process_time() - processor
            assert counts.judged == (size if every == 1 else 0)
            print(f"one process, {kind:12}: {size / used:7.0f} pages a second of processor, {size / seconds:7.0f} by the clock")


def make(folder: Path, pages: int, every: int) -> None:
    """Write the archives, in two processes."""
    (folder / "crawl").mkdir()
    each = pages // ARCHIVES
    with ProcessPoolExecutor(2) as pool:
        made = [
            pool.submit(write_archive, folder / "crawl" / f"{number:02}.warc.gz", number * each, each, every)
            for number in range(ARCHIVES)
        ]
        for future in made:
            future.result()


def told(run: Run, first: Run) -> str:
    """Return a row of the table; efficiency is by the clock, beside one process."""
    rate, used = run.counts.pages / run.seconds, run.counts.pages / run.processor
    half = len(run.memory) // 2
    memory = [max(part, default=0) / 2**20 for part in (run.memory[:half], run.memory[half:])]
    gain = first.seconds / run.seconds
    return (
        f"{run.name:26} {run.seconds:8.0f} {rate:9.0f} {used:12.0f} {gain:7.2f} {gain / 2 if run is not first else 1:10.0%} "
        f"{memory[0]:8.0f} {memory[1]:8.0f}   {run.digest}"
    )


def main() -> int:
    """Print the tables; end with 1 when two ways come to different rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--every", type=int, default=40, help="one page of so many is a clinic's")
    parser.add_argument("--no-single", action="store_true", help="do not measure the kinds of page one by one")
    options = parser.parse_args()
    sizes = [len(page(number)) for number in range(3) for page in (other_page, clinic_page)]
    print(f"pages of {sum(sizes) // len(sizes):,} bytes on average\n")
    if not options.no_single:
        single()
    folder = Path(tempfile.mkdtemp(prefix="crawl-"))
    try:
        make(folder, options.pages, options.every)
        size = sum(path.stat().st_size for path in (folder / "crawl").iterdir())
        print(f"\n{options.pages:,} pages in {ARCHIVES} archives, {size / 2**20:,.0f} MB packed, 1 of {options.every} in scope\n")
        silent: Any = lambda job, counts: None  # noqa: E731
        runs = [scan("1 process", jobs_in(folder, "one"), Processes(1), silent)]
        runs.append(scan("2 processes", jobs_in(folder, "two"), Processes(2), silent))
        runs.append(on_a_cluster(folder))
        heads = (f"{'':26} {'seconds':>8} {'pages/s':>9} {'per CPU s':>12} {'faster':>7}", f"{'efficiency':>10} {'MB 1st':>8}")
        print(*heads, f"{'2nd half':>8}   rows")
        for run in runs:
            print(told(run, runs[0]))
        counts = runs[0].counts
        print(f"\n{counts.judged:,} judged, {counts.flagged:,} flagged, {counts.unread:,} unread, {counts.passed_over:,} others")
        output = sum(path.stat().st_size for path in (folder / "one").iterdir())
        print(f"Parquet: {output / 2**20:.1f} MB, {output / max(counts.judged, 1) / 1024:.1f} kB a judged page")
        return 0 if len({run.digest for run in runs}) == 1 else 1
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
