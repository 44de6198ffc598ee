"""Turns text blocks into statements: sentences with exact offsets, their terms and their cues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import spacy

from checker.claims.cues import scoped
from checker.claims.matchers import CueMatch, Matchers, Tokens
from checker.claims.normal import Normal, normalise
from checker.values import Cue, Role, Statement, Term, TextBlock

#: Roles whose text is one statement however many sentences it seems to hold.
_WHOLE = frozenset({Role.TITLE, Role.BUTTON, Role.LINK})
_ENDERS = frozenset([".", "!", "?", "…", "...", ".”", "?!"])
_CLOSERS = frozenset(['"', "'", "”", "’", ")", "]", "''", "*"])
#: A block longer than this is read in part: no paragraph of a real page comes near it.
MAX_BLOCK_CHARS = 100_000


class Pipeline:
    """A loaded spaCy tokeniser with our matchers; build once, use often."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        self._matchers = Matchers(self._nlp)

    def statements(self, blocks: Iterable[TextBlock]) -> tuple[Statement, ...]:
        """Return the statements of all blocks in order, numbered from 0."""
        result: list[Statement] = []
        for block in blocks:
            result.extend(self._of_block(block, len(result)))
        return tuple(result)

    def _of_block(self, block: TextBlock, index: int) -> Iterator[Statement]:
        normal = normalise(block.text[:MAX_BLOCK_CHARS])
        doc = self._nlp.make_doc(normal.text)
        if not len(doc):
            return
        tokens = Tokens.of(doc)
        terms, cues = self._matchers.find(doc, tokens)
        bounds = [0, len(doc)] if block.role in _WHOLE else sentence_starts(tokens)
        for first, last in pairwise(bounds):
            statement = _statement(block, normal, tokens, first, last, terms, cues, index)
            if statement is not None:
                index += 1
                yield statement


def sentence_starts(tokens: Tokens) -> list[int]:
    """Return the token indexes at which sentences start, and the end of the text.

    A sentence ends after a stop, closing quotes included, when the next token does not begin in lower
    case; an abbreviation is one token with its stop in spaCy's English tokeniser and so ends nothing.
    """
    texts, spaces = tokens.texts, tokens.spaces
    starts = [0]
    i = 0
    while i < len(texts):
        text = texts[i]
        if text in _ENDERS or (text[-1] in "!?" and len(text) > 1):
            j = i + 1
            while j < len(texts) and (texts[j] in _ENDERS or (texts[j] in _CLOSERS and not spaces[j - 1])):
                j += 1
            if j < len(texts) and not _goes_on(tokens, i, j):
                starts.append(j)
            i = j
        else:
            i += 1
    return [*starts, len(texts)]


def _goes_on(tokens: Tokens, stop: int, following: int) -> bool:
    """Say whether the sentence goes on after the stop: lower case follows, a list number or an initial stands before."""
    texts = tokens.texts
    if not tokens.spaces[following - 1] and texts[stop] == ".":
        return True
    if texts[following][0].islower():
        return True
    before = texts[stop - 1] if stop else ""
    at_start = stop < 2 or texts[stop - 2] in _ENDERS
    return texts[stop] == "." and (not before or (at_start and before.isdigit()) or (len(before) == 1 and before.isupper() and before != "I"))


def _statement(
    block: TextBlock, normal: Normal, tokens: Tokens, first: int, last: int, terms: list[Term], cues: list[CueMatch], index: int
) -> Statement | None:
    """Build the statement of tokens first..last with its own terms and cues; None when it holds no letter or digit."""
    begin, end = tokens.starts[first], tokens.end(last - 1)
    text = normal.text[begin:end]
    if not any(character.isalnum() for character in text):
        return None
    stripped = text.strip()
    begin += text.index(stripped)
    end = begin + len(stripped)
    start, stop = normal.original(begin, end)

    def local(position: int) -> int:
        return min(max(position - begin, 0), end - begin)

    return Statement(
        index=index,
        block=block,
        start=start,
        end=stop,
        text=block.text[start:stop],
        match_text=normal.text[begin:end].lower(),
        offsets=None if normal.offsets is None else tuple(normal.offsets[i] - start for i in range(begin, end)),
        words=tuple(word for word in tokens.lower[first:last] if not word.isspace()),
        terms=tuple(Term(t.kind, t.concept, local(t.start), local(t.end)) for t in terms if begin <= t.start and t.end <= end),
        cues=tuple(
            _shift(scoped(tokens, match, first, last), local) for match in cues if first <= match.start and match.end <= last
        ),
    )


def _shift(cue: Cue, local: object) -> Cue:
    assert callable(local)
    return Cue(cue.kind, local(cue.start), local(cue.end), local(cue.scope_start), local(cue.scope_end))
