"""Builds HTML in which every text is escaped unless it was built here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from checker.reports import words
from checker.reports.visible import visible

_VOID = frozenset({"meta", "br"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def el(name: str, /, *children: str, **attributes: str | None) -> Html:
    """Return an element; `class_` and `http_equiv` become class and http-equiv, an attribute of None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(visible(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{inside(children)}</{name}>")


def inside(children: Iterable[str]) -> Html:
    """Return the children one after the other, plain text escaped."""
    return Html("".join(child if isinstance(child, Html) else escape(visible(child), quote=False) for child in children))


def joined(parts: Iterable[str], between: str = " · ") -> list[str]:
    """Return the parts that are not empty with a text between each two."""
    result: list[str] = []
    for part in filter(None, parts):
        result += [between, part] if result else [part]
    return result


def section(name: str, *children: str, class_: str | None = None) -> Html:
    """Return a section under its heading; nothing when it holds nothing."""
    if not any(children):
        return Html()
    return el(
        "section",
        el("h2", words.SECTIONS[name], id=f"{name}-heading"),
        *children,
        class_=class_,
        aria_labelledby=f"{name}-heading",
    )
