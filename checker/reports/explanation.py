"""Writes why a sentence was or was not flagged."""

from __future__ import annotations

from typing import TextIO

from checker.reports.visible import visible
from checker.reports.words import NOT_MARKED
from checker.values import Explanation

_NOT_FOUND = "The page holds no statement with these words. The closest is shown."


def write(explanation: Explanation, stream: TextIO) -> None:
    """Write the page's decisions, then the statement's terms, cues, rules and probabilities."""
    for line in lines(explanation):
        stream.write(visible(line) + "\n")


def lines(explanation: Explanation) -> list[str]:
    """Return the explanation as lines of text."""
    statement, kind = explanation.statement, explanation.kind
    block = statement.block
    against = {label: NOT_MARKED[what] for label, what in explanation.dropped}
    text = statement.match_text
    result = [] if explanation.exact else [_NOT_FOUND, ""]
    result += [
        f"Statement: {statement.text}",
        f"Place: {block.role.value}, {block.zone.value}, {block.visibility.value}",
        f"Under: {' / '.join(block.headings) or 'no heading'}",
        "",
        f"Page: provider {kind.provider:.2f}, product in scope {kind.in_scope:.2f}, trial record {kind.trial_record:.2f}",
        f"  decided by: {', '.join(kind.cues)}",
        "  Labels apply."
        if explanation.selling
        else "  Labels do not apply: the page does not offer a product in scope in its own voice.",
        "",
        "Terms: " + (", ".join(f"{text[t.start : t.end]} ({t.kind}: {t.concept})" for t in statement.terms) or "none"),
        "Cues: "
        + (
            "; ".join(f"{c.kind} “{text[c.start : c.end]}” governs “{text[c.scope_start : c.scope_end]}”" for c in statement.cues)
            or "none"
        ),
        "Rules that fired: " + (", ".join(f"{hit.rule} “{text[hit.start : hit.end]}”" for hit in explanation.hits) or "none"),
        "Rules that nearly fired: " + (", ".join(f"{rule} ({why})" for rule, why in explanation.near) or "none"),
        "",
        "Label, probability, threshold:",
    ]
    for label, probability, threshold in explanation.probabilities:
        mark = "<- flagged" if label in explanation.labels else f"<- not flagged. {against[label]}" if label in against else ""
        result.append(f"  {label:15s} {probability:.2f}  {threshold:.2f}  {mark}".rstrip())
    result += ["", "What moved the classifier most:"]
    result += [f"  {name} {weight:+.2f}" for name, weight in explanation.features]
    return result
