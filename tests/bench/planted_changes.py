"""Plants 200 changes of each kind between two scans and counts how many `compare` tells rightly.

Run from the checkout: python -m tests.bench.planted_changes [--each 200]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from checker.scan.pool import Judges
from checker.store.compare import baseline, compare
from checker.store.store import Store
from tests import planted
from tests.test_compare import wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    editions = planted.plan(given.each * len(planted.PLANTED))
    print("planted statements:", dict(Counter(kind.value for kind in editions.planted.values())))
    with tempfile.TemporaryDirectory() as folder, Judges(given.processes) as judges:
        path = Path(folder) / "clinics.db"
        planted.scan_both(path, editions, judges.judge, threads=4 * given.processes)
        start = time.monotonic()
        with Store.read(path) as store:
            changes = list(compare(store, *baseline(store.scans(), None)))
        seconds = time.monotonic() - start
    problems = wrong(changes, editions)
    print("told:", dict(Counter(change.kind.value for change in changes)), f"in {seconds:.1f} s")
    print(f"{len(problems)} told wrongly or not at all", *problems[:20], sep="\n  ")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
