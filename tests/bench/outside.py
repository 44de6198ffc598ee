"""Two published components for negation and context, judged over our own terms: medspaCy's ConText and negspaCy.

Run in an environment of its own (`outside-requirements.txt`), on the items that the benchmark writes:

    clinic-checker model benchmark --items items.jsonl
    outside/bin/python tests/bench/outside.py items.jsonl >> tests/bench/outside.jsonl

A statement is a claim when an effect or authority term stands in it, a product is spoken of, and the component calls the term
neither negated nor, where it knows of such, uncertain or hypothetical.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import spacy
from medspacy.context import ConText
from negspacy.negation import Negex
from negspacy.termsets import termset
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

LABELS = {
    "relieves": "benefit",
    "improves": "benefit",
    "repairs": "benefit",
    "reverses": "cure",
    "cures": "cure",
    "guaranteed": "cure",
    "halo": "fda_halo",
}


def medspacy_context(nlp: Language) -> tuple[Callable[[Doc], Any], Callable[[Span], bool]]:
    """Return ConText with its own rules, and what it lets stand."""
    return ConText(nlp), lambda term: not (term._.is_negated or term._.is_uncertain or term._.is_hypothetical)


def negspacy(nlp: Language) -> tuple[Callable[[Doc], Any], Callable[[Span], bool]]:
    """Return NegEx with negspaCy's terms for general English, and what it lets stand."""
    patterns = termset("en").get_patterns()
    part = Negex(nlp, "negex", neg_termset=patterns, ent_types=[], extension_name="negex", chunk_prefix=[])
    return part, lambda term: not term._.negex


def terms_alone(nlp: Language) -> tuple[Callable[[Doc], Any], Callable[[Span], bool]]:
    """Return nothing, and let every term stand: what the two others are to be compared with."""
    return lambda doc: doc, lambda term: True


SYSTEMS = {"terms alone": terms_alone, "medspaCy ConText 1.3.1": medspacy_context, "negspaCy 1.0.4": negspacy}


def main(file: Path) -> None:
    """Print the answers of both as JSON Lines."""
    items = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for system, build in SYSTEMS.items():
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
        judge, stands = build(nlp)
        begin = time.perf_counter()
        found = [labels(item, nlp, judge, stands) for item in items]
        seconds = time.perf_counter() - begin
        for item, answer in zip(items, found, strict=True):
            for name in item["ids"]:
                if answer:
                    print(json.dumps({"system": system, "id": name, "labels": sorted(answer)}))
        print(json.dumps({"system": system, "seconds": round(seconds, 2), "of": len(items)}))


def labels(item: dict[str, Any], nlp: Language, judge: Callable[[Doc], Any], stands: Callable[[Span], bool]) -> set[str]:
    """Return the labels of one item: of its terms that the component lets stand."""
    doc = nlp(item["text"])
    spans = (
        doc.char_span(start, end, label=f"{kind}:{concept}", alignment_mode="expand")
        for kind, concept, start, end in item["terms"]
        if kind in ("effect", "authority")
    )
    doc.ents = filter_spans([span for span in spans if span is not None])
    judge(doc)
    return named(term.label_.split(":") for term in doc.ents if stands(term)) if item["product"] else set()


def named(terms: Iterable[list[str]]) -> set[str]:
    """Return the labels of terms: an approval needs a regulator beside it."""
    concepts = {concept for _, concept in terms}
    found = {LABELS[concept] for concept in concepts if concept in LABELS}
    return found | ({"fda_approved"} if {"approval", "regulator"} <= concepts else set())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
