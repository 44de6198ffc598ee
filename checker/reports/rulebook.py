"""Writes the rule book: a list of all rules, or one rule's page made from its own text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text


def write_list(rules: Sequence[Any], stream: TextIO) -> None:
    """Write a line per rule: id, label, whether it decides by itself, title. ``rules`` are checker.rules.rule.Rule values."""
    table = Table(box=None, pad_edge=False)
    for column in ("id", "label", "decides", "title"):
        table.add_column(column, no_wrap=column != "title")
    for rule in rules:
        table.add_row(rule.id, rule.label.value, "alone" if rule.decides else "with model", rule.title)
    _console(stream).print(table)


def write_rule(rule: Any, stream: TextIO) -> None:
    """Write one rule: what it says, why, sources with dates, examples that hit and that do not."""
    lines = [
        f"{rule.id}  {rule.title}",
        f"label {rule.label.value}, severity {rule.severity.value}, since {rule.since}",
        "",
        rule.message,
        rule.why,
        "",
        "Makes a finding by itself." if rule.decides else "Is evidence for the classifier, which decides.",
        f"Undone by: {', '.join(rule.unless_cues) or 'nothing'}.",
        "",
        *(f"Source: {source.title} ({source.date})\n  {source.url}" for source in rule.sources),
        "",
        "Hits:",
        *(f"  {example}" for example in rule.hits),
        "Does not hit:",
        *(f"  {example}" for example in rule.misses),
    ]
    console = _console(stream)
    for line in lines:
        console.print(Text(line), soft_wrap=line.startswith("  http"))


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, width=None if stream.isatty() else 80)
