"""What `check --site` does: crawl each site, judge its pages, one report for the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from checker.errors import SettingsError
from checker.values import Report, SiteReport

if TYPE_CHECKING:
    from checker.crawl import PageVisit
    from checker.engine import Checker


def reports(checker: Checker, names: list[str], pages: int) -> Iterator[SiteReport]:
    """Yield the report on each site; raises SettingsError before the first for a name that is no web address."""
    for name in names:
        if not name.lower().startswith(("http://", "https://")):
            raise SettingsError(f"--site needs the address of a site, http:// or https://, and not {name}.")
    return _checked(checker, names, pages)


def _checked(checker: Checker, names: list[str], pages: int) -> Iterator[SiteReport]:
    for name in names:
        report = _check(checker, name, pages)
        yield report
        if is_interrupted(report):
            return


def is_interrupted(report: Report | SiteReport) -> bool:
    """Say whether a report is on the pages that were read before somebody interrupted the crawl."""
    return isinstance(report, SiteReport) and any(noted.note.code == "interrupted" for noted in report.notes)


def _check(checker: Checker, name: str, pages: int) -> SiteReport:
    from checker.crawl import Limits, judge, visits
    from checker.crawl.scripts import browser_for

    made = visits(name, checker.settings, Limits(pages=pages), prepare=browser_for(checker))
    return judge(name, made, checker, _say)


def _say(visit: PageVisit) -> None:
    """Tell on standard error what is being done, for a crawl takes a second a page."""
    from checker.reports.visible import visible

    what = "read" if visit.page else visit.failure.code if visit.failure else "passed over"
    typer.echo(visible(f"{what}: {visit.url}"), err=True)
