"""Turns a whole page into named features of who publishes it and whether it offers a product in scope."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log1p

from checker.values import Document, Role, RuleHit, Statement, Zone

_OWN_PRODUCT = re.compile(
    r"\b(?:we|our|us|my|here at|i)\b[^.;]{0,60}?\b(?:stem cells?|exosomes?|prp|platelet|regenerative|cells|wharton|amnio\w+|bone marrow|biologics?|cell therap\w+|injections?|infusions?)\b"
)
_PRICE = re.compile(r"[$€£]\s?\d|\b\d[\d,.]* ?(?:usd|eur|dollars|euros|pounds)\b")
_PHONE = re.compile(r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b|\+\d{1,3}[ \d-]{7,}|\b555[ -]\d{4}\b")
_SPEECH = re.compile(r"\b(?:said|says|told|according to|wrote|argues?|explains?|reported|warned|warns)\b")
_TRIAL = re.compile(
    r"\b(?:nct ?\d{8}|inclusion criteria|exclusion criteria|primary (?:outcome|endpoint)|study type|enrol+ment|allocation|masking|eligib\w+|recruiting|not yet recruiting"
    r"|principal investigator|interventional|randomi[sz]ed|phase (?:[1-4i]+)|sponsor|arms?|participants?|placebo)\b"
)
_JOURNAL = re.compile(r"\b(?:abstract|methods|results|conclusions?|doi|pmid|et al|keywords|p ?[<=] ?0|background|objective|mice|rats|model)\b")
_REGULATOR = re.compile(
    r"\b(?:consumer alert|warning letters?|violat\w+|unapproved|unproven|attorney general|complaint|lawsuit|plaintiffs?|defendants?|court|settlement|medwatch|adverse events?|misleading|deceptive|policy|coverage|medically necessary|your (?:firm|website|product))\b"
)
_BOOK = re.compile(
    r"\b(?:book|schedule|request|call|contact|visit|consultation|appointment|candidate|order|shop|enquire|inquire|learn more|get started|our (?:clinic|patients|doctors|team|practice|office|providers|physicians|center|centre|specialists|products?|lab))\b"
)
_YOU = re.compile(r"\byour?\b|\byou're\b|\byou'll\b")
_WE = re.compile(r"\b(?:we|our|us|we're|we've)\b")

#: Patterns whose share of statements is a feature.
_SHARES = {
    "own_product": _OWN_PRODUCT,
    "price": _PRICE,
    "phone": _PHONE,
    "speech": _SPEECH,
    "trial": _TRIAL,
    "journal": _JOURNAL,
    "regulator": _REGULATOR,
    "book": _BOOK,
    "you": _YOU,
    "we": _WE,
}


def of_page(
    document: Document, statements: Sequence[Statement], hits: Sequence[Sequence[RuleHit]], claims: Sequence[float]
) -> dict[str, float]:
    """Return the page's features: words once each, shares of statements (0 to 1) that hold a pattern or term.

    ``claims`` are the statements' claim probabilities, same order and length.
    """
    features: dict[str, float] = {"bias": 1.0}
    strongest = sorted(claims, reverse=True)
    features["claim:first"] = strongest[0] if strongest else 0.0
    features["claim:third"] = strongest[2] if len(strongest) > 2 else 0.0
    features["claim:mean"] = sum(strongest) / max(len(strongest), 1)
    texts = [statement.match_text for statement in statements]
    count = max(len(texts), 1)
    for name, pattern in _SHARES.items():
        matched = sum(1 for text in texts if pattern.search(text))
        features[f"any:{name}"] = float(matched > 0)
        features[f"share:{name}"] = matched / count
    terms: Counter[str] = Counter()
    for statement in statements:
        terms.update({f"{term.kind}:{term.concept}" for term in statement.terms if term.kind not in ("effect", "person")})
        terms.update({f"{term.kind}" for term in statement.terms})
    features.update({f"term:{name}": n / count for name, n in terms.items()})
    features.update({f"anyterm:{name}": 1.0 for name in terms})
    labels = Counter(hit.label.value for found in hits for hit in found)
    features.update({f"label:{name}": min(n / count, 1.0) for name, n in labels.items()})
    features["length"] = log1p(count) / 5
    features.update({f"word:{word}": 1.0 for word in _words(statements)})
    features.update({f"title:{word}": 1.0 for word in _title_words(statements)})
    features.update({f"we+product:{kind}": 1.0 for kind in _offered(statements)})
    return features


def _words(statements: Sequence[Statement]) -> set[str]:
    return {word for s in statements for word in s.words if word.isalpha() and s.block.zone is not Zone.NAVIGATION}


def _title_words(statements: Sequence[Statement]) -> set[str]:
    return {
        word
        for s in statements
        if s.block.role is Role.TITLE or (s.block.role is Role.HEADING and not s.block.headings)
        for word in s.words
        if word.isalpha()
    }


def _offered(statements: Sequence[Statement]) -> set[str]:
    """Return the kinds of product that stand in one statement with "we" or "our"."""
    return {
        f"{term.kind}:{term.concept}"
        for s in statements
        if _WE.search(s.match_text)
        for term in s.terms
        if term.kind in ("treatment", "other_product")
    }
