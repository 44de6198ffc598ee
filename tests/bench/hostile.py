"""Prints what attacks cost: python tests/bench/hostile.py [SIZE in bytes, 5000000 if not given] [words of names].

Each case is served by a local server and checked in a process of its own, the whole way from address to report.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from checker.engine import Checker
from tests.hostile.cases import SETTINGS, Case, of_the_page, of_the_pdf, of_the_server, outcome, served
from tests.hostile.meter import Meter

SIZE = 4_990_000
#: What any page of up to 5 MB has to keep to: seconds of the processor, and memory beyond a loaded checker's.
SECONDS, MEGABYTES = 30.0, 1_200.0
#: Seconds after which a check is given up.
HANGS = 300.0


def main(arguments: list[str]) -> int:
    """Run all cases, or those whose names hold a word given, and return 1 if one was not held."""
    size = int(arguments.pop(0)) if arguments and arguments[0].isdecimal() else SIZE
    cases = [case for case in chain(of_the_server(), of_the_page(size), of_the_pdf(size)) if named(case, arguments)]
    checker = Checker(SETTINGS)
    held = 0
    print(f"{'case':40} {'came to':18} {'held':4} {'CPU s':>8} {'MB':>6}")
    with served(cases) as addresses:
        for case in cases:
            came_to, seconds, megabytes = alone(checker, addresses[case.name])
            good = came_to in case.codes and seconds < SECONDS and megabytes < MEGABYTES
            held += good
            print(f"{case.name[:40]:40} {came_to:18} {'yes' if good else 'NO':4} {seconds:8.1f} {megabytes:6.0f}", flush=True)
    print(f"{held} of {len(cases)} held")
    return held < len(cases)


def named(case: Case, words: list[str]) -> bool:
    return not words or any(word in case.name for word in words)


def alone(checker: Checker, address: str) -> tuple[str, float, float]:
    """Return code, seconds and megabytes of a check in a fork of this process; one that dies or hangs says so."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=check, args=(checker, address, theirs))
    start = time.perf_counter()
    process.start()
    theirs.close()
    try:
        if ours.poll(HANGS):
            found: tuple[str, float, float] = ours.recv()
            return found
        return "hangs", time.perf_counter() - start, 0.0
    except EOFError:
        return "died", time.perf_counter() - start, 0.0
    finally:
        process.kill()
        process.join()


def check(checker: Checker, address: str, answer: object) -> None:
    with Meter() as used:
        came_to = outcome(checker.check(address))
    answer.send((came_to, used.cpu, used.megabytes))  # type: ignore[attr-defined]  # one end of a pipe


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
