"""Says which pages of a crawl a browser reads again, and does so: those whose text scripts make, or all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from checker.engine import Checker, document_of
from checker.errors import ReadError
from checker.page import chromium, readable
from checker.page.kinds import HTML_TYPES
from checker.values import Page

if TYPE_CHECKING:
    from checker.crawl.visits import Prepare


def browser_for(checker: Checker) -> Prepare | None:
    """Return what makes the page of a visit to go on with: the browser's where one is there and wanted, else the plain one.

    A page that a browser cannot read, or that is empty there too, stays as it came; the first says why.
    """
    when = checker.settings.render
    if when == "never" or chromium.find(checker.settings) is None:
        return None

    def prepare(page: Page) -> Page:
        if page.content_type not in HTML_TYPES or not (when == "always" or why_unread(page) == "script_only"):
            return page
        try:
            rendered = checker.render(page)
        except ReadError as error:
            return replace(page, not_shown=str(error))
        return page if why_unread(rendered) else rendered

    return prepare


def why_unread(page: Page) -> str:
    """Return the code of the error that a page's text is, "" for a page that can be judged."""
    try:
        readable.require(document_of(page), page)
    except ReadError as error:
        return error.code
    return ""
