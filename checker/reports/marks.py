"""Sets marks around spans of a text; spans that cross are split so that elements nest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from checker.reports.markup import Html, el, inside


@dataclass(frozen=True)
class Span:
    """A stretch of the text with the number of its note and the family of its mark.

    ``is_first`` and ``is_last`` tell the pieces of a split span apart: the first carries the anchor,
    the last the number. ``said`` are the words that a screen reader says where the mark begins.
    """

    start: int
    end: int
    number: int
    family: str
    said: str = ""
    is_first: bool = True
    is_last: bool = True


def marked(text: str, spans: Iterable[Span], anchors: bool = True) -> Html:
    """Return the text escaped, with a mark around each span; parts of spans outside the text are cut.

    Without ``anchors`` the marks have neither number nor anchor, for a text that stands again elsewhere.
    """
    inner = (replace(span, start=max(0, span.start), end=min(len(text), span.end)) for span in spans)
    if not anchors:
        inner = (replace(span, is_first=False, is_last=False) for span in inner)
    return _nest(text, 0, len(text), [span for span in inner if span.start < span.end])


def _nest(text: str, start: int, end: int, spans: list[Span]) -> Html:
    """Mark ``text[start:end]``, which holds all the spans."""
    parts: list[str] = []
    waiting = sorted(spans, key=_order)
    while waiting:
        first, *others = waiting
        within = [_before(span, first.end) for span in others if span.start < first.end]
        waiting = sorted((_after(span, first.end) for span in others if span.end > first.end), key=_order)
        parts += [text[start : first.start], _mark(first, _nest(text, first.start, first.end, within))]
        start = first.end
    return inside([*parts, text[start:end]])


def _order(span: Span) -> tuple[int, int, int]:
    """Sort outer spans before inner ones; of equal ones the first stands innermost, so that numbers follow in order."""
    return span.start, -span.end, -span.number


def _before(span: Span, cut: int) -> Span:
    """Return the piece of a span up to the cut."""
    return span if span.end <= cut else replace(span, end=cut, is_last=False)


def _after(span: Span, cut: int) -> Span:
    """Return the piece of a span from the cut on."""
    return span if span.start >= cut else replace(span, start=cut, is_first=False, said="")


def _mark(span: Span, content: Html) -> Html:
    number = str(span.number)
    return el(
        "mark",
        content,
        class_=f"m {span.family}",
        id=f"q{number}" if span.is_first else None,
        data_note=number,
        data_said=span.said or None,
        data_last=number if span.is_last else None,
    )
