"""Finds lexicon terms and cues in a tokenised text with one spaCy phrase matcher."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from spacy.attrs import ORTH, SPACY
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from checker import lexicon
from checker.values import Term


class CueMatch(NamedTuple):
    """A cue phrase: its kind and direction, and its token span."""

    kind: str
    direction: str
    start: int
    end: int


#: A word's text, lower case and length by spaCy's number for it, kept so that they are made once; emptied when it
#: grows past the words that a day of pages holds.
_WORDS: dict[int, tuple[str, str, int]] = {}
MAX_WORDS = 200_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenised text as plain lists: reading them is many times faster than asking spaCy for each token."""

    texts: list[str]
    lower: list[str]
    spaces: list[bool]
    starts: list[int]

    @classmethod
    def of(cls, doc: Doc) -> Tokens:
        """Return the tokens of a spaCy text."""
        read = doc.to_array([ORTH, SPACY]).tolist()
        if len(_WORDS) > MAX_WORDS:
            _WORDS.clear()
        words = [_WORDS.get(orth) or _word(orth, doc) for orth, _ in read]
        lengths = [word[2] + space for word, (_, space) in zip(words, read, strict=True)]
        return cls(
            texts=[word[0] for word in words],
            lower=[word[1] for word in words],
            spaces=[space == 1 for _, space in read],
            starts=list(accumulate(lengths[:-1], initial=0)) if words else [],
        )

    def end(self, index: int) -> int:
        """Return the character offset at which a token ends."""
        return self.starts[index] + len(self.texts[index])


def _word(orth: int, doc: Doc) -> tuple[str, str, int]:
    text = doc.vocab.strings[orth]
    word = _WORDS[orth] = (text, text.lower(), len(text))
    return word


class Matchers:
    """Holds the compiled phrase lists; build once per spaCy vocabulary."""

    def __init__(self, nlp: Language) -> None:
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._names: dict[int, tuple[str, str, str]] = {}
        for terms in lexicon.terms():
            self._add(nlp, ("term", terms.kind, terms.concept), terms.phrases)
        for cues in lexicon.cues():
            self._add(nlp, ("cue", cues.kind, cues.direction), cues.phrases)

    def _add(self, nlp: Language, name: tuple[str, str, str], phrases: tuple[str, ...]) -> None:
        key = " ".join(name)
        forms = {form for phrase in phrases for form in _forms(phrase, plural=name[0] == "term")}
        self._matcher.add(key, [nlp.make_doc(form) for form in sorted(forms)])
        self._names[nlp.vocab.strings[key]] = name

    def find(self, doc: Doc, tokens: Tokens) -> tuple[list[Term], list[CueMatch]]:
        """Return terms with character offsets and cues with token spans; of overlapping ones of a family the longest."""
        terms: list[tuple[int, int, str, str]] = []
        cues: list[tuple[int, int, str, str]] = []
        for key, start, end in self._matcher(doc):
            family, first, second = self._names[key]
            (terms if family == "term" else cues).append((start, end, first, second))
        found = [
            Term(kind, concept, tokens.starts[start], tokens.end(end - 1))
            for start, end, kind, concept in _longest_by_kind(terms)
        ]
        return found, [CueMatch(kind, direction, start, end) for start, end, kind, direction in _longest_cues(cues)]


def _forms(phrase: str, plural: bool) -> list[str]:
    """Return the phrase with spaces and with hyphens, and for terms its plain plural."""
    forms = [phrase]
    if plural and len(phrase) > 2 and phrase[-1].isalpha() and not phrase.endswith("s"):
        forms.append(phrase[:-1] + "ies" if phrase.endswith("y") and phrase[-2:-1] not in "aeiou" else phrase + "s")
    if plural:
        forms += [form.replace(" ", "-") for form in forms if " " in form]
    return forms


#: Cues that turn each other: of those that overlap only one holds. The rest name what is spoken of and stand beside them.
_TURNING = frozenset(["negation", "affirmation", "hedge", "goal", "attribution", "comparison", "future"])


def _longest_cues(spans: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """Keep the longest of the cues that turn each other, an affirmation before a negation as long, and of each other kind."""
    families: dict[str, list[tuple[int, int, str, str]]] = {}
    for span in spans:
        families.setdefault("turning" if span[2] in _TURNING else span[2], []).append(span)
    return sorted(kept for family in families.values() for kept in _longest(family))


def _longest(spans: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """Keep of overlapping spans the longest, the first of equals."""
    if len(spans) < 2:
        return spans
    kept: list[tuple[int, int, str, str]] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[2] != "affirmation", s[0])):
        tokens = range(span[0], span[1])
        if taken.isdisjoint(tokens):
            kept.append(span)
            taken.update(tokens)
    return sorted(kept)


def _longest_by_kind(spans: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """Keep the longest within each kind of term: "nerve regeneration" is a condition and an effect at once.

    Products share one family, so that "regenerative medicine" is no drug.
    """
    families: dict[str, list[tuple[int, int, str, str]]] = {}
    for span in spans:
        families.setdefault("product" if span[2] in ("treatment", "other_product") else span[2], []).append(span)
    return sorted(kept for family in families.values() for kept in _longest(family))
