"""Gives each cue the stretch of the sentence it governs (the ConText idea: a trigger, a direction, a terminator)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from checker.claims.matchers import CueMatch, Tokens
from checker.values import Cue

#: Words and marks at which what a cue governs ends.
TERMINATORS = frozenset(
    ["but", "however", "although", "though", "yet", "whereas", "while", ";", "—", "–", ":", ".", "!", "?", "so", "because"]
)


#: A comma before one of these opens a clause of its own: "it does not mask pain, it ends it", "no needles, just our cells".
STARTERS = frozenset(
    ["it", "they", "we", "you", "i", "he", "she", "this", "these", "our", "which", "instead", "then", "just", "only", "simply"]
)
#: A sentence that begins with one of these has its own clause behind the first comma: "while nobody can promise it, it works".
OPENERS = frozenset(["while", "although", "though", "if", "since", "because", "when"])


class Stops(NamedTuple):
    """The indexes of the tokens at which what a cue governs ends: for a negation, commas that open a clause too."""

    all: list[int]
    negation: list[int]


def stops(tokens: Tokens) -> Stops:
    """Return the stops of a text, in order."""
    ends = [index for index, word in enumerate(tokens.lower) if word in TERMINATORS]
    following = zip(tokens.lower, tokens.lower[1:], strict=False)
    commas = [index for index, (word, after) in enumerate(following) if word == "," and after in STARTERS]
    if not OPENERS.isdisjoint(tokens.lower):
        commas += _clause_ends(tokens.lower)
    return Stops(ends, sorted({*ends, *commas}) if commas else ends)


def _clause_ends(words: Sequence[str]) -> Iterator[int]:
    """Yield the indexes of the first comma after each opener that begins a sentence."""
    opened = False
    for index, word in enumerate(words):
        if word in OPENERS and (index == 0 or words[index - 1] in TERMINATORS):
            opened = True
        elif word == "," and opened:
            opened = False
            yield index


def scoped(tokens: Tokens, match: CueMatch, first: int, last: int, found: Stops) -> Cue:
    """Return the cue with its scope in characters of the text.

    ``first`` and ``last`` bound its sentence (tokens), ``found`` are the stops of the text.
    """
    ends = found.negation if match.kind == "negation" else found.all
    start, end = match.start, match.end
    if match.direction in ("backward", "both"):
        before = bisect_left(ends, match.start) - 1
        start = max(first, ends[before] + 1) if before >= 0 else first
    if match.direction in ("forward", "both"):
        after = bisect_left(ends, match.end)
        end = min(last, ends[after]) if after < len(ends) else last
    return Cue(match.kind, tokens.starts[match.start], tokens.end(match.end - 1), tokens.starts[start], tokens.end(end - 1))
