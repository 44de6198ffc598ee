"""Says whether text names nerve damage, and whether a page speaks of animals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from checker import lexicon
from checker.claims.normal import normalise
from checker.claims.void import asks
from checker.values import Statement, Term, Zone

#: Share of statements with an animal word from which a page is taken to be about animals; a clinic's page that cites
#: a mouse study stays under it. Chosen by reading, not measured.
ANIMAL_SHARE = 0.15

#: Whoever says this of a product sells it: an offer in own voice, or its price.
_OFFERS = re.compile(
    r"\b(?:we|(?:our|this|the) (?:clinic|center|centre|practice|office|hospital|team|doctors?|physicians?|providers?|specialists?"
    r"|company)) (?:(?:also|now|proudly|currently|only|can|will) ){0,2}"
    r"(?:offers?|provides?|performs?|injects?|administers?|sells?|speciali[sz]es? in|gives?)\b"
    r"|\b(?:therapy|treatment|injections?|infusions?|shots?) (?:costs?|is priced|starts? at|from [$€£])"
)
#: What stands before a product that is called one's own.
_OWN = re.compile(r"\bour (?:\w+ ){0,2}?(?:clinic's |own )?$")
#: Who says this of an outcome does not tell of one person only.
_MANY = re.compile(
    r"\b(?:we|our|you\w*|they|them|patients|people|clients|customers|others|many|most|all|every\w*|anyone)\b"
)
#: A seller who speaks of itself by its name, and how far behind it the product may stand.
_NAMED_SELLER = re.compile(
    r"(?:^|[.!?:;,] )(?:(?:At|The|Dr\.?) )?(?!Some|Other|Many|Most|Several|No|Medicare|Insurance|FDA|Researchers|Scientists"
    r"|Doctors|It )"
    r"[A-Z][\w&'’.-]*(?: (?:[A-Z][\w&'’.-]*|of|and|&))* (?:also |now |proudly )?"
    r"(?:offers|provides|performs|injects|gives|administers|sells|uses|treats)\b"
)
_NEAR = 60
_CELLS = re.compile(r"\b(?:cells|exosomes?|plasma)\b")
#: Kinds of terms and words without any of which a text does not speak of treatment at all.
_OF_THE_FIELD = frozenset({"treatment", "other_product", "condition", "effect"})
_FIELD_WORDS = re.compile(r"\b(?:cells?|plasma|platelets?|tissues?|blood|marrow|serum|doctors?|patients?|clinics?)\b")


@lru_cache(maxsize=4096)
def names_nerves(text: str) -> bool:
    """Say whether the text names damage of peripheral or cranial nerves."""
    return bool(_nerves().search(normalise(text).text.lower()))


@cache
def _nerves() -> re.Pattern[str]:
    phrases = [
        phrase for terms in lexicon.terms() if (terms.kind, terms.concept) == ("condition", "nerve") for phrase in terms.phrases
    ]
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"\b(?:" + "|".join(re.escape(phrase).replace(r"\ ", "[ -]") for phrase in ordered) + r")\b")


def is_story(statement: Statement) -> bool:
    """Say whether one person's experience is told: in the first person, in quotation marks, or among patients' stories."""
    if statement.block.zone is Zone.TESTIMONIAL or statement.block.text[:1] in "\"“'‘«":
        return True
    return any(term.kind == "person" and term.concept == "self" for term in statement.terms)


def is_general(statement: Statement) -> bool:
    """Say whether more people than one are spoken of, or the reader."""
    return bool(_MANY.search(statement.match_text))


def offers_product(statement: Statement) -> bool:
    """Say whether a cell or tissue product is offered in so many words or called the speaker's own, not "regenerative" care."""
    denied = [cue for cue in statement.cues if cue.kind == "negation"]
    products = [term for term in names_product(statement) if not any(cue.governs(term.start, term.end) for cue in denied)]
    if not products or asks(statement):
        return False
    text = statement.match_text
    if _OFFERS.search(text) or any(_OWN.search(text, 0, term.start) for term in products):
        return True
    seller = None if statement.has_cue("attribution", "question") else _NAMED_SELLER.search(statement.text)
    return seller is not None and any(0 <= term.start - seller.end() + 1 <= _NEAR for term in products)


def names_product(statement: Statement) -> list[Term]:
    """Return the names of cell or tissue products in a statement, "regenerative" care not among them."""
    return [term for term in statement.terms if term.kind == "treatment" and term.concept != "regenerative"]


def refers_to_cells(statement: Statement) -> bool:
    """Say whether a statement speaks of cells that were named before, or under a heading that names a product."""
    headings = " ".join(statement.block.headings).lower()
    return bool(_CELLS.search(statement.match_text) or _CELLS.search(headings))


def speaks_of_treatment(statements: Sequence[Statement]) -> bool:
    """Say whether any word of medicine or of its trade is on the page."""
    return any(
        any(term.kind in _OF_THE_FIELD for term in statement.terms) or _FIELD_WORDS.search(statement.match_text)
        for statement in statements
    )


def speaks_of_animals(statements: Sequence[Statement]) -> bool:
    """Say whether the patients of the page are animals."""
    counted = sum(1 for statement in statements if statement.has_cue("animal"))
    return counted > max(1, len(statements) * ANIMAL_SHARE)
