"""Finds promises of a site that stand without a limit on their page while another page holds one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.values import PROMISES, Label, Note, Report, SiteFinding, SiteNote

#: Promises that are shown with their limit; a reader needs an example of each kind, not all.
MAX_PAIRS = 3
MESSAGE = (
    "“{promise}” stands on {count} without a limit on the same page. The site's limit “{limit}” stands on another page: "
    "{where}. A limit does not undo a promise elsewhere."
)


def across_pages(found: Sequence[SiteFinding], reports: Sequence[Report]) -> Iterator[SiteNote]:
    """Yield a note for each of the strongest promises whose pages hold no limit, where another page of the site does."""
    limits = [group for group in found if group.finding.label is Label.DISCLAIMER]
    limited = {page for group in limits for page in group.pages}
    if not limits:
        return
    limit = max(limits, key=lambda group: len(group.pages))
    where = reports[limit.pages[0]].final_url or reports[limit.pages[0]].source
    bare: dict[str, tuple[int, ...]] = {}
    for group in found:
        pages = tuple(page for page in group.pages if page not in limited)
        if group.finding.label in PROMISES and pages:
            bare.setdefault(group.finding.statement.text, pages)
    for promise, pages in list(bare.items())[:MAX_PAIRS]:
        count = "one page" if len(pages) == 1 else f"{len(pages)} pages"
        message = MESSAGE.format(promise=promise, count=count, limit=limit.finding.statement.text, where=where)
        note = Note(code="promise_and_disclaimer", message=message, quote=promise)
        yield SiteNote(note=note, pages=(*pages, limit.pages[0]))
