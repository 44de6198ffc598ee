"""Writes a scan as one HTML file that needs nothing else: the figures, the pictures, and every site in the order of the list."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from checker.errors import SettingsError
from checker.lists import charts, figures, people, reviewed
from checker.lists.masking import notice
from checker.lists.people import Show
from checker.lists.summary import Share, Summary, summarise
from checker.lists.table import ON_EVERY_PAGE
from checker.reports import html, words
from checker.reports.markup import Html, el, inside
from checker.reports.sentences import counted
from checker.store.outcome import Scan
from checker.store.rows import FindingRow, PageRow, SiteRow
from checker.store.store import Store
from checker.values import Label

TITLE = "What {sites:,} sites say about regenerative treatments, {date}"
ORDER = "Sites stand in the order of the list, not by what was found on them."
_DECISIONS = {"confirmed": "confirmed by a reviewer", "rejected": "rejected by a reviewer"}


def document(store: Store, scan: Scan, *, with_names: bool = False) -> str:
    """Return the whole document; without the package that draws them the pictures are left out, and the page says so."""
    summary = summarise(store, scan, with_names=with_names)
    main = el("main", *_figures(summary), *_sites(store, scan, with_names))
    body = el("body", _header(summary, notice(with_names=with_names)), main)
    stream = io.StringIO()
    html.write_document(_title(summary), body, stream)
    return stream.getvalue()


def _title(summary: Summary) -> str:
    return TITLE.format(sites=summary.read, date=summary.scan.started_at[:10])


def _header(summary: Summary, of_names: str) -> Html:
    lines = [*figures.headline(summary), words.ADVICE[0], of_names]
    return el("header", el("h1", _title(summary)), *(el("p", line, class_="source") for line in lines))


def _figures(summary: Summary) -> Iterator[Html]:
    try:
        drawn = {name: charts.svg(chart) for name, chart in charts.charts(summary).items()}
    except SettingsError as error:
        yield el("p", str(error), class_="quiet")
        drawn = {}
    for title, shares, names in figures.parts(summary):
        rows = [
            el(
                "li",
                f"{names.get(each.name, each.name)}: {each.count:,} of {each.of:,}, {figures.percent(each)}",
                *_reviewed(each),
            )
            for each in shares
        ]
        picture = drawn.get(charts.FILES[title], "")
        yield el("section", el("h2", title), el("figure", Html(picture)) if picture else "", el("ul", *rows))
    yield el("p", figures.SHARES_OF.format(offering=summary.offering))
    yield el("p", figures.ERRS)
    beside = [el("li", figures.beside(each)) for each in summary.base_rates]
    yield el("section", el("h2", "Beside published shares"), el("ul", *beside))
    yield _kits(summary)


def _reviewed(share: Share) -> list[str]:
    said = figures.reviewed(share)
    return [" ", el("small", f"({said})")] if said else []


def _kits(summary: Summary) -> Html:
    items = [
        el("li", el("q", kit.statement), " ", el("small", f"Same sentences found on {', '.join(kit.sites)}."), class_="said")
        for kit in summary.kits
    ]
    heading = el("h2", "Sentences on several sites")
    return el("section", heading, el("p", figures.kits_headline(summary)), el("ul", *items)) if items else Html()


def _sites(store: Store, scan: Scan, with_names: bool) -> Iterator[Html]:
    show = people.as_it_is if with_names else people.shown
    yield el("h2", "The sites")
    yield el("p", ORDER, class_="quiet")
    for site, pages, by_page in reviewed.sites(store, scan):
        yield _site(site, pages if with_names else list(map(people.shown_page, pages)), by_page, show)


def _site(site: SiteRow, pages: Sequence[PageRow], by_page: dict[int, list[FindingRow]], show: Show) -> Html:
    verdict = figures.VERDICTS[site.verdict] if site.verdict else words.UNREAD_OTHER
    failures = [el("p", f"Not read: {failure['message']}", class_="quiet") for failure in site.failures]
    found = [_page(page, [show(finding) for finding in by_page.get(page.id, ())]) for page in pages]
    read = sum(page.is_read for page in pages)
    said = f"{counted(read, 'page')} read, {len(pages) - read} not" + (f"; {verdict}" if site.verdict else "")
    if site.others:
        said += f"; also on the list as {', '.join(other.name for other in site.others)}"
    return el("details", el("summary", el("b", site.name), " ", el("small", said)), *failures, *found)


def _page(page: PageRow, found: Sequence[FindingRow]) -> Html:
    if not page.is_read:
        return el("p", f"{page.address}: not read, {page.error_message}", class_="quiet")
    items = [el("li", el("q", finding.statement), " ", el("small", inside(_said(finding))), class_="said") for finding in found]
    address = el("p", page.address, class_="place")
    notes = [el("p", message, class_="quiet") for code, message in page.notes if code != ON_EVERY_PAGE]
    return inside([address, el("ul", *items) if items else el("p", "No finding on this page.", class_="quiet"), *notes])


def _said(finding: FindingRow) -> Iterator[str]:
    yield words.LABELS[Label(finding.label)]
    if finding.decision:
        yield f", {_DECISIONS[finding.decision]}"
    if finding.note:
        yield f" (note: {finding.note})"
    if finding.shielded_by:
        yield f". {words.SHIELDED.format(trial=finding.shielded_by)}"
