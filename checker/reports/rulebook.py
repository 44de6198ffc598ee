"""Writes the rule book: a list of all rules, or one rule's page made from its own text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

Measured = Mapping[str, float]


def write_list(rules: Sequence[Any], measured: Mapping[str, Measured], stream: TextIO) -> None:
    """Write a line per rule: id, label, whether it decides by itself, its measured precision, title.

    ``rules`` are checker.rules.rule.Rule values, ``measured`` their precision on our own labelled pages by id.
    """
    table = Table(box=None, pad_edge=False)
    for column in ("id", "label", "decides", "right", "n", "title"):
        table.add_column(column, no_wrap=column != "title")
    for rule in rules:
        found = measured.get(rule.id)
        share, n = (f"{found['precision']:.0%}", f"{found['n']}") if found else ("-", "0")
        table.add_row(rule.id, rule.label.value, "alone" if rule.decides else "model", share, n, rule.title)
    _console(stream).print(table)


def write_rule(rule: Any, measured: Measured | None, stream: TextIO) -> None:
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
        _precision(measured),
        "",
        *(part for source in rule.sources for part in (f"Source: {source.title} ({source.date})", f"  {source.url}")),
        "",
        "Hits:",
        *(f"  {example}" for example in rule.hits),
        "Does not hit:",
        *(f"  {example}" for example in rule.misses),
    ]
    console = _console(stream)
    for line in lines:
        console.print(Text(line), soft_wrap=line.startswith("  http"))


def _precision(measured: Measured | None) -> str:
    if measured is None:
        return "Not measured: it hit no statement of our own labelled pages."
    low, high = measured["low"], measured["high"]
    return (
        f"On our own labelled pages {measured['precision']:.0%} of {measured['n']} hits carry the label "
        f"(95 % interval {low:.0%} to {high:.0%})."
    )


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, width=None if stream.isatty() else 80)
