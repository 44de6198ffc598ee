"""Ranks links by what their address and their text speak of, with the words of the lexicon."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import unquote, urlsplit

from checker import lexicon

#: What a term of the general lists adds: a page about the product and nerve damage comes first.
_TERMS = {("treatment", None): 6, ("condition", "nerve"): 6, ("condition", None): 3}
#: Pages in another language are not judged; what they speak of must not bring them before the English ones.
OTHER_LANGUAGE = -20
_WORD = re.compile(r"[a-z0-9']+")
#: Words of a link's text that are looked at: a whole card may be a link.
MAX_WORDS = 40
_LONGEST = 4


@lru_cache(maxsize=8_192)
def score(address: str, text: str = "") -> int:
    """Return how much a link promises; 0 for one that says nothing, less for chores such as a privacy policy."""
    parts = urlsplit(address)
    folder = parts.path.lower().split("/")[1] if parts.path else ""
    aside = OTHER_LANGUAGE if folder in lexicon.heads("address")["language"] else 0
    spoken = [unquote(f"{parts.path} {parts.query}"), text]
    found: dict[str, int] = {}
    for words in (_WORD.findall(part.lower())[:MAX_WORDS] for part in spoken):
        found.update(_found(words))
    return sum(found.values()) + aside


def _found(words: list[str]) -> dict[str, int]:
    """Return the heads that the words belong to, each with what it adds."""
    phrases = _phrases()
    runs = (" ".join(words[start : start + length]) for start in range(len(words)) for length in range(1, _LONGEST + 1))
    return {head: adds for run in runs for head, adds in phrases.get(run, ())}


@cache
def _phrases() -> dict[str, tuple[tuple[str, int], ...]]:
    """Return for every phrase the heads that it stands under."""
    table: dict[str, tuple[tuple[str, int], ...]] = {}
    lists = [(head, phrases) for head, phrases in lexicon.heads("frontier").items()]
    rows = [(head.split()[0], int(head.split()[1]), phrases) for head, phrases in lists]
    for term in lexicon.terms():
        adds = _TERMS.get((term.kind, term.concept), _TERMS.get((term.kind, None), 0))
        rows += [(f"{term.kind}.{term.concept}", adds, term.phrases)] if adds else []
    for head, adds, phrases in rows:
        for phrase in phrases:
            key = " ".join(_WORD.findall(phrase))
            for spelling in (key, f"{key}s"):
                table[spelling] = (*table.get(spelling, ()), (head, adds))
    return table
