"""Judging in other processes: one that dies costs only the page that killed it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.errors import ReadError
from checker.scan.pool import Judges
from checker.values import Page
from tests import dying


def page(body: bytes, source: str = "a.example") -> Page:
    digest = hashlib.sha256(body).hexdigest()
    return Page(source=source, body=body, sha256=digest, content_type="text/html", fetched_at=datetime.now(UTC))


def results(judges: Judges, bodies: list[bytes]) -> list[str]:
    """Judge all at once and return what came of each."""

    def one(body: bytes) -> str:
        try:
            return judges.judge(page(body)).words
        except ReadError as error:
            return f"{error.stage} {error.code}"

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(one, bodies))


def test_a_page_that_kills_its_process_costs_no_other() -> None:
    bodies = [b"slow", b"die", *(b"page %d" % n for n in range(20)), b"die", b"last"]
    with Judges(2, function=dying.judge) as judges:
        found = results(judges, bodies)
    assert found == ["judge internal" if body == b"die" else body.decode() for body in bodies]


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with Judges(1, function=dying.judge_in_a_second) as judges:
        assert results(judges, [b"hang", b"other", b"next"]) == ["judge internal", "other", "next"]


def test_a_defect_is_raised_where_the_page_was_handed_in() -> None:
    with Judges(1, function=dying.judge) as judges:
        with pytest.raises(ZeroDivisionError):
            judges.judge(page(b"crash"))
        assert judges.judge(page(b"next")).words == "next"


ORPHANS = """
import os, signal
from checker.scan.pool import process_pool
pool = process_pool(2)
print(*{pool.submit(os.getpid).result() for _ in range(20)}, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_end_with_their_owner(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(f"if __name__ == '__main__':\n{''.join(f'    {line}' + chr(10) for line in ORPHANS.splitlines())}")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, check=False)
    workers = [Path(f"/proc/{pid}") for pid in done.stdout.split()]
    assert workers, done.stderr
    end = time.monotonic() + 60
    while any(worker.exists() for worker in workers) and time.monotonic() < end:
        time.sleep(0.05)
    assert [worker for worker in workers if worker.exists()] == []
