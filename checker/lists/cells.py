"""Turns a value into the text of a cell that no spreadsheet program takes for a formula."""

from __future__ import annotations

from typing import Any

from checker.reports.visible import visible

#: What makes spreadsheet programs read a cell as a formula, full-width forms included.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> str:
    """Return the text of a cell: lists joined by bars, yes and no for booleans, an apostrophe before what may be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = " | ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    begins_a_formula = text.lstrip(" ").startswith(_STARTS)
    return f"'{visible(text)}" if begins_a_formula else visible(text)
