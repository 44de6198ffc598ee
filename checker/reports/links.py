"""Builds the links of a report; only http and https addresses ever become one."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from checker import fragments
from checker.reports import sentences, words
from checker.reports.markup import Html, el, inside
from checker.reports.visible import visible
from checker.values import Finding, Report, Source, Visibility

#: Characters of a quote in the name of a link to it.
NAME_LENGTH = 60
#: What no visitor sees.
UNSEEN = frozenset({Visibility.HIDDEN, Visibility.SEARCH_ENGINE})


def to_quote(report: Report, finding: Finding) -> Html:
    """Return a link that scrolls to the quote; nothing for what a visitor cannot see."""
    address = address_of_quote(report, finding)
    if address is None:
        return Html()
    return named(words.SEE_PAGE, finding.quote, href=address, rel="noopener noreferrer nofollow")


def address_of_quote(report: Report, finding: Finding) -> str | None:
    """Return the address that scrolls to the quote, None for what a visitor cannot see."""
    if not is_web(report.final_url):
        return None
    return fragments.address(report, finding.statement.block, finding.start, finding.end)


def of_sources(finding: Finding) -> Html:
    """Return the finding's sources as a list."""
    return listed(finding.sources)


def listed(sources: Iterable[Source]) -> Html:
    """Return sources as a list; nothing without any."""
    items = [el("li", link(source.url, source.title), f", {source.date}") for source in sources]
    return el("ul", *items, class_="sources") if items else Html()


def is_web(address: str | None) -> bool:
    """Say whether an address may become a link: http or https, a host, nothing that could mislead."""
    if not address or visible(address) != address or any(char.isspace() for char in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def named(text: str, quote: str, **attributes: str) -> Html:
    """Return a link whose name for a screen reader is its text and the beginning of a quote, so that no two sound alike."""
    return el("a", text, aria_label=f"{text} “{sentences.shortened(quote, NAME_LENGTH)}”", **attributes)


def link(address: str, text: str) -> Html:
    """Return a link, or only the text where the address must not become one."""
    if not is_web(address):
        return inside([text])
    return el("a", text, href=address, rel="noopener noreferrer nofollow")
