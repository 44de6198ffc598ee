"""Judging functions for tests of broken pools; they stand in a module because other processes import them by name."""

from __future__ import annotations

import os
import time

from checker.scan import pool
from checker.store.outcome import JudgedPage
from checker.values import Page


def judge(page: Page, seller: bool = False) -> JudgedPage:
    """Judge by the body: die, crash, hang, or return it."""
    if page.body == b"die":
        time.sleep(0.2)  # until others are in flight
        os._exit(9)
    if page.body == b"crash":
        raise ZeroDivisionError("a defect")
    if page.body == b"slow":
        time.sleep(0.5)
    return JudgedPage(report={"verdict": "careful", "source": page.source, "final_url": None}, words=page.body.decode())


def judge_in_a_second(page: Page, seller: bool = False) -> JudgedPage:
    """Judge with a second's time; ``hang`` takes longer without ever giving other Python code a turn."""
    pool.SECONDS_PER_PAGE = 1.0
    pool.judge = _hang_or_judge
    return pool.judge_in_time(page)


def _hang_or_judge(page: Page, seller: bool = False, **manner: bool) -> JudgedPage:
    if page.body == b"hang":
        sum(range(10**12))
    return judge(page)


def judge_for_store(page: Page, seller: bool = False) -> JudgedPage:
    """Return a report that can be saved, without judging."""
    empty = {
        "title": None,
        "publisher": None,
        "language": None,
        "checked_at": "",
        "findings": [],
        "trials": [],
        "notes": [],
        "versions": {},
    }
    return JudgedPage(report={**empty, "verdict": "careful", "source": page.source, "final_url": None})
