"""Turns a whole page into named features of who publishes it and whether it offers a product in scope."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import log, log1p, tanh
from typing import NamedTuple

from checker.values import RuleHit, Statement

_OWN_PRODUCT = re.compile(
    r"\b(?:we|our|us|my|here at|i)\b[^.;\n]{0,60}?\b(?:stem cells?|exosomes?|prp|platelet|regenerative|cells|wharton|amnio\w+|bone marrow|biologics?|cell therap\w+|injections?|infusions?)\b"
)
_PRICE = re.compile(r"[$€£]\s?\d|\b\d[\d,.]{0,20} ?(?:usd|eur|dollars|euros|pounds)\b")
_PHONE = re.compile(r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b|\+\d{1,3}[ \d-]{7,}|\b555[ -]\d{4}\b")
_SPEECH = re.compile(r"\b(?:said|says|told|according to|wrote|argues?|explains?|reported|warned|warns)\b")
_TRIAL = re.compile(
    r"\b(?:nct ?\d{8}|inclusion criteria|exclusion criteria|primary (?:outcome|endpoint)|study type|enrol+ment|allocation|masking|eligib\w+|recruiting|not yet recruiting"
    r"|principal investigator|interventional|randomi[sz]ed|phase (?:[1-4i]+)|sponsor|arms?|participants?|placebo)\b"
)
_JOURNAL = re.compile(
    r"\b(?:abstract|methods|results|conclusions?|doi|pmid|et al|keywords|p ?[<=] ?0|background|objective|mice|rats|model)\b"
)
_REGULATOR = re.compile(
    r"\b(?:consumer alert|warning letters?|violat\w+|unapproved|unproven|attorney general|complaint|lawsuit|plaintiffs?|defendants?|court|settlement|medwatch|adverse events?|misleading|deceptive|policy|coverage|medically necessary|your (?:firm|website|product))\b"
)
_BOOK = re.compile(
    r"\b(?:book|schedule|request|call|contact|visit|consultation|appointment|candidate|order|shop|enquire|inquire|learn more|get started|our (?:clinic|patients|doctors|team|practice|office|providers|physicians|center|centre|specialists|products?|lab))\b"
)
_YOU = re.compile(r"\byour?\b|\byou're\b|\byou'll\b")
_WE = re.compile(r"\b(?:we|our|us|we're|we've)\b")

#: What is spoken of tells whether a product in scope is offered, not who publishes: only the model of scope sees
#: features of this mark.
PRODUCT = "product:"
#: The features that the model of trial records sees.
PATTERNS = ("any:", "share:", "distinct:")
_PRODUCTS = ("treatment", "other_product", "condition")
#: So many different matches of one pattern count as many.
DISTINCT = 6
#: Of a long page so many statements from its start and its end are searched: there it says who it is and how to reach it.
FROM_START, FROM_END = 90, 30
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


class Voice(NamedTuple):
    """How a statement sounds: the probability of a claim in own voice, and of a provider speaking."""

    claim: float
    seller: float


def of_page(statements: Sequence[Statement], hits: Sequence[Sequence[RuleHit]], voices: Sequence[Voice]) -> dict[str, float]:
    """Return the page's features: shares of statements (0 to 1) that hold a pattern or term, and how they sound.

    ``voices`` go with the statements, same order and length. Single words are no features of a page: they name
    topics, and both kinds of publisher write on every topic.
    """
    features: dict[str, float] = {"bias": 1.0}
    features.update(_sound(voices))
    count = max(len(statements), 1)
    read = [*statements[:FROM_START], *statements[max(len(statements) - FROM_END, FROM_START) :]]
    text = "\n".join(statement.match_text for statement in read)
    starts = list(accumulate((len(statement.match_text) + 1 for statement in read), initial=0))
    for name, pattern in _SHARES.items():
        found = list(pattern.finditer(text))
        matched = len({bisect_right(starts, match.start()) for match in found})
        features[f"distinct:{name}"] = min(len({match.group() for match in found}), DISTINCT) / DISTINCT
        features[f"any:{name}"] = float(matched > 0)
        features[f"share:{name}"] = matched / max(len(read), 1)
    terms: Counter[str] = Counter()
    for statement in statements:
        named = {(term.kind, term.concept) for term in statement.terms if term.kind in _PRODUCTS}
        terms.update(f"{kind}:{concept}" for kind, concept in named)
        terms.update({kind for kind, _ in named})
    features.update({f"{PRODUCT}share:{name}": n / count for name, n in terms.items()})
    features.update({f"{PRODUCT}any:{name}": 1.0 for name in terms})
    told = sum(1 for statement in statements if _names_product(statement))
    features[f"{PRODUCT}named"] = told / count
    features[f"{PRODUCT}named:{'never' if not told else 'once' if told == 1 else 'often'}"] = 1.0
    labels = Counter(hit.label.value for found in hits for hit in found)
    features.update({f"label:{name}": min(n / count, 1.0) for name, n in labels.items()})
    features["length"] = log1p(count) / 5
    features.update({f"we+product:{kind}": 1.0 for kind in _offered(statements)})
    return features


def _sound(voices: Sequence[Voice]) -> dict[str, float]:
    if not voices:
        return {}
    claims = sorted((voice.claim for voice in voices), reverse=True)
    sellers = sorted(log(voice.seller / (1 - voice.seller)) for voice in voices)
    return {
        "claim:first": claims[0],
        "claim:third": claims[2] if len(claims) > 2 else 0.0,
        "claim:mean": sum(claims) / len(claims),
        "seller:mean": sum(sellers) / len(sellers),
        "seller:sum": 2 * tanh(sum(sellers) / 4),
        "seller:middle": sellers[len(sellers) // 2],
        "seller:least": sellers[0] / 2,
        "seller:most": sellers[-1] / 2,
    }


def _names_product(statement: Statement) -> bool:
    """Say whether a cell or tissue product is named in running text: a clinic's own name is written with capitals."""
    for term in statement.terms:
        if term.kind == "treatment" and term.concept != "regenerative":
            start, end = statement.in_block(term.start, term.end)
            said = statement.block.text[start:end]
            if said[:1].islower() or said.isupper():
                return True
    return False


def _offered(statements: Sequence[Statement]) -> set[str]:
    """Return the kinds of product that stand in one statement with "we" or "our"."""
    return {
        f"{term.kind}:{term.concept}"
        for s in statements
        if _WE.search(s.match_text)
        for term in s.terms
        if term.kind in ("treatment", "other_product")
    }
