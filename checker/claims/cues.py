"""Gives each cue the stretch of the sentence it governs (the ConText idea: a trigger, a direction, a terminator)."""

from __future__ import annotations

from bisect import bisect_left

from checker.claims.matchers import CueMatch, Tokens
from checker.values import Cue

#: Words and marks at which what a cue governs ends.
TERMINATORS = frozenset(
    ["but", "however", "although", "though", "yet", "whereas", "while", ";", "—", "–", ":", ".", "!", "?", "so", "because"]
)


#: A comma before one of these opens a clause of its own: "it does not mask pain, it ends it".
STARTERS = frozenset(["it", "they", "we", "you", "i", "he", "she", "this", "these", "our", "which", "instead", "then"])


def stops(tokens: Tokens) -> list[int]:
    """Return the indexes of the tokens at which what a cue governs ends."""
    following = [*tokens.lower[1:], ""]
    return [
        index
        for index, (word, after) in enumerate(zip(tokens.lower, following, strict=True))
        if word in TERMINATORS or (word == "," and after in STARTERS)
    ]


def scoped(tokens: Tokens, match: CueMatch, first: int, last: int, ends: list[int]) -> Cue:
    """Return the cue with its scope in characters of the text.

    ``first`` and ``last`` bound its sentence (tokens), ``ends`` are the stops of the text, in order.
    """
    start, end = match.start, match.end
    if match.direction in ("backward", "both"):
        before = bisect_left(ends, match.start) - 1
        start = max(first, ends[before] + 1) if before >= 0 else first
    if match.direction in ("forward", "both"):
        after = bisect_left(ends, match.end)
        end = min(last, ends[after]) if after < len(ends) else last
    return Cue(match.kind, tokens.starts[match.start], tokens.end(match.end - 1), tokens.starts[start], tokens.end(end - 1))
