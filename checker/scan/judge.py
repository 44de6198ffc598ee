"""Turns a page's bytes into its report as a plain dictionary, in whatever process or cluster the function runs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from checker import wire
from checker.errors import ReadError
from checker.fingerprint import lines
from checker.store.outcome import Judged
from checker.values import Page

if TYPE_CHECKING:
    from checker.engine import Checker


def judge(page: Page) -> Judged:
    """Return the page's report; one that holds nothing to judge gives a report that says so.

    What goes in and out can be pickled, so any ``concurrent.futures.Executor`` can run this. The first call in a process
    loads the Checker, which takes seconds. Raises whatever a defect of ours raises.
    """
    checker = _checker()
    try:
        report = checker.check_page(page)
    except ReadError as error:
        report = replace(checker.unread(page.source, error), final_url=page.final_url)
    said = "\n".join(lines(block.text) for block in report.blocks)
    return Judged(report=wire.to_dict(report), words=said, sha256=page.sha256, size=len(page.body))


@cache
def _checker() -> Checker:
    """Return this process's Checker."""
    from checker.engine import Checker

    return Checker()
