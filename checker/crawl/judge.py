"""Turns visits to a site into the site's report: each page judged by itself, then in the light of who publishes the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from checker.crawl.report import INTERRUPTED, site_report
from checker.crawl.visits import PageVisit
from checker.values import Note, Page, Publisher, Report, SiteReport

if TYPE_CHECKING:
    from checker.engine import Checker

#: The share of the pages that were read which have to be a seller's by themselves, for the site to be one's: less where the
#: start page is. Set by thought on clinics' sites, whose start page sells and whose blog informs, and on newspapers',
#: where a page or two of many is mistaken for a clinic's.
SHARE = 0.5
SHARE_WITH_START = 1 / 3
BY_SITE = (
    "By itself this page does not show that its publisher sells the treatment; it was judged as a seller's page because "
    "other pages of the site are ({sellers} of {read})."
)


def judge(
    source: str, visits: Iterable[PageVisit], checker: Checker, tell: Callable[[PageVisit], None] = lambda visit: None
) -> SiteReport:
    """Judge a site's pages as they come and return the site's report; ``tell`` is called with every visit.

    Interrupted (KeyboardInterrupt), the report is on the pages so far and says so; without any the interrupt is raised.
    """
    pages: list[Page | None] = []
    reports: list[Report] = []
    trail: list[PageVisit] = []
    try:
        for visit in visits:
            tell(visit)
            report = report_of(visit, checker)
            trail.append(visit.without_page())
            if report is not None:
                reports.append(report)
                pages.append(visit.page)
    except KeyboardInterrupt:
        if not trail:
            raise
        trail[-1] = replace(trail[-1], stopped=INTERRUPTED)
    return site_report(source, settled(reports, pages, checker), trail)


def report_of(visit: PageVisit, checker: Checker) -> Report | None:
    """Judge a visit's page; a failure gives a report that says so, a page that was passed over None."""
    if visit.page is not None:
        return checker.check_read(replace(visit.page, source=visit.url))
    return None if visit.failure is None else checker.not_read(visit.url, visit.failure)


def sells(providers: Sequence[bool], *, start: bool) -> bool:
    """Say whether a site is a seller's: of each page that was read whether it is a provider's, and whether ``start`` is."""
    share = SHARE_WITH_START if start else SHARE
    return bool(providers) and sum(providers) >= share * len(providers)


def by_site(providers: Sequence[bool]) -> Note:
    """Return the note of a page that was judged as a seller's because of the site's other pages."""
    return Note(code="publisher_by_site", message=BY_SITE.format(sellers=sum(providers), read=len(providers)))


def settled(reports: Sequence[Report], pages: Sequence[Page | None], checker: Checker) -> list[Report]:
    """Return the reports with those of other publishers judged again where the site is a seller's; pages go with reports."""
    providers = _providers(reports)
    if not sells(providers, start=any(_providers(reports[:1]))):
        return list(reports)
    note = by_site(providers)
    return [_as_sellers(report, page, checker, note) for report, page in zip(reports, pages, strict=True)]


def _providers(reports: Sequence[Report]) -> list[bool]:
    return [report.verdict.publisher is Publisher.PROVIDER for report in reports if report.error is None]


def _as_sellers(report: Report, page: Page | None, checker: Checker, note: Note) -> Report:
    if page is None or report.verdict.publisher is not Publisher.THIRD_PARTY:
        return report
    again = checker.check_read(replace(page, source=report.source), seller=True)
    return replace(again, notes=(note, *again.notes)) if again.verdict.publisher is Publisher.PROVIDER else report
