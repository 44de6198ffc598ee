"""What a rule is: one literal that reads in ten seconds and carries its own examples."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from checker import lexicon
from checker.values import Label, Severity, Source

#: Lexicon lists that a pattern may name in braces: {product} stands for all its phrases.
MACROS = {
    "product": ("treatment",),
    "other": ("other_product",),
    "condition": ("condition",),
    "regulator": ("authority/regulator",),
}
#: Words of which one stands in each short answer that says yes, and in each that says no.
YES = tuple(
    "yes yeah absolutely certainly definitely course sure surely indeed doubt it they we you this these that our ours those the"
    " fully 100".split()
)
NO = tuple("no nope never none not at longer it they we you this these that our ours those the".split())


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A pattern with a meaning.

    ``pattern`` is a regular expression over the statement's match text (plain, lower case) in which
    {product}, {other}, {condition} and {regulator} stand for lexicon phrases. ``triggers`` are words of
    which at least one must stand in the statement; they spare the pattern most statements.
    ``unless_cues`` are cues that undo the rule when they govern the matched span, ``unless`` a pattern
    that undoes it anywhere in the statement. A rule with ``decides`` makes a finding by itself; the
    others are evidence for the classifier. ``plain`` ones say it so outright that only a classifier that all but
    excludes a promise overrules them; ``turns`` ones find two denials that undo each other, which the classifier reads as
    one, and it overrules them never. With ``answers`` the pattern is one over a yes/no question, and what matches is the short
    answer that says yes, or no, to it; examples of such rules are a question and its answer.
    """

    id: str
    title: str
    label: Label
    pattern: str
    triggers: tuple[str, ...]
    severity: Severity
    message: str
    why: str
    sources: tuple[Source, ...] = ()
    since: str = "0.1.0"
    unless_cues: tuple[str, ...] = ("negation", "attribution")
    unless: str = ""
    decides: bool = True
    plain: bool = False
    turns: bool = False
    answers: Literal["", "yes", "no"] = ""
    hits: tuple[str, ...]
    misses: tuple[str, ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern with its macros filled in."""
        return _compile(self.pattern)

    @cached_property
    def unless_regex(self) -> re.Pattern[str] | None:
        """The compiled excluding pattern, None without one."""
        return _compile(self.unless) if self.unless else None


def _compile(pattern: str) -> re.Pattern[str]:
    for name, kinds in MACROS.items():
        if f"{{{name}}}" in pattern:
            pattern = pattern.replace(f"{{{name}}}", _alternation(kinds))
    return re.compile(pattern)


def _alternation(kinds: tuple[str, ...]) -> str:
    lists = (terms for terms in lexicon.terms() if terms.kind in kinds or f"{terms.kind}/{terms.concept}" in kinds)
    return lexicon.alternation(phrase for terms in lists for phrase in terms.phrases) + "(?:s|es)?"
