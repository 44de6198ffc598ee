"""Gives each cue the stretch of the sentence it governs (the ConText idea: a trigger, a direction, a terminator)."""

from __future__ import annotations

from checker.claims.matchers import CueMatch, Tokens
from checker.values import Cue

#: Words and marks at which what a cue governs ends.
TERMINATORS = frozenset(["but", "however", "although", "though", "yet", "whereas", "while", ";", "—", "–", ":", ".", "!", "?", "so", "because"])


def scoped(tokens: Tokens, match: CueMatch, first: int, last: int) -> Cue:
    """Return the cue with its scope in characters of the text; ``first`` and ``last`` bound its sentence (tokens)."""
    start, end = match.start, match.end
    if match.direction in ("backward", "both"):
        start = next((i + 1 for i in range(match.start - 1, first - 1, -1) if tokens.lower[i] in TERMINATORS), first)
    if match.direction in ("forward", "both"):
        end = next((i for i in range(match.end, last) if tokens.lower[i] in TERMINATORS), last)
    return Cue(match.kind, tokens.starts[match.start], tokens.end(match.end - 1), tokens.starts[start], tokens.end(end - 1))
