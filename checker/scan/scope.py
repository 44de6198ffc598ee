"""Turns a page's raw bytes into one answer before anything is parsed: can a product in scope be named here at all.

A public crawl is nearly all other pages, and parsing costs a hundred times more than this. It errs to one side: a page that
passes may still be out of scope. What it misses are words hidden from programs, by mark-up or look-alike letters within a word.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache

from checker import lexicon

#: Bytes around a phrase's key word in which the phrase is looked for: room for mark-up between its words.
WINDOW = 200
#: Unseen characters within words, as UTF-8 and as they are written in HTML.
_UNSEEN = (*(char.encode() for char in "\u00ad\u200b\u200c\u200d\u2060\ufeff"), b"&shy;", b"&#173;", b"&#xad;", b"&zwnj;")
#: In UTF-16 and UTF-32 every second byte of a Latin text is zero; such a page is parsed.
_SNIFFED = 1_000
_WORDS = re.compile(r"[a-z0-9]+")
_LETTERS = frozenset(bytes([letter]) for letter in b"abcdefghijklmnopqrstuvwxyz0123456789")
#: What may stand between two words of a phrase: mark-up, entities, white space, hyphens.
_BETWEEN = rb"(?:<[^>]{0,150}>|&[#a-z0-9]{1,8};|[^a-z0-9<&])+"


def may_be_in_scope(raw: bytes) -> bool:
    """Say whether the bytes (HTML or text, headers before it do no harm) hold a word for a product in scope."""
    if b"\0" in raw[:_SNIFFED]:
        return True
    lower = raw.lower()
    for unseen in _UNSEEN:
        if unseen in lower:
            lower = lower.replace(unseen, b"")
    return any(_holds(lower, key, phrases) for key, phrases in _keys())


def _holds(lower: bytes, key: bytes, phrases: re.Pattern[bytes]) -> bool:
    """Say whether a phrase stands around a place of its key; looking for the phrases everywhere takes ten times longer."""
    at = lower.find(key)
    while at >= 0:
        end = at + len(key)
        if lower[at - 1 : at] not in _LETTERS and phrases.search(lower, max(0, at - WINDOW), end + WINDOW):
            return True
        at = lower.find(key, end)
    return False


@cache
def _keys() -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
    """Return key words, each with the phrases that it stands for.

    A phrase's key is its word that most phrases share, so that few words are looked for.
    """
    phrases = {
        tuple(_WORDS.findall(phrase)) for terms in lexicon.terms() if terms.kind == "treatment" for phrase in terms.phrases
    }
    shared = Counter(word for phrase in phrases for word in set(phrase))
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in sorted(phrases):
        found[max(phrase, key=lambda word: (shared[word], len(word), word))].append(phrase)
    return tuple((_stem(key).encode(), _pattern(found[key])) for key in sorted(found))


def _pattern(phrases: list[tuple[str, ...]]) -> re.Pattern[bytes]:
    """Return what finds any of the phrases as words, in the singular or plural."""
    forms = (_BETWEEN.join([word.encode() for word in phrase[:-1]] + [_plural(phrase[-1])]) for phrase in phrases)
    return re.compile(rb"(?<![a-z0-9])(?:" + b"|".join(forms) + rb")(?![a-z0-9])")


def _stem(word: str) -> str:
    return word.removesuffix("y")


def _plural(word: str) -> bytes:
    return f"{_stem(word)}(?:y|ies)".encode() if word.endswith("y") else f"{word}s?".encode()
