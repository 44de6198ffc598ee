"""Turns a scan into flat rows: one for each finding, one for each page without any, one for each site without a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.lists import people, reviewed
from checker.lists.people import Show
from checker.store.outcome import Scan
from checker.store.rows import FindingRow, PageRow, SiteRow, with_pages
from checker.store.store import Store

#: Names and types of the columns, in order; those of the list itself follow with this before their names.
COLUMNS: Mapping[str, type] = {
    "row": str,
    "scan": int,
    "site": str,
    "also_listed": list,
    "page": str,
    "title": str,
    "checked_at": str,
    "verdict": str,
    "verdict_after_review": str,
    "publisher": str,
    "notes": list,
    "label": str,
    "severity": str,
    "confidence": float,
    "rule": str,
    "also": list,
    "about_nerves": bool,
    "unsure": bool,
    "strength": str,
    "conditions": list,
    "products": list,
    "shielded_by": str,
    "statement": str,
    "quote": str,
    "context": list,
    "why": str,
    "role": str,
    "zone": str,
    "visibility": str,
    "css_path": str,
    "link": str,
    "fingerprint": str,
    "review": str,
    "review_note": str,
    "error_code": str,
    "error_message": str,
}
LISTED = "list_"
#: The note that says what no page's check looks at.
ON_EVERY_PAGE = "not_looked_at"
#: From label to css_path: the columns that are fields of a finding.
_OF_FINDING = tuple(COLUMNS)[list(COLUMNS).index("label") : list(COLUMNS).index("link")]


def extra_columns(sites: list[SiteRow]) -> list[str]:
    """Return the names of the list's own columns, as they first come up."""
    return [LISTED + name for name in dict.fromkeys(name for site in sites for name in site.extra)]


def rows(store: Store, scan: Scan, *, with_names: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the rows of a scan in the order of the list and the visits; a key that does not apply is left out."""
    show = people.as_it_is if with_names else people.shown
    show_page = (lambda page: page) if with_names else people.shown_page
    for site, pages, by_page in with_pages(store, scan):
        of_site = {"scan": scan.id, "site": site.name, "also_listed": [other.name for other in site.others]}
        of_site |= {LISTED + name: value for name, value in site.extra.items()}
        if not pages:
            yield {"row": "site", **of_site, "verdict": "could_not_read", **_why(site)}
        for page in pages:
            of_page = {**of_site, **_page(show_page(page))}
            found = by_page.get(page.id, ())
            of_page["verdict_after_review"] = reviewed.verdict(page, found)
            if not found:
                yield {"row": "page", **of_page}
            for finding in found:
                yield {"row": "finding", **of_page, **_finding(finding, page, show)}


def _why(site: SiteRow) -> dict[str, Any]:
    if not site.failures:
        return {}
    return {"error_code": site.failures[0]["code"], "error_message": site.failures[0]["message"]}


def _page(page: PageRow) -> dict[str, Any]:
    data = {name: getattr(page, name) for name in ("title", "checked_at", "verdict", "publisher", "error_code", "error_message")}
    return {
        "page": page.address,
        "notes": [code for code, _ in page.notes if code != ON_EVERY_PAGE],
        **{name: value for name, value in data.items() if value is not None},
    }


def _finding(finding: FindingRow, page: PageRow, show: Show) -> dict[str, Any]:
    """Return a finding's columns; the link leads to the page alone where that to the words would hold a name."""
    masked = show(finding)
    data = {name: getattr(masked, name) for name in _OF_FINDING}
    data |= {"fingerprint": finding.fingerprint, "review": finding.decision, "review_note": masked.note}
    data["link"] = f"{page.address}#{masked.fragment}" if masked.fragment else page.address
    return {name: value for name, value in data.items() if value is not None}
