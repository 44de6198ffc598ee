"""Turns a statement in its page into named features; training and use share this code."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from checker import lexicon
from checker.values import Role, RuleHit, Statement

#: What each group adds is measured by `clinic-checker model benchmark`.
GROUPS = ("words", "abstract", "cues", "rules", "form", "context")

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ABSTRACT_KINDS = ("treatment", "other_product", "condition", "effect", "authority", "study", "person")
_ABSTRACT = re.compile(r"<[a-z_:]+>|[a-z']+|[0-9]+|[?!%]")
_STOP = frozenset(lexicon.heads("speech")["often"])


_Key = TypeVar("_Key")
#: So many names of one kind are kept: more than the features of a day of pages.
MAX_NAMES = 200_000


class _Names(dict[_Key, str]):
    """Makes a feature's name once for each key and keeps it: the statements of pages share most of theirs."""

    def __init__(self, form: Callable[[_Key], str]) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, key: _Key) -> str:
        if len(self) >= MAX_NAMES:
            self.clear()
        name = self[key] = sys.intern(self._form(key))
        return name


def _mark(term: tuple[str, str]) -> str:
    """Return what stands for a term: its kind, and its concept where that matters."""
    kind, concept = term
    return f" <{kind}:{concept}> " if kind in ("effect", "authority", "person") else f" <{kind}> "


_MARKS = _Names(_mark)
_WORDS = _Names[str]("w:{}".format)
_SKELETON = _Names[str]("a:{}".format)
_PAIRS = _Names[tuple[str, str]](lambda pair: f"a:{pair[0]} {pair[1]}")
_TERMS = _Names[tuple[str, str]](lambda term: f"has:{term[0]}:{term[1]}")
_CUES = _Names[str]("cue:{}".format)


def plain_words(statement: Statement) -> list[str]:
    """Return the statement's words with numbers folded to 0."""
    return ["0" if word[0].isdigit() else word for word in statement.words if word[0].isalnum() or word in "?!%\"'$"]


def of_statement(
    position: int,
    statements: Sequence[Statement],
    hits: Sequence[Sequence[RuleHit]],
    groups: Sequence[str] = GROUPS,
) -> dict[str, float]:
    """Return the features of ``statements[position]``: name to value, all 1.0 but the scaled ones.

    ``hits`` holds the rule hits of each statement, same order. Names start with their group's mark, so
    that an explanation can be read.
    """
    statement = statements[position]
    names: list[str] = ["bias"]
    words = plain_words(statement)
    if "words" in groups:
        names += map(_WORDS.__getitem__, words)
    if "abstract" in groups:
        names += _skeleton(abstract(statement))
    if "cues" in groups:
        names += _cues(statement)
    if "rules" in groups:
        names += [f"rule:{hit.rule}" for hit in hits[position]]
        names += [f"rulelabel:{hit.label.value}" for hit in hits[position]]
    if "form" in groups:
        names += _form(statement, words)
    if "context" in groups:
        names += _context(statement)
    return dict.fromkeys(names, 1.0)


def abstract(statement: Statement) -> list[str]:
    """Return the words with lexicon terms put as <kind:concept>, the skeleton of what is said."""
    spans = sorted(
        (term for term in statement.terms if term.kind in _ABSTRACT_KINDS),
        key=lambda term: (term.start, term.start - term.end),
    )
    parts: list[str] = []
    at = 0
    for term in spans:
        if term.start < at:
            continue
        parts += [statement.match_text[at : term.start], _MARKS[term.kind, term.concept]]
        at = term.end
    return _ABSTRACT.findall(_DIGITS.sub("0", "".join([*parts, statement.match_text[at:]])))


@lru_cache(4096)
def _around(mark: str, text: str) -> tuple[str, ...]:
    """Return the words of a heading, question or introducing line, marked: many statements share one."""
    found = re.findall(r"[a-z']+|[0-9]+|[?!%]", _DIGITS.sub("0", text.lower()))
    return tuple(f"{mark}:{word}" for word in found if word not in _STOP)


def _skeleton(words: list[str]) -> list[str]:
    """Return the words and each two neighbours, marked; ^ and $ stand for the ends."""
    pairs = zip(["^", *words], [*words, "$"], strict=True)
    return [*map(_SKELETON.__getitem__, words), *map(_PAIRS.__getitem__, pairs)]


def _cues(statement: Statement) -> Iterator[str]:
    effects = [term for term in statement.terms if term.kind == "effect"]
    for cue in statement.cues:
        yield _CUES[cue.kind]
        for term in effects:
            if (
                cue.kind in ("negation", "hedge", "goal", "attribution", "comparison")
                and cue.scope_start <= term.start < cue.scope_end
            ):
                yield f"cue:{cue.kind}>{term.concept}"
    kinds = sorted({term.kind for term in statement.terms if term.kind in _ABSTRACT_KINDS})
    yield f"terms:{'+'.join(kinds)}"
    yield from (_TERMS[term.kind, term.concept] for term in statement.terms)
    governed = any(
        cue.kind in ("negation", "hedge", "goal") and any(cue.governs(t.start, t.end) for t in effects) for cue in statement.cues
    )
    product = statement.has_term("treatment")
    if effects:
        yield f"effect:{'governed' if governed else 'free'}:{'product' if product else 'none'}"


def _form(statement: Statement, words: list[str]) -> Iterator[str]:
    block = statement.block
    yield f"role:{block.role.value}"
    yield f"zone:{block.zone.value}"
    yield f"length:{min(len(words) // 5, 8)}"
    if statement.text.endswith("?"):
        yield "form:question"
    if statement.text.rstrip("”\"'").endswith("!"):
        yield "form:exclaim"
    if statement.text.endswith(":"):
        yield "form:lead"
    if statement.text[:1] in "\"“'‘":
        yield "form:quoted"
    if statement.start == 0:
        yield "form:first"
    if block.role is Role.HEADING:
        yield f"form:heading{len(block.headings)}"


def _context(statement: Statement) -> Iterator[str]:
    block = statement.block
    if block.headings:
        yield from _around("head", block.headings[-1])
    if block.lead:
        yield "lead"
        yield from _around("lead", block.lead)
    if block.question:
        yield "answer"
        yield from _around("question", block.question)
        if statement.start == 0:
            yield f"answer:{statement.words[0]}"
