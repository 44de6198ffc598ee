"""Says whether a few words hold a sentence that tells something of a treatment, and are not only a name or a question."""

from __future__ import annotations

import re
from functools import cache

from checker import lexicon
from checker.claims.normal import normalise

_SENTENCE_END = re.compile(r"(?<=[.!?…]) +|\n")
_ASKS = re.compile(r"^(?:is|are|can|could|does|did|should|what (?:is|are|do|does)|who|where)\b|\?[\"')]*$")
#: Claims without a word of the lists below.
_MORE = re.compile(
    r"\d ?%|\bout of (?:\d|five|ten|every)|\bside effects?\b|\bsaf(?:e|ely|ety)\b|\brisks?\b|\bavoids?\b"
    r"|\b(?:ends?|stops?|gone|away|free|works?)\b"
)
#: A clinic's name holds one of the first, and may hold some of the others without telling anything by them.
_HOUSE = re.compile(r"\b(?:clinics?|cent(?:er|re)s?|institutes?|hospitals?|medical|practice|spa|doctors?|associates)\b")
_IN_NAMES = re.compile(r"\b(?:relief|repair|regeneration|recovery|healing|restoration|research|sciences?)\b")
_ENDED = re.compile(r"[.!?…](?=\s|$)")
#: Kinds of words one of which is enough, and those that tell something beside the name of a product.
_ENOUGH = frozenset({("effect", ""), ("authority", ""), ("study", "")})
_PRODUCT = frozenset({("treatment", "")})
_BESIDE_IT = frozenset({("person", "own"), ("person", "self"), ("person", "patient"), ("talk", "gain")})


def tells(text: str) -> bool:
    """Say whether a sentence that is no question speaks of an effect, an approval, a study, or of somebody and a product."""
    return any(_tells(sentence.strip()) for sentence in _SENTENCE_END.split(normalise(text).text.lower()))


def ended_sentences(text: str) -> int:
    """Return how many sentences of a text have their mark at the end."""
    return len(_ENDED.findall(text))


def _tells(sentence: str) -> bool:
    if _ASKS.search(sentence):
        return False
    if _HOUSE.search(sentence):
        sentence = _IN_NAMES.sub(" ", sentence)
    if _MORE.search(sentence) or _words_of(_ENOUGH).search(sentence):
        return True
    return bool(_words_of(_PRODUCT).search(sentence) and _words_of(_BESIDE_IT).search(sentence))


@cache
def _words_of(wanted: frozenset[tuple[str, str]]) -> re.Pattern[str]:
    """Return what finds the phrases of the word lists of these kinds and concepts; an empty concept stands for all."""
    lists = (terms for terms in lexicon.terms() if (terms.kind, "") in wanted or (terms.kind, terms.concept) in wanted)
    return re.compile(rf"(?<!\w){lexicon.alternation(phrase for terms in lists for phrase in terms.phrases)}s?(?!\w)")
