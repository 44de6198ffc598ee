"""Writes a site's report for a person at a terminal: what it promises, on which pages, and each statement once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from checker.reports import choose, sentences, site, site_words, words
from checker.reports.terminal import (
    EMPTY,
    FIRST,
    STYLES,
    Line,
    finding_lines,
    footer_lines,
    known_line,
    note_lines,
    print_lines,
    question_lines,
    section_lines,
    source_lines,
    trial_lines,
)
from checker.values import Label, SiteFinding, SitePage, SiteReport, Source

#: Pages of one group, and places of one statement, that are shown unless all are asked for.
FIRST_PAGES = 10
FIRST_PLACES = 3


def write(report: SiteReport, stream: TextIO, *, color: bool | None = None, show_all: bool = False) -> None:
    """Write the report; ``color`` None means color on a terminal only, ``show_all`` spares no page and no finding."""
    print_lines(_lines(report, show_all), stream, color)


def _lines(report: SiteReport, show_all: bool) -> Iterator[Line]:
    yield site.headline(report), "bold", 0
    yield EMPTY
    yield report.source, "", 0
    yield site.header(report), "dim", 0
    if report.error is not None:
        yield from section_lines(words.SECTIONS["advice"])
        yield report.error.message, "", 2
        yield report.error.advice, "", 2
    yield from _pages(report, show_all)
    sources = choose.sources(found.finding for found in report.findings)
    for label in words.LABELS:
        yield from _group(report, label, sources, show_all)
    yield from _trials(report)
    yield from _notes(report)
    yield from question_lines(site.as_report(report))
    yield from source_lines(sources)
    yield from footer_lines(report.versions)


def _pages(report: SiteReport, show_all: bool) -> Iterator[Line]:
    for title, pages in site.groups(report):
        yield from section_lines(f"{title} ({len(pages)})")
        shown = pages if show_all else pages[:FIRST_PAGES]
        for page in shown:
            yield from _page(page)
        if len(pages) > len(shown):
            yield words.MORE.format(count=len(pages) - len(shown)), "italic", 2


def _page(page: SitePage) -> Iterator[Line]:
    yield site.address(page), "", 2
    error = page.report.error
    facts = " · ".join(filter(None, (error.message if error else "", site.statements(page), site.copies(page))))
    if facts:
        yield facts, "dim", 6


def _group(report: SiteReport, label: Label, sources: list[Source], show_all: bool) -> Iterator[Line]:
    group = [found for found in report.findings if found.finding.label is label]
    if not group:
        return
    yield from section_lines(f"{words.LABELS[label]} ({len(group)})", f"bold {STYLES[label]}")
    shown = group if show_all else group[:FIRST]
    seen: set[str] = set()
    for found in shown:
        yield from known_line(found.finding, sources, seen)
        yield from finding_lines(found.finding, sentences.context(found.finding.statement), show_all)
        yield from _places(report, found, show_all)
    if len(group) > len(shown):
        yield words.MORE.format(count=len(group) - len(shown)), "italic", 2


def _places(report: SiteReport, found: SiteFinding, show_all: bool) -> Iterator[Line]:
    pages = found.pages if show_all else found.pages[:FIRST_PLACES]
    addresses = [site.address(report.pages[page]) for page in pages]
    yield site_words.STANDS.format(where=site.where(found.pages), address=addresses[0]), "dim", 6
    for address in addresses[1:]:
        yield address, "dim", 8
    if len(found.pages) > len(pages):
        yield site_words.MORE_PAGES.format(count=len(found.pages) - len(pages)), "italic", 8


def _trials(report: SiteReport) -> Iterator[Line]:
    found = site.trials(report)
    if found:
        yield from section_lines(words.SECTIONS["trials"])
    for trial, pages in found:
        yield from trial_lines(trial)
        yield site.stands(report, pages), "dim", 6
    if found:
        yield words.NO_APPROVAL, "dim", 2


def _notes(report: SiteReport) -> Iterator[Line]:
    if report.notes:
        yield from section_lines(words.SECTIONS["notes"])
    for noted in report.notes:
        yield from note_lines(noted.note)
        if place := site.noted_on(report, noted):
            yield place, "dim", 4
