"""Builds what both layouts of a site's report say: the headline, groups of pages, where a statement stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.reports import sentences, site_words, words
from checker.values import Report, SiteNote, SitePage, SiteReport, TrialCheck, VerdictLevel


def as_report(site: SiteReport) -> Report:
    """Return the site's findings as those of one page, in the same order, for what is chosen and asked from findings."""
    return Report(
        source=site.source,
        checked_at=site.checked_at,
        verdict=site.verdict,
        versions=site.versions,
        findings=tuple(found.finding for found in site.findings),
    )


def headline(site: SiteReport) -> str:
    """Return the sentences that say first what the site promises, on how many pages, and how many are unread."""
    level = site.level
    if level is VerdictLevel.COULD_NOT_READ:
        code = site.error.code if site.error else ""
        return site_words.UNREAD.format(why=words.UNREAD_WHY.get(code, words.UNREAD_OTHER))
    findings = [found.finding for found in site.findings]
    after = sentences.after_caution(findings) if level is VerdictLevel.CAUTION else site_words.AFTER.get(level, "")
    said = [site_words.HEADLINES[level].format(pages=_of_pages(site, level)), after]
    if sentences.may_promise(level, findings):
        said.append(words.MAY_PROMISE)
    unread = len(site.pages) - site.read
    if unread:
        counted = sentences.count(unread, "page").capitalize()
        said.append(site_words.SOME_UNREAD.format(count=counted, them="it" if unread == 1 else "them"))
    return " ".join(filter(None, said))


def _of_pages(site: SiteReport, level: VerdictLevel) -> str:
    count = sum(page.report.verdict.level is level for page in site.pages)
    said = site_words.ONE_OF_PAGES if count == 1 else site_words.OF_PAGES
    return said.format(count=count, read=site.read)


def header(site: SiteReport) -> str:
    """Return how many pages were read and when."""
    when = sentences.when(site.checked_at)
    return site_words.READ.format(read=site.read, when=when) if site.read else site_words.TRIED.format(when=when)


def groups(site: SiteReport) -> Iterator[tuple[str, list[SitePage]]]:
    """Yield the pages by what they are, the gravest first, those that could not be read at the end."""
    for level, title in site_words.GROUPS.items():
        pages = [page for page in site.pages if page.report.verdict.level is level]
        if pages:
            yield title, pages


def statements(page: SitePage) -> str:
    """Return how many statements of a page carry findings; nothing where there are none."""
    found = page.report.findings
    return sentences.count(sentences.distinct(found), "statement") if found else ""


def copies(page: SitePage) -> str:
    """Return how many pages say nearly the same as this one."""
    count = len(page.duplicates)
    return "" if not count else site_words.COPY if count == 1 else site_words.COPIES.format(count=count)


def address(page: SitePage) -> str:
    """Return the address under which a page was read, or was asked for."""
    return page.report.final_url or page.report.source


def noted_on(site: SiteReport, noted: SiteNote) -> str:
    """Return the pages that a note speaks of, empty where it speaks of all or of none."""
    if not noted.pages or len(noted.pages) >= site.read:
        return ""
    return stands(site, noted.pages)


def stands(site: SiteReport, pages: Sequence[int]) -> str:
    """Return on how many pages something stands, and the address of the first."""
    return site_words.STANDS.format(where=where(pages), address=address(site.pages[pages[0]]))


def where(pages: Sequence[int]) -> str:
    """Return on how many pages something stands."""
    count = len(pages)
    return site_words.ON_PAGE if count == 1 else site_words.ON_PAGES.format(count=count)


def trials(site: SiteReport) -> list[tuple[TrialCheck, list[int]]]:
    """Return each registry number on the site once for each outcome, with the pages that print it."""
    found: dict[tuple[str, str], tuple[TrialCheck, list[int]]] = {}
    for number, page in enumerate(site.pages):
        for trial in page.report.trials:
            pages = found.setdefault((trial.id, trial.outcome), (trial, []))[1]
            if number not in pages:
                pages.append(number)
    return list(found.values())
