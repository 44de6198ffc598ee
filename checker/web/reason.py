"""Tells in plain words why a sentence was or was not marked."""

from __future__ import annotations

from dataclasses import dataclass

from checker.reports import explanation as technical
from checker.reports import words
from checker.rules.book import RULES
from checker.values import Explanation, Label
from checker.web.retold import Retold, tell
from checker.web.speech import say

_TITLES = {rule.id: rule.title for rule in RULES}


@dataclass(frozen=True, kw_only=True)
class MarkReason:
    """Why a sentence was or was not marked; ``near`` and ``closest`` are those of a sentence without a mark.

    ``closest`` is (what the mark says, how sure the program was, how sure it must be), of 100, of a marked sentence for its
    mark. ``dropped`` are marks that would fit, with what speaks against each.
    """

    text: str
    selling: bool
    marks: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, Retold], ...]
    closest: tuple[str, int, int]
    dropped: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


def of(explained: Explanation, language: str) -> MarkReason:
    """Return the reason in a language; the details are in English."""
    asked = set(explained.labels) or set(Label)
    known = [(name, mean, least) for name, mean, least in explained.probabilities if name in asked]
    label, probability, threshold = max(known, key=lambda part: part[1] / max(part[2], 0.01))
    return MarkReason(
        text=explained.statement.text,
        selling=explained.selling,
        marks=tuple(say(language, words.LABELS[Label(name)]) for name in explained.labels),
        rules=tuple((rule, say(language, _TITLES.get(rule, ""))) for rule in dict.fromkeys(hit.rule for hit in explained.hits)),
        near=tuple((say(language, _TITLES.get(rule, rule)), tell(language, why)) for rule, why in explained.near),
        closest=(say(language, words.LABELS[Label(label)]), round(100 * probability), round(100 * threshold)),
        dropped=tuple(
            (say(language, words.LABELS[Label(name)]), say(language, words.NOT_MARKED[what])) for name, what in explained.dropped
        ),
        lines=tuple(technical.lines(explained)),
    )
