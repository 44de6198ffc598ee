"""Every attack ends with the right code, soon, and without taking the machine's memory."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from checker.engine import Checker
from checker.errors import ReadError
from checker.page import sources
from tests.hostile.cases import READ, SETTINGS, Case, of_the_page, of_the_pdf, of_the_server, outcome, served
from tests.hostile.meter import Meter

#: Bytes of the pages here; the bench takes two hundred times as much. No pattern grows faster than the text (there is a
#: test), so that what is slow here is what would be slow there.
SIZE = 25_000
#: Seconds of the processor and megabytes for one page of that size; the slowest take about a second on a quiet machine.
SECONDS = 6.0
MEGABYTES = 120.0


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker(SETTINGS) as loaded:
        loaded.check_text("Our stem cells repair damaged nerves. Book now.")  # the deep reader is loaded once, not by an attack
        yield loaded


def test_servers_that_keep_to_no_rule() -> None:
    cases = list(of_the_server())
    with served(cases) as addresses, Meter() as used, ThreadPoolExecutor(6) as pool:
        codes = dict(zip(addresses, pool.map(code, addresses.values()), strict=True))
    assert {case.name: codes[case.name] for case in cases if codes[case.name] not in case.codes} == {}
    assert used.seconds < 60 and used.megabytes < 300


def code(address: str) -> str:
    try:
        sources.read(address, SETTINGS)
    except ReadError as error:
        return error.code
    return READ


@pytest.mark.parametrize("kind", [of_the_page, of_the_pdf])
def test_pages_that_keep_a_reader_busy(checker: Checker, kind: type[Iterable[Case]]) -> None:
    cases = list(kind(SIZE))
    wrong = {}
    with served(cases) as addresses:
        for case in cases:
            gc.collect()
            with Meter() as used:
                came_to = outcome(checker.check(addresses[case.name]))
            if came_to not in case.codes or used.cpu > SECONDS or used.megabytes > MEGABYTES:
                wrong[case.name] = f"{came_to}, {used.cpu:.1f} s, {used.megabytes:.0f} MB"
    assert wrong == {}
    assert len(cases) > 5
