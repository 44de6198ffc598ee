"""Turns wording into kinds of product and says whether a trial's kinds cover the kind that is offered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.trials import vocabulary

#: Kinds of cells by source; "cells" is any of them, "regenerative" any cell or tissue product.
_SOURCES = frozenset({"marrow", "fat", "cord", "amnion", "blood_cells"})
_TISSUE = _SOURCES | {"cells", "exosome", "prp"}

#: Kind and wording, tried in this order; what a kind has matched is taken out for those after it. A transplant after
#: chemotherapy, a gene on a plasmid and a graft of Schwann cells are none of what clinics inject.
_KINDS: tuple[tuple[str, str], ...] = (
    ("transplant", r"h(?:a?e)?matopoietic stem cell transplant\w*|hsct\b|conditioning"),
    ("gene", r"plasmids?(?: \w+)?|gene therap\w+|engensis|vm202|aav\w*"),
    ("schwann", r"schwann[ -]cells?"),
    (
        "exosome",
        (
            r"(?:(?:mesenchymal )?(?:stem|stromal) cells?[ -]{1,2}|h?mscs?[ -]{1,2})?(?:derived[ -])?(?:small )?"
            r"(?:exosom\w+|extracellular vesicles?|secretome|conditioned medi\w+)"
        ),
    ),
    ("prp", r"prp\b|platelet\w*|growth factor injections?"),
    ("blood_cells", r"cd ?34\+?|(?:peripheral[ -]blood|mobili[sz]ed)(?: \w+){0,2} cells?|peripheral[ -]blood mononuclear"),
    (
        "fat",
        (
            r"adipose|lipoaspirat\w*|c?svf|stromal vascular|vascular fraction|liposuction|fat(?:[ -]derived|[ -]graft\w*)?"
            r"|(?:hb-)?ad-?mscs?|a[dt]?-?scs?|adrcs?"
        ),
    ),
    ("cord", r"umbilical|cord[ -](?:blood|tissue|derived|cells?)|wharton'?s?|h?uc-?mscs?|wj-?mscs?|allorx|birth tissue"),
    ("amnion", r"placent\w+|amnio\w+|amnion|chorion\w*|pda-?002|perinatal"),
    ("marrow", r"(?:bone[ -])?marrow(?: \w+)? ?(?:cells?|concentrate|aspirate)?|bm-?mscs?|bmac\b|bm-?mncs?"),
    ("cells", r"stem[ -]?cells?|stromal|mesenchymal|h?mscs?|cell(?:ular)? (?:therap\w+|treatments?)|cells?|allografts?"),
    ("regenerative", r"regenerative \w+|biologics?|orthobiologics?"),
)
_PATTERNS = tuple((name, re.compile(rf"(?<![a-z0-9])(?:{wording})(?![a-z0-9])")) for name, wording in _KINDS)


def kinds(texts: Iterable[str]) -> frozenset[str]:
    """Return the kinds of product that the texts name."""
    found = vocabulary.named(texts, _PATTERNS)
    return found - {"cells"} if found & _SOURCES else found


def covers(trial: frozenset[str], offered: frozenset[str]) -> bool | None:
    """Say whether the trial tests every kind that is offered; None when that cannot be told."""
    return vocabulary.covers(trial, offered, _covers_one)


def covers_any(trial: frozenset[str], named: frozenset[str]) -> bool | None:
    """Say whether the trial tests one of the kinds named around a claim: a heading may name several."""
    return vocabulary.covers_any(trial, named, _covers_one)


def _covers_one(trial: frozenset[str], kind: str) -> bool | None:
    if not trial - {"regenerative"}:
        return None
    if kind in trial:
        return True
    if kind == "cells":
        return bool(trial & _SOURCES)
    if kind == "regenerative":
        return bool(trial & _TISSUE)
    return None if kind in _SOURCES and "cells" in trial else False
