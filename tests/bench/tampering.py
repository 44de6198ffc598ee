"""Saves evidence of a page from a local server, changes it in more than fifty ways and prints what `verify` names for each.

Run from a checkout: python tests/bench/tampering.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from checker.engine import Checker
from checker.evidence.save import save
from checker.evidence.verify import verify
from checker.page.record import Recorder
from checker.settings import Settings
from tests.server import ADDRESS, Answer, LocalServer, redirect
from tests.tampering import TAMPERINGS


def main() -> int:
    """Print a line for each way and how many were caught; end with 1 unless all were."""
    settings = Settings(allow_addresses=(f"{ADDRESS}/32",), hosts=(("clinic.example", ADDRESS),))
    html = files("checker").joinpath("data/sample.html").read_bytes()
    routes = {"/": redirect("/neuropathy"), "/neuropathy": Answer(html)}
    with tempfile.TemporaryDirectory() as folder, LocalServer(routes) as server:
        recorder = Recorder()
        report = Checker(settings).check(server.url("/", "clinic.example"), recorder)
        path = save(recorder, report, Path(folder), settings).path
        whole, changed = path.read_bytes(), Path(folder) / "clinic.wacz"
        start = time.perf_counter()
        assert not verify(path).differences, "an unchanged file must verify"
        print(f"unchanged: nothing differs ({time.perf_counter() - start:.1f} s, the model loaded)\n")
        caught, start = 0, time.perf_counter()
        for number, (name, (tamper, part)) in enumerate(TAMPERINGS.items(), 1):
            changed.write_bytes(tamper(whole))
            named = verify(changed).differences
            caught += part in {difference.part for difference in named}
            print(f"{number:2d}  {name:52s} {named[0] if named else 'NOT CAUGHT'}"[:170])
    print(f"\n{caught} of {len(TAMPERINGS)} caught, {(time.perf_counter() - start) / len(TAMPERINGS):.2f} s each")
    return 0 if caught == len(TAMPERINGS) else 1


if __name__ == "__main__":
    sys.exit(main())
