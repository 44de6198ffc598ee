"""Measures what a user waits for: a loaded Checker on a long page, quick and thorough, the command's cold start, and memory.

    python tests/bench/speed.py             # prints a table; ends with 1 when a limit is broken
    python tests/bench/speed.py --profile   # prints where the time of a check goes

Everything runs on one core. The page is long_page.html beside this file: an invented clinic, written for this.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

PAGE = Path(__file__).with_name("long_page.html")
RUNS = 30
WARM_UP = 3
COLD_RUNS = 5
#: What the project promised itself, on the machine kind that its tests run on.
MAX_MEDIAN_MS = 60.0
MAX_MEMORY_MB = 400.0
#: The command is thorough, so the deep reader is asked: its weights alone are 93 MB.
MAX_SHORT_MEMORY_MB = 500.0


class Row(NamedTuple):
    """A line of the table; a limit of None is a figure to compare with."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def holds(self) -> bool:
        """Say whether the figure keeps its limit."""
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"  limit {self.limit:g} {self.unit}" + ("" if self.holds else "  BROKEN")
        return f"{self.name:<58}{self.value:>9.1f} {self.unit:<3}{limit}"


def one_core() -> None:
    """Keep this process, and those it starts, on one core where the system allows it; call before NumPy loads."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def milliseconds(action: Callable[[], object]) -> float:
    """Return how long the action took."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def peak_mb(of: int = resource.RUSAGE_SELF) -> float:
    """Return the most memory held so far by this process, or by the largest of its finished children, in MB."""
    return resource.getrusage(of).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def cold(*arguments: str) -> float:
    """Return the median time of a fresh Python; the first run, which fills the disk cache, does not count."""

    def start() -> None:
        done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):  # 1 says that the page was flagged
            raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}")

    start()
    return statistics.median(milliseconds(start) for _ in range(COLD_RUNS))


def measure() -> list[Row]:
    """Return the whole table; the children run first, while this process is still small."""
    help_ = cold("-m", "checker", "--help")
    imports = cold("-c", "import spacy, sklearn")
    sample = cold("-m", "checker", "check", "--sample", "--format", "json")

    def load(thorough: bool = False) -> None:
        nonlocal check
        from checker import Checker

        check = Checker(thorough=thorough).check_html

    check: Callable[[str], object] = str
    loading = milliseconds(load)
    loaded_mb = peak_mb()
    page = PAGE.read_text(encoding="utf-8")
    first = milliseconds(lambda: check(page))
    for _ in range(WARM_UP):
        check(page)
    runs = sorted(milliseconds(lambda: check(page)) for _ in range(RUNS))
    quick_mb = peak_mb()
    load(thorough=True)
    check(page)
    thorough = statistics.median(milliseconds(lambda: check(page)) for _ in range(COLD_RUNS))
    return [
        Row(f"one loaded Checker, quick, median of {RUNS}", statistics.median(runs), "ms", MAX_MEDIAN_MS),
        Row("  fastest", runs[0], "ms"),
        Row("  slowest", runs[-1], "ms"),
        Row("  first page after loading", first, "ms"),
        Row("  loading a Checker, imports included", loading, "ms"),
        Row("peak memory after loading", loaded_mb, "MB"),
        Row("peak memory after all pages", quick_mb, "MB", MAX_MEMORY_MB),
        Row(f"one loaded Checker, thorough, median of {COLD_RUNS}", thorough, "ms"),
        Row(f"cold: check --sample --format json, median of {COLD_RUNS}", sample, "ms"),
        Row("cold: python -c 'import spacy, sklearn'", imports, "ms"),
        Row("cold: --help", help_, "ms"),
        Row("largest memory of a cold process, the sample", peak_mb(resource.RUSAGE_CHILDREN), "MB", MAX_SHORT_MEMORY_MB),
    ]


def profile() -> None:
    """Print where the time of a check goes, by stage and by function; profiling itself slows small functions most."""
    from checker import Checker

    check, page = Checker().check_html, PAGE.read_text(encoding="utf-8")
    for _ in range(WARM_UP):
        check(page)
    recorded = cProfile.Profile()
    recorded.enable()
    for _ in range(10):
        check(page)
    recorded.disable()
    statistics_ = pstats.Stats(recorded).strip_dirs()
    statistics_.sort_stats("cumulative").print_stats(45)
    statistics_.sort_stats("tottime").print_stats(25)


def main() -> int:
    """Print the table or the profile; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description="Measures speed and memory.")
    parser.add_argument("--profile", action="store_true", help="print where the time of a check goes")
    asked = parser.parse_args()
    one_core()
    if asked.profile:
        profile()
        return 0
    words = len(PAGE.read_text("utf-8").split())
    print(f"Python {sys.version.split()[0]}, one core; page of {words:,} words with its markup")
    if (busy := os.getloadavg()[0]) > 0.5:
        print(f"The machine is busy (load {busy:.1f}): the figures are too high.")
    rows = measure()
    print(*rows, sep="\n")
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
