"""Writes a report with the layout of its kind: that of a page or that of a site."""

from __future__ import annotations

from typing import TextIO

from checker.reports import html as page_html
from checker.reports import site_html, site_terminal
from checker.reports import terminal as page_terminal
from checker.values import Report, SiteReport


def terminal(report: Report | SiteReport, stream: TextIO, *, show_all: bool) -> None:
    """Write a report for a person at a terminal."""
    if isinstance(report, SiteReport):
        site_terminal.write(report, stream, show_all=show_all)
    else:
        page_terminal.write(report, stream, show_all=show_all)


def html(report: Report | SiteReport, stream: TextIO) -> None:
    """Write a report as one HTML file."""
    if isinstance(report, SiteReport):
        site_html.write(report, stream)
    else:
        page_html.write(report, stream)
