"""Reads a scan as a person's decisions leave it: verdicts of pages and sites without the findings that were rejected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checker.store.outcome import Scan
from checker.store.rows import FindingRow, PageRow, SiteRow, with_pages
from checker.store.saving import verdict_of
from checker.store.store import Store
from checker.values import VerdictLevel
from checker.verdict import level_of

#: Verdicts of pages and sites that offer a treatment in scope; only these follow from findings.
OFFERING = (VerdictLevel.ALARM, VerdictLevel.ALARM_OTHER, VerdictLevel.CAUTION, VerdictLevel.CAREFUL)


def sites(store: Store, scan: Scan) -> Iterator[tuple[SiteRow, list[PageRow], dict[int, list[FindingRow]]]]:
    """Yield each site with its pages and all their findings, rejected ones too; the verdicts are those without them."""
    for site, pages, by_page in with_pages(store, scan):
        left = [replace(page, verdict=verdict(page, by_page.get(page.id, ()))) for page in pages]
        yield replace(site, verdict=verdict_of({page.verdict for page in left})), left, by_page


def verdict(page: PageRow, findings: Sequence[FindingRow]) -> str:
    """Return what a page's findings come to without those that a person rejected."""
    kept = [finding for finding in findings if finding.decision != "rejected"]
    if page.verdict not in OFFERING or len(kept) == len(findings):
        return page.verdict
    return level_of(kept)
