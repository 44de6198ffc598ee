"""Scans a thousand invented sites whole, then again with kill -9 at random moments, and compares the tables.

Run from the checkout: python -m tests.bench.thousand_sites [--sites 1000] [--kills 10] [--to FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread

import psutil

from tests.invented import KINDS, PATHS, Web, kind
from tests.test_scan import tables

ADDRESSES = tuple(f"127.1.0.{number}" for number in range(1, 21))


def serve(port: Connection) -> None:
    """Answer for all sites until killed."""
    with Web(addresses=ADDRESSES) as web:
        port.send(web.port)
        Event().wait()


class Watch(Thread):
    """Notes the memory of a scan and of the processes that judge for it, twice a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.owner = psutil.Process(pid)
        self.start_time = time.monotonic()
        self.seen: list[tuple[float, float, float]] = []

    def run(self) -> None:
        while True:
            try:
                own = self.owner.memory_info().rss
                below = sum(child.memory_info().rss for child in self.owner.children(recursive=True))
            except psutil.Error:
                if not self.owner.is_running() or self.owner.status() == psutil.STATUS_ZOMBIE:
                    return
                continue
            self.seen.append((time.monotonic() - self.start_time, own / 1e6, below / 1e6))
            time.sleep(0.5)


def picture(seen: list[tuple[float, float, float]], path: Path) -> None:
    """Draw memory over time."""
    import altair

    rows = [{"seconds": s, "MB": mb, "what": what} for s, a, b in seen for what, mb in (("scan", a), ("judging", b))]
    lines = altair.Chart(altair.Data(values=rows)).mark_line().encode(x="seconds:Q", y="MB:Q", color="what:N")
    lines.properties(width=700, height=300, title="Resident memory over a scan").save(str(path))


def measured(asked: list[str], environment: dict[str, str], folder: Path) -> None:
    """Scan whole, print figures, draw memory."""
    start = time.monotonic()
    with subprocess.Popen(asked, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        watch = Watch(process.pid)
        watch.start()
        said = process.communicate()[0]
    seconds = time.monotonic() - start
    assert process.returncode == 0, said
    print(said.strip())
    pages = int(re.search(r"([\d,]+) pages\.", said)[1].replace(",", ""))  # type: ignore[index]
    print(f"wall time {seconds:.0f} s, {pages / seconds:.1f} pages a second (start and loading included)")
    later = [own + below for at, own, below in watch.seen if seconds / 4 < at]
    parts = [later[len(later) * tenth // 10] for tenth in range(0, 10, 2)]
    print(f"memory (MB) from a quarter of the time on: {' '.join(f'{part:.0f}' for part in parts)}; at most {max(later):.0f}")
    picture(watch.seen, folder / "memory.svg")
    picture(watch.seen, folder / "memory.png")


def killed(asked: list[str], environment: dict[str, str], sites: int, kills: int) -> None:
    """Scan with kills at random moments: each after a random number of sites more, and up to a second later."""
    chance = random.Random(10)
    saved = []
    for _ in range(kills):
        wanted = chance.randrange(2 * sites // (kills + 2))
        with subprocess.Popen(asked, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr
            lines = [line for _, line in zip(range(wanted), process.stderr, strict=False)]
            time.sleep(chance.uniform(0, 1))
            process.send_signal(signal.SIGKILL)
            lines += process.stderr.readlines()
            saved.append(len(lines) if process.wait() == -signal.SIGKILL else -1)
    print(f"sites saved before each kill: {saved}, {saved.count(-1)} of {kills} came too late")
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    print(f"then: {(done.stdout or done.stderr).strip().splitlines()[-1]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--to", type=Path, default=Path(tempfile.mkdtemp(prefix="thousand-sites-")))
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    numbers = range(given.sites)
    ours, theirs = get_context("spawn").Pipe()
    server = get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    web = Web(addresses=ADDRESSES)
    web.port = ours.recv()
    environment = {**os.environ, **web.environment(numbers)}
    path = given.to / "sites.txt"
    path.write_text("".join(f"{web.address(number)}\n" for number in numbers))
    kinds = Counter(map(kind, numbers))
    print(f"{given.sites} sites of {len(PATHS)} pages: {json.dumps({name: kinds[name] for name in ('plain', *KINDS)})}")
    found = {}
    for name in ("whole", "killed"):
        db = given.to / f"{name}.db"
        for old in given.to.glob(f"{name}.db*"):
            old.unlink()
        asked = [sys.executable, "-m", "checker", "scan", str(path), "--to", str(db), "--resume"]
        if name == "whole":
            measured(asked, environment, given.to)
        else:
            killed(asked, environment, given.sites, given.kills)
        found[name] = tables(db)
    server.terminate()
    same = found["whole"] == found["killed"]
    print({name: len(rows) for name, rows in found["whole"].items()})
    print(f"tables after the kills are {'identical' if same else 'DIFFERENT'}; pictures and databases are in {given.to}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
