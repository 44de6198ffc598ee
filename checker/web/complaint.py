"""Prepares the text of a report to an agency: the quotes that a person has checked, where and when; nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from checker.reports import choose, sentences, words
from checker.reports.visible import visible
from checker.values import Finding, Report
from checker.web.keep import Given

#: Quotes that are offered.
MOST = 12
_NAMELESS = {
    Given.TEXT: "a text that was pasted; its address was not given",
    Given.SAMPLE: "the sample of this tool, an invented page; it is nothing to report",
}
FIRST_LINE = "A program found these quotes; I have checked each on the page."


def offered(report: Report) -> list[choose.Numbered]:
    """Return the findings that may be quoted, the weightiest first."""
    return choose.strongest(report, limit=MOST)


def text(report: Report, kind: Given, numbers: Sequence[int]) -> list[str]:
    """Return the lines of the text with the findings of these numbers (1 is the first), in English; none without any.

    ``kind`` tells what was given: a text or the sample has no name that says anything to others.
    """
    chosen = [finding for number, finding in offered(report) if number + 1 in numbers]
    if not chosen:
        return []
    head = [
        FIRST_LINE,
        "",
        f"Page: {visible(report.final_url or _NAMELESS.get(kind, report.source))}",
        *([f"Title: {visible(report.title)}"] if report.title else []),
        f"Read on: {sentences.when(report.checked_at)}",
        "",
        "What the page says, word for word:",
    ]
    return [*head, *(line for finding in chosen for line in _lines(finding))]


def _lines(finding: Finding) -> list[str]:
    place = ", ".join([sentences.place_of(finding.statement), *sentences.context(finding.statement)])
    return [
        "",
        _quoted(visible(finding.statement.text)),
        f"Where: {visible(place)}",
        f"Why it stands here: {words.LABELS[finding.label]}.",
    ]


def _quoted(text: str) -> str:
    """Return the text in quotation marks, as it is where it has its own."""
    return text if text.startswith(("“", '"', "‘")) else f"“{text}”"
