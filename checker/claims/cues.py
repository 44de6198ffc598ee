"""Gives each cue the stretch of the sentence it governs (the ConText idea: a trigger, a direction, a terminator)."""

from __future__ import annotations

from spacy.tokens import Doc

from checker.claims.matchers import CueMatch
from checker.values import Cue

#: Words and marks at which what a cue governs ends.
TERMINATORS = frozenset(["but", "however", "although", "though", "yet", "whereas", "while", ";", "—", "–", ":", ".", "!", "?", "so", "because"])


def scoped(doc: Doc, match: CueMatch, first: int, last: int) -> Cue:
    """Return the cue with its scope in characters of the text; ``first`` and ``last`` bound its sentence (tokens)."""
    start, end = match.start, match.end
    if match.direction in ("backward", "both"):
        start = next((i + 1 for i in range(match.start - 1, first - 1, -1) if doc[i].lower_ in TERMINATORS), first)
    if match.direction in ("forward", "both"):
        end = next((i for i in range(match.end, last) if doc[i].lower_ in TERMINATORS), last)
    return Cue(
        kind=match.kind,
        start=doc[match.start].idx,
        end=doc[match.end - 1].idx + len(doc[match.end - 1]),
        scope_start=doc[start].idx if start < len(doc) else 0,
        scope_end=doc[end - 1].idx + len(doc[end - 1]) if end > 0 else 0,
    )
