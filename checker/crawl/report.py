"""Turns the reports on a site's pages into one on the site: its verdict, and each statement once with all its places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.crawl.pairs import across_pages
from checker.crawl.visits import PageVisit
from checker.fingerprint import words
from checker.values import (
    FLAGGED,
    STRONGEST_FIRST,
    Failure,
    Finding,
    Note,
    Publisher,
    Report,
    Severity,
    SiteFinding,
    SiteNote,
    SitePage,
    SitePlace,
    SiteReason,
    SiteReport,
    VerdictLevel,
    counts_for_alarm,
)

#: A site is what its strongest page is.
ORDER = (*STRONGEST_FIRST, VerdictLevel.COULD_NOT_READ)
MESSAGES = {
    VerdictLevel.ALARM: "Pages that promise approval or cure for nerve damage: {pages} of {read}.",
    VerdictLevel.ALARM_OTHER: "Pages that promise approval or cure, for other conditions or none named: {pages} of {read}.",
    VerdictLevel.CAUTION: "Pages that say that the treatment works, is safe or is backed by others: {pages} of {read}.",
    VerdictLevel.CAREFUL: "Pages on which we found no promise of approval or cure in the parts we could read: {pages} of {read}.",
    VerdictLevel.OUT_OF_SCOPE: "Pages that offer no stem cell, exosome or other regenerative product: {pages} of {read}.",
    VerdictLevel.TRIAL: "Pages that are records or recruiting notices of registered trials: {pages} of {read}.",
    VerdictLevel.INFORMATIONAL: "Pages that inform, report or warn: {pages} of {read}.",
    VerdictLevel.COULD_NOT_READ: "Pages that could not be read: {pages}.",
}
INTERRUPTED = "interrupted"
STOPPED = {
    INTERRUPTED: "the crawl was interrupted",
    "pages": "as many pages were fetched as were asked for",
    "bytes": "the most bytes that may be received were reached",
    "time": "the time was up",
    "visits": "too many addresses led to no new page",
    "shape": "they differ from visited ones in numbers only, as the days of a calendar do",
    "rate_limited": "the site asked for fewer visits",
}
MIXED = (
    "By most of its pages nobody on this site sells the treatment (pages that inform: {informs}), but some pages were taken "
    "for a seller's ({sellers}). Look at these first: they may be a guest's, or misjudged."
)
UNVISITED = "Addresses of the site that are known and were not visited: {count}, because {why}."
NO_ANSWER = "the site stopped answering"
DUPLICATES = "Pages that say nearly the same as another and were not judged again, each listed with the page it repeats: {count}."
REFUSED = "Addresses that were left alone because the site's robots.txt asks for it: {count}."
ELSEWHERE = "Addresses that lead out of the site or to pages that were visited: {count}."


def site_report(source: str, reports: Sequence[Report], trail: Sequence[PageVisit] = ()) -> SiteReport:
    """Return what the pages' reports (at least one, in the order of the visits) come to.

    ``trail`` holds all visits in order, pages left out or not: what was passed over and why the crawl ended.
    """
    found = grouped(reports)
    level = min((report.verdict.level for report in reports), key=ORDER.index)
    notes = (*_crawl_notes(trail), *across_pages(found, reports), *_page_notes(reports))
    publishers = {report.verdict.publisher for report in reports if report.verdict.level is level}
    return SiteReport(
        source=source,
        checked_at=reports[0].checked_at,
        level=level,
        publisher=Publisher.PROVIDER if Publisher.PROVIDER in publishers else next(iter(publishers)),
        versions=reports[0].versions,
        reasons=_reasons(level, reports, found),
        pages=_pages(reports, found, trail),
        findings=found,
        notes=tuple(notes),
        error=_error(reports) if level is VerdictLevel.COULD_NOT_READ else None,
    )


def grouped(reports: Sequence[Report]) -> tuple[SiteFinding, ...]:
    """Return each statement with each label once with all its places, the gravest and most frequent first."""
    places: dict[tuple[object, ...], list[SitePlace]] = {}
    for number, report in enumerate(reports):
        for finding in report.findings:
            places.setdefault(_key(finding), []).append(SitePlace(page=number, finding=finding))
    found = [SiteFinding(finding=_speaker(group), places=tuple(group)) for group in places.values()]
    return tuple(sorted(found, key=_weight))


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.label, words(finding.statement.text), finding.shielded_by


def _speaker(group: Sequence[SitePlace]) -> Finding:
    """Return the finding that speaks for all places: a sure one, one about nerves, the most confident."""
    return min((p.finding for p in group), key=lambda f: (f.unsure, not f.about_nerves, -f.confidence))


def _weight(found: SiteFinding) -> tuple[bool, bool, int, bool, int, int]:
    finding = found.finding
    promise = counts_for_alarm(finding)
    severity = list(Severity).index(finding.severity)
    return not promise, not finding.about_nerves, severity, finding.unsure, -len(found.pages), found.places[0].page


def _reasons(level: VerdictLevel, reports: Sequence[Report], found: Sequence[SiteFinding]) -> tuple[SiteReason, ...]:
    """Return a reason for the verdict, then one for each weaker level that other pages have."""
    read = sum(report.error is None for report in reports)
    result = []
    for other in ORDER[ORDER.index(level) :]:
        pages = tuple(i for i, report in enumerate(reports) if report.verdict.level is other)
        if pages:
            message = MESSAGES[other].format(pages=len(pages), read=read)
            counted = _counted(other, pages, reports, found)
            result.append(SiteReason(code=other.value, message=message, pages=pages, findings=counted))
    return tuple(result)


def _counted(
    level: VerdictLevel, pages: Sequence[int], reports: Sequence[Report], found: Sequence[SiteFinding]
) -> tuple[int, ...]:
    """Return the findings on which the first reason of these pages rests."""
    if level not in FLAGGED:
        return ()
    first = {(page, position) for page in pages for reason in reports[page].verdict.reasons[:1] for position in reason.findings}
    ids = {id(reports[page].findings[position]) for page, position in first}
    return tuple(i for i, group in enumerate(found) if any(id(place.finding) in ids for place in group.places))


def _pages(reports: Sequence[Report], found: Sequence[SiteFinding], trail: Sequence[PageVisit]) -> tuple[SitePage, ...]:
    copies: dict[str, list[str]] = {}
    for visit in trail:
        if visit.duplicate_of is not None:
            copies.setdefault(visit.duplicate_of, []).append(visit.url)
    held: list[list[int]] = [[] for _ in reports]
    for index, group in enumerate(found):
        for page in group.pages:
            held[page].append(index)
    return tuple(
        SitePage(report=report, duplicates=tuple(copies.get(report.final_url or "", ())), findings=tuple(findings))
        for report, findings in zip(reports, held, strict=True)
    )


def _error(reports: Sequence[Report]) -> Failure | None:
    """Return why a site could not be read: what its first page says."""
    return next((report.error for report in reports if report.error is not None), None)


def _crawl_notes(trail: Sequence[PageVisit]) -> Iterable[SiteNote]:
    """Yield what was not looked at, and why."""
    counts = (
        ("duplicates", DUPLICATES, sum(visit.duplicate_of is not None for visit in trail)),
        ("robots", REFUSED, sum(visit.is_refused for visit in trail)),
        ("elsewhere", ELSEWHERE, sum(visit.leads_to is not None for visit in trail)),
    )
    for code, message, count in counts:
        if count:
            yield SiteNote(note=Note(code=code, message=message.format(count=count)))
    if trail and trail[-1].stopped:
        why = STOPPED.get(trail[-1].stopped, NO_ANSWER)
        code = INTERRUPTED if trail[-1].stopped == INTERRUPTED else "not_visited"
        yield SiteNote(note=Note(code=code, message=UNVISITED.format(count=trail[-1].waiting, why=why)))


def _page_notes(reports: Sequence[Report]) -> Iterable[SiteNote]:
    """Yield each note of the pages once, with the pages that have it."""
    pages: dict[Note, list[int]] = {}
    for number, report in enumerate(reports):
        for note in report.notes:
            pages.setdefault(note, []).append(number)
    sellers = [i for i, r in enumerate(reports) if r.verdict.publisher is Publisher.PROVIDER]
    informs = [i for i, r in enumerate(reports) if r.verdict.level is VerdictLevel.INFORMATIONAL]
    if sellers and informs:
        message = MIXED.format(informs=len(informs), sellers=len(sellers))
        yield SiteNote(note=Note(code="mixed_publisher", message=message), pages=tuple(sellers))
    for note, numbers in pages.items():
        yield SiteNote(note=note, pages=tuple(dict.fromkeys(numbers)))
