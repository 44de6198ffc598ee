"""Turns text blocks into statements: sentences with exact offsets, their terms and their cues."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import spacy

from checker.claims.answers import short_answer
from checker.claims.cues import Stops, scoped, stops
from checker.claims.matchers import CueMatch, Matchers, Tokens
from checker.claims.normal import Normal, normalise
from checker.values import Cue, Role, Statement, Term, TextBlock

#: Roles whose text is one statement however many sentences it seems to hold.
_WHOLE = frozenset({Role.TITLE, Role.BUTTON, Role.LINK})
_ENDERS = frozenset([".", "!", "?", "…", "...", ".”", "?!"])
_CLOSERS = frozenset(['"', "'", "”", "’", ")", "]", "''", "*"])
_NEVER = re.compile(r"(?!)")
#: A sentence of these two words is the end of the one before it.
_TAKEN_BACK = frozenset(product(("until", "till"), ("now", "today")))
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
#: Words shortened with a stop that spaCy's tokeniser does not know, by what follows them then: "the No. 1 clinic".
_NUMBERED = {"no": re.compile(r"(?:1|\d{8})$"), **dict.fromkeys(("al", "approx", "fig", "vol"), re.compile(r"[\d(]"))}
#: A block longer than this is read in pieces, so that none costs more than a moment; no paragraph of a real page comes near it.
MAX_PIECE_CHARS = 100_000
#: A sentence with more tokens is parted: rules look at every pair of a term and a cue in it. Of 6,000 statements
#: on 59 clinics' pages the longest has 124.
MAX_SENTENCE_TOKENS = 400


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or a piece of a very long one that begins at ``shift``, with what was found in it."""

    block: TextBlock
    shift: int
    normal: Normal
    tokens: Tokens
    terms: list[Term]
    cues: list[CueMatch]
    stops: Stops
    term_starts: list[int]
    cue_starts: list[int]


class Pipeline:
    """A loaded spaCy tokeniser with our matchers; build once, use often. Threads may share it: spaCy reads a piece at a time."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        self._matchers = Matchers(self._nlp)
        self._reading = threading.Lock()

    def statements(self, blocks: Iterable[TextBlock]) -> tuple[Statement, ...]:
        """Return the statements of all blocks in order, numbered from 0."""
        result: list[Statement] = []
        for block in blocks:
            result.extend(self._of_block(block, len(result)))
        return tuple(result)

    def _of_block(self, block: TextBlock, index: int) -> Iterator[Statement]:
        for start, end in _pieces(block.text):
            normal = normalise(block.text[start:end])
            tokens, terms, cues = self._read(normal.text)
            if not tokens.texts:
                continue
            places = [term.start for term in terms], [cue.start for cue in cues]
            reading = _Piece(block, start, normal, tokens, terms, cues, stops(tokens), *places)
            bounds = [0, len(tokens.texts)] if block.role in _WHOLE else sentence_starts(tokens)
            for first, last in pairwise(_bounded(bounds)):
                statement = _statement(reading, first, last, index)
                if statement is not None:
                    index += 1
                    yield statement

    def _read(self, text: str) -> tuple[Tokens, list[Term], list[CueMatch]]:
        with self._reading:
            doc = self._nlp.make_doc(text)
            tokens = Tokens.of(doc)
            return tokens, *self._matchers.find(doc, tokens)


def _bounded(bounds: list[int]) -> list[int]:
    """Return the bounds with more between those that lie too far apart."""
    starts = [start for first, last in pairwise(bounds) for start in range(first, last, MAX_SENTENCE_TOKENS)]
    return [*starts, bounds[-1]]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of pieces of at most MAX_PIECE_CHARS, cut between sentences or else between words."""
    start = 0
    while len(text) - start > MAX_PIECE_CHARS:
        half, limit = start + MAX_PIECE_CHARS // 2, start + MAX_PIECE_CHARS
        cuts = (text.rfind(mark, half, limit) + 1 for mark in (". ", "! ", "? ", " "))
        end = next(filter(None, cuts), limit)
        yield start, end
        start = end
    yield start, len(text)


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
    """Say whether the sentence goes on after the stop.

    It does where lower case follows, where a list number or an initial stands before, and where "Until now." takes it back.
    """
    texts = tokens.texts
    then = [text.lower() for text in texts[following : following + 3]]
    if tuple(then[:2]) in _TAKEN_BACK and (len(then) < 3 or then[2] in _ENDERS):
        return True
    if not tokens.spaces[following - 1] and texts[stop] == ".":
        return True
    if texts[following][0].islower():
        return True
    before = texts[stop - 1] if stop else ""
    if texts[stop] == "." and _NUMBERED.get(before.lower(), _NEVER).match(texts[following]):
        return True
    at_start = stop < 2 or texts[stop - 2] in _ENDERS
    return texts[stop] == "." and (
        not before or (at_start and before.isdigit()) or (len(before) == 1 and before.isupper() and before != "I")
    )


def _statement(reading: _Piece, first: int, last: int, index: int) -> Statement | None:
    """Build the statement of tokens first..last with its own terms and cues; None when it holds no letter or digit."""
    normal, tokens, shift = reading.normal, reading.tokens, reading.shift
    begin, end = tokens.starts[first], tokens.end(last - 1)
    text = normal.text[begin:end]
    if not _LETTER_OR_DIGIT.search(text):
        return None
    stripped = text.strip()
    begin += text.index(stripped)
    end = begin + len(stripped)
    start, stop = normal.original(begin, end)

    terms = reading.terms[bisect_left(reading.term_starts, begin) : bisect_left(reading.term_starts, end)]
    matches = reading.cues[bisect_left(reading.cue_starts, first) : bisect_left(reading.cue_starts, last)]
    cues = [scoped(tokens, match, first, last, reading.stops) for match in matches if match.end <= last]
    match_text = normal.text[begin:end].lower()
    return Statement(
        index=index,
        block=reading.block,
        start=shift + start,
        end=shift + stop,
        text=reading.block.text[shift + start : shift + stop],
        match_text=match_text,
        offsets=None if normal.offsets is None else tuple(normal.offsets[i] - start for i in range(begin, end)),
        words=tuple([word for word in tokens.lower[first:last] if not word.isspace()]),
        terms=tuple([Term(t.kind, t.concept, t.start - begin, t.end - begin) for t in terms if t.end <= end]),
        cues=tuple([_within(cue, begin, end) for cue in cues]),
        answer=short_answer(match_text, reading.block, shift + start),
    )


def _within(cue: Cue, begin: int, end: int) -> Cue:
    """Return the cue with offsets from ``begin``, kept inside the stretch."""
    length = end - begin
    places = (cue.start - begin, cue.end - begin, cue.scope_start - begin, cue.scope_end - begin)
    return Cue(cue.kind, *(min(max(place, 0), length) for place in places))
