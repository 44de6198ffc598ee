"""Turns any text into the plain lower-case form in which trials and pages are compared."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_PLAIN = str.maketrans({**dict.fromkeys("‘’´`′", "'"), **dict.fromkeys("‐‑‒–—−", "-")})
#: Wording of a fee in a record's own text. "Patient funded", "patient sponsored" and "self-funded" stand in records of
#: the registry (our facts table names five); the others are the same said in a sentence.
_FEE = re.compile(
    r"\b(?:patient|participant|self|subject)[- ](?:funded|sponsored|financed|paid)\b|\bself[- ]pay\b"
    r"|\b(?:patients|participants|subjects)(?: (?:will|must|shall|are required to|have to|are asked to))? pay\b(?! no)"
    r"|\bat (?:the )?(?:patient|participant|subject)s?'?s? (?:own )?expense\b"
)


def plain(text: str) -> str:
    """Return the text without accents and unseen characters, with plain quotes and hyphens, in lower case."""
    decomposed = unicodedata.normalize("NFKD", _UNSEEN.sub("", text))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"\s+", " ", bare.translate(_PLAIN).lower()).strip()


def speaks_of_fee(text: str) -> bool:
    """Say whether a text says that patients pay for taking part."""
    return bool(_FEE.search(plain(text)))
