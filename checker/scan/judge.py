"""Turns a page's bytes into its report as a plain dictionary, in whatever process or cluster the function runs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from checker import wire
from checker.fingerprint import lines
from checker.store.outcome import JudgedPage
from checker.values import Page

if TYPE_CHECKING:
    from checker.engine import Checker


def judge(page: Page, seller: bool = False, *, thorough: bool = False, sellers_only: bool = False) -> JudgedPage:
    """Return the page's report; one that holds nothing to judge gives a report that says so.

    ``seller`` says that the site's other pages show a seller, ``sellers_only`` that all pages are known to be sellers';
    ``thorough`` is what it is to a `Checker`. What goes in and out can be pickled, so any ``concurrent.futures.Executor`` can run
    this. The first call in a process loads the Checker, which takes seconds. Raises whatever a defect of ours raises.
    """
    checker = _checker(thorough).for_sellers() if sellers_only else _checker(thorough)
    report = checker.check_read(page, seller=seller)
    said = "\n".join(lines(block.text) for block in report.blocks)
    return JudgedPage(report=wire.to_dict(report), words=said, sha256=page.sha256, size=len(page.body))


@cache
def _checker(thorough: bool) -> Checker:
    """Return this process's Checker of a kind."""
    from checker.engine import Checker

    return Checker(thorough=thorough)
