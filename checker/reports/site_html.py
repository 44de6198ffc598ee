"""Writes a site's report as one HTML file that needs nothing else: promises first, then the pages, then each statement once."""

from __future__ import annotations

from typing import TextIO

from checker.reports import choose, sentences, site, site_words, words
from checker.reports.html import LONG_ADDRESS, LONG_QUOTE, failure, sentence, trial_card, write_document
from checker.reports.links import link, of_sources, to_quote
from checker.reports.markup import Html, el, inside, joined, section
from checker.values import SiteFinding, SitePage, SiteReport


def write(report: SiteReport, stream: TextIO) -> None:
    """Write the report as one self-contained HTML document; in plain ASCII where the stream is not UTF-8."""
    name = sentences.shortened(report.source, sentences.TITLE_LENGTH)
    write_document(site_words.TITLE.format(name=name), _body(report), stream)


def _body(report: SiteReport) -> Html:
    sections = (failure, _strongest, _pages, _statements, _trials, _notes, _questions, _judged)
    return el("body", _header(report), el("main", *(part(report) for part in sections)))


def _header(report: SiteReport) -> Html:
    shown = link(report.source, sentences.shortened(report.source, LONG_ADDRESS))
    return el(
        "header",
        el("h1", site.headline(report)),
        el("p", *joined([shown, site.header(report)]), class_="source"),
        el("p", " ".join(words.ADVICE), class_="advice"),
    )


def _strongest(report: SiteReport) -> Html:
    cards = [_card(report, report.findings[number]) for number, _ in choose.strongest(site.as_report(report))]
    return section("strongest", *cards, class_="wide")


def _card(report: SiteReport, found: SiteFinding) -> Html:
    """Return a quote with our note beside it."""
    finding = found.finding
    title, does, known = sentences.noted(finding)
    at = next(place.page for place in found.places if place.finding == finding)
    also = sentences.also(choose.beside(report.pages[at].report, finding))
    lines = [el("p", line) for line in (*also, does, *sentences.doubts(finding), *sentences.aside(finding, known)) if line]
    place = joined([sentences.place_of(finding.statement), *sentences.context(finding.statement)])
    said = el("div", el("blockquote", sentence(finding)), el("p", *place, class_="place"), _places(report, found))
    noted = el("div", el("p", el("b", title)), *lines, el("p", known), of_sources(finding), class_="beside")
    return el("article", said, noted, class_="card")


def _places(report: SiteReport, found: SiteFinding) -> Html:
    """Return a fold-out list of the pages on which a statement stands, each place with a link to it where there can be one."""
    items = []
    for at in found.places:
        page = report.pages[at.page]
        address = site.address(page)
        ways = [link(address, sentences.shortened(address, LONG_ADDRESS)), to_quote(page.report, at.finding)]
        items.append(el("li", *joined([*ways, sentences.place_of(at.finding.statement)])))
    return el("details", el("summary", site.where(found.pages)), el("ul", *items), class_="where")


def _pages(report: SiteReport) -> Html:
    groups = [
        inside([el("h3", title, " ", el("small", str(len(pages)))), el("ul", *map(_page, pages))])
        for title, pages in site.groups(report)
    ]
    return section("pages", *groups)


def _page(page: SitePage) -> Html:
    address = site.address(page)
    error = page.report.error
    title = sentences.shortened(page.report.title or "", sentences.TITLE_LENGTH)
    facts = joined([title, error.message if error else "", site.statements(page), site.copies(page)])
    return el("li", link(address, sentences.shortened(address, LONG_ADDRESS)), el("span", *facts, class_="where"))


def _statements(report: SiteReport) -> Html:
    groups = []
    for label, title in words.LABELS.items():
        found = [group for group in report.findings if group.finding.label is label]
        if found:
            items = [_statement(report, group) for group in found]
            groups.append(inside([el("h3", title, " ", el("small", str(len(found)))), el("ul", *items, class_="quotes")]))
    return section("statements", *groups)


def _statement(report: SiteReport, found: SiteFinding) -> Html:
    quote = sentences.shortened(found.finding.statement.text, LONG_QUOTE)
    facts = [sentences.decided_by(found.finding), *sentences.doubts(found.finding)]
    return el("li", el("q", quote), el("span", *joined(facts), class_="where"), _places(report, found))


def _trials(report: SiteReport) -> Html:
    found = site.trials(report)
    if not found:
        return Html()
    cards = [inside([trial_card(trial), el("p", site.stands(report, pages), class_="where")]) for trial, pages in found]
    return section("trials", *cards, el("p", words.NO_APPROVAL, class_="quiet"))


def _notes(report: SiteReport) -> Html:
    items = []
    for noted in report.notes:
        quote = sentences.note_quote(noted.note)
        place = site.noted_on(report, noted)
        said = (" ", el("q", quote)) if quote else ()
        items.append(el("li", noted.note.message, *said, el("span", place, class_="where") if place else ""))
    return section("notes", el("ul", *items)) if items else Html()


def _questions(report: SiteReport) -> Html:
    items = [el("li", question) for question in sentences.questions(site.as_report(report))]
    return section("questions", el("ul", *items, class_="checklist")) if items else Html()


def _judged(report: SiteReport) -> Html:
    reasons = [el("li", reason.message) for reason in report.reasons]
    method = (site_words.METHOD, *site_words.METHOD_LIMITS) if report.read else ()
    versions = [el("div", el("dt", name), el("dd", version)) for name, version in report.versions.items()]
    return section(
        "judged",
        el("ul", *reasons) if reasons else "",
        *(el("p", line) for line in method),
        el("dl", *versions, class_="versions") if versions else "",
    )
