"""Joins the families into one book and finds which rules match a statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checker.rules.catalogue import approval, authority, care, cure, limits, outcome, registry
from checker.rules.rule import Rule
from checker.values import Cue, RuleHit, Statement

VERSION = "0.1.0"

RULES: tuple[Rule, ...] = (
    *approval.RULES,
    *authority.RULES,
    *cure.RULES,
    *outcome.RULES,
    *care.RULES,
    *limits.RULES,
    *registry.RULES,
)


#: The rest of a word in which a match ends: quotes hold whole words.
_REST_OF_WORD = re.compile(r"(?<=\w)\w+")
#: What registry numbers begin with: a trigger also where it is not a word of its own.
_NUMBERED = "nct"


class Book:
    """The rules indexed by trigger word; build once, use often."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self._in_order = tuple(self.rules.values())
        self._by_trigger: dict[str, list[int]] = {}
        for number, rule in enumerate(self._in_order):
            for word in rule.triggers:
                self._by_trigger.setdefault(word, []).append(number)

    def hits(self, statement: Statement) -> tuple[RuleHit, ...]:
        """Return the rules that match the statement, each with the span that decided, in the book's order."""
        known = self._by_trigger.keys() & statement.words
        if _NUMBERED in statement.match_text:  # a registry number is one word with its digits
            known |= {_NUMBERED} & self._by_trigger.keys()
        tried = {number for word in known for number in self._by_trigger[word]}
        found = [apply(self._in_order[number], statement) for number in sorted(tried)]
        return tuple([hit for hit in found if hit is not None])


def apply(rule: Rule, statement: Statement) -> RuleHit | None:
    """Match one rule against one statement; None when it does not hold."""
    if rule.answers:
        return _of_answer(rule, statement)
    text = statement.match_text
    if rule.unless_regex is not None and rule.unless_regex.search(text):
        return None
    for match in rule.regex.finditer(text):
        if not any(_undoing(rule, statement, match.start(), match.end())):
            rest = _REST_OF_WORD.match(text, match.end())
            return RuleHit(rule=rule.id, label=rule.label, start=match.start(), end=rest.end() if rest else match.end())
    return None


def _of_answer(rule: Rule, statement: Statement) -> RuleHit | None:
    """Match a rule against the question that the statement says yes or no to, as the rule wants it."""
    if statement.answer is None or statement.answer.yes != (rule.answers == "yes"):
        return None
    asked = statement.answer.question.lower()
    if rule.regex.search(asked) is None or (rule.unless_regex is not None and rule.unless_regex.search(asked)):
        return None
    return RuleHit(rule=rule.id, label=rule.label, start=0, end=len(statement.match_text))


def near_misses(book: Book, statement: Statement) -> tuple[tuple[str, str], ...]:
    """Return the rules whose pattern matches but which did not fire, with what undid them."""
    fired = {hit.rule for hit in book.hits(statement)}
    result = []
    for rule in book.rules.values():
        match = rule.regex.search(statement.match_text)
        if match is not None and rule.id not in fired and not rule.answers:
            cues = [cue.kind for cue in _undoing(rule, statement, match.start(), match.end())]
            result.append((rule.id, f"undone by {cues[0]}" if cues else "undone by its exception"))
    return tuple(result)


def _undoing(rule: Rule, statement: Statement, start: int, end: int) -> Iterator[Cue]:
    """Yield the cues of the kinds that undo the rule and that govern any part of the matched span."""
    return (cue for cue in statement.cues if cue.kind in rule.unless_cues and cue.scope_start < end and start < cue.scope_end)
