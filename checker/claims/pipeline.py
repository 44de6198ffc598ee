"""Turns text blocks into statements: sentences with exact offsets, their terms and their cues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import spacy
from spacy.tokens import Doc

from checker.claims.cues import scoped
from checker.claims.matchers import CueMatch, Matchers
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
        terms, cues = self._matchers.find(doc)
        bounds = [0, len(doc)] if block.role in _WHOLE else sentence_starts(doc)
        for first, last in pairwise(bounds):
            statement = _statement(block, normal, doc, first, last, terms, cues, index)
            if statement is not None:
                index += 1
                yield statement


def sentence_starts(doc: Doc) -> list[int]:
    """Return the token indexes at which sentences start, and the end of the text.

    A sentence ends after a stop, closing quotes included, when the next token does not begin in lower
    case; an abbreviation is one token with its stop in spaCy's English tokeniser and so ends nothing.
    """
    starts = [0]
    i = 0
    while i < len(doc):
        if doc[i].text in _ENDERS or (doc[i].text[-1] in "!?" and len(doc[i]) > 1):
            j = i + 1
            while j < len(doc) and (doc[j].text in _ENDERS or (doc[j].text in _CLOSERS and not doc[j - 1].whitespace_)):
                j += 1
            if j < len(doc) and not _goes_on(doc, i, j):
                starts.append(j)
            i = j
        else:
            i += 1
    return [*starts, len(doc)]


def _goes_on(doc: Doc, stop: int, following: int) -> bool:
    """Say whether the sentence goes on after the stop: lower case follows, a list number or an initial stands before."""
    if not doc[following - 1].whitespace_ and doc[stop].text == ".":
        return True
    following_text = doc[following].text
    if following_text[0].islower():
        return True
    before = doc[stop - 1].text if stop else ""
    at_start = stop < 2 or doc[stop - 2].text in _ENDERS
    return doc[stop].text == "." and (not before or (at_start and before.isdigit()) or (len(before) == 1 and before.isupper() and before != "I"))


def _statement(
    block: TextBlock, normal: Normal, doc: Doc, first: int, last: int, terms: list[Term], cues: list[CueMatch], index: int
) -> Statement | None:
    """Build the statement of tokens first..last with its own terms and cues; None when it holds no letter or digit."""
    begin, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
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
        words=tuple(token.lower_ for token in doc[first:last] if not token.is_space),
        terms=tuple(Term(t.kind, t.concept, local(t.start), local(t.end)) for t in terms if begin <= t.start and t.end <= end),
        cues=tuple(
            _shift(scoped(doc, match, first, last), local) for match in cues if first <= match.start and match.end <= last
        ),
    )


def _shift(cue: Cue, local: object) -> Cue:
    assert callable(local)
    return Cue(cue.kind, local(cue.start), local(cue.end), local(cue.scope_start), local(cue.scope_end))
