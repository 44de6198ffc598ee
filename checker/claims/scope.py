"""Says what a text is about: nerve damage, animals, one person or many, a product that is offered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache, partial

from checker import lexicon
from checker.claims.normal import normalise
from checker.claims.void import asks
from checker.values import Role, Statement, Term, Zone

#: Share of statements with an animal word from which a page is taken to be about animals; a clinic's page that cites
#: a mouse study stays under it. Chosen by reading, not measured.
ANIMAL_SHARE = 0.15

_SAID = partial(lexicon.any_of, "speech")
#: Whoever says this of a product sells it: an offer in own voice, or its price.
_OFFERS = re.compile(
    rf"\b(?:we|(?:our|this|the) {_SAID('place')}(?:, [^,.;:!?]{{2,60}},)?)"
    rf" (?:(?:also|now|proudly|currently|only|can|will) ){{0,2}}{_SAID('offers')}\b"
    r"|\b(?:therapy|treatment|injections?|infusions?|shots?) (?:costs?|is priced|starts? at|from [$€£])"
)
#: What stands before a product that is called one's own.
_OWN = re.compile(r"\bour (?:\w+ ){0,2}?(?:clinic's |own )?$")
_GENERAL = re.compile(rf"\b{_SAID('general')}\b")
#: A seller who speaks of itself by its name, and how many characters behind it the product may stand.
_NAMED_SELLER = re.compile(
    rf"(?:^|[.!?:;,] )(?:(?:At|The|Dr\.?) )?(?!(?i:{_SAID('no seller')})\b)"
    r"[A-Z][\w&'’.-]*(?: (?:[A-Z][\w&'’.-]*|of|and|&)){0,8} (?:also |now |proudly )?"
    rf"{_SAID('seller does')}\b"
)
_NEAR = 60
#: A dose of cells; what a body releases of its own is none.
_DOSE = re.compile(r"\d (?:million|billion)(?: (?!(?:more|own)\b)[\w'-]+){0,3}? (?:cells|exosomes)\b")
_CELLS = re.compile(rf"\b{_SAID('cells')}\b")
#: Kinds of terms without any of which, and without a word of the field, a text does not speak of treatment at all.
_OF_THE_FIELD = frozenset({"treatment", "other_product", "condition", "effect"})
_FIELD_WORDS = re.compile(rf"\b{_SAID('field')}\b")


@lru_cache(maxsize=4096)
def names_nerves(text: str) -> bool:
    """Say whether the text names damage of peripheral or cranial nerves."""
    return bool(_nerves().search(normalise(text).text.lower()))


@cache
def _nerves() -> re.Pattern[str]:
    lists = (terms for terms in lexicon.terms() if (terms.kind, terms.concept) == ("condition", "nerve"))
    return re.compile(rf"\b{lexicon.alternation(phrase for terms in lists for phrase in terms.phrases)}\b")


def is_story(statement: Statement) -> bool:
    """Say whether one person's experience is told: in the first person, in quotation marks, or among patients' stories.

    A question speaks for its reader: in "How do the cells reverse my neuropathy?" nobody tells of himself.
    """
    if statement.block.zone is Zone.TESTIMONIAL or statement.block.text[:1] in "\"“'‘«":
        return True
    return not statement.text.endswith("?") and any(term.kind == "person" and term.concept == "self" for term in statement.terms)


def is_general(statement: Statement) -> bool:
    """Say whether more people than one are spoken of, or the reader."""
    return bool(_GENERAL.search(statement.match_text))


def offers_product(statement: Statement) -> bool:
    """Say whether a cell or tissue product is offered in so many words or called the speaker's own, not "regenerative" care."""
    text = statement.match_text
    products = _affirmed(statement, names_product(statement))
    if not products or asks(statement):
        return False
    if _OFFERS.search(text) or any(_OWN.search(text, 0, term.start) for term in products):
        return True
    seller = None if statement.has_cue("attribution", "question") else _NAMED_SELLER.search(statement.text)
    if seller is None:
        return False
    places = (statement.in_block(term.start, term.end)[0] - statement.start for term in products)
    return any(0 < place - seller.end() <= _NEAR for place in places)


def is_headed_by_product(statements: Sequence[Statement]) -> bool:
    """Say whether a page's title or a heading under no other names a product with a condition or with what it does.

    Lower headings name what else a site writes about. Where another treatment is named more often, that one is offered.
    """
    named = Counter(kind for statement in statements for kind in statement.term_kinds)
    return any(map(_heads_with_product, statements)) and named["treatment"] >= named["other_product"]


def _heads_with_product(statement: Statement) -> bool:
    block = statement.block
    heads = block.role is Role.TITLE or (block.role is Role.HEADING and block.zone is Zone.MAIN and not block.headings)
    if not heads or statement.text.endswith("?") or statement.has_cue("question"):
        return False
    text = statement.match_text
    products = [
        term
        for term in statement.terms
        if term.kind == "treatment" and (term.concept != "regenerative" or text.startswith(" for ", term.end))
    ]
    return bool(_affirmed(statement, products)) and not statement.term_kinds.isdisjoint({"condition", "effect"})


def counts_cells(statement: Statement) -> bool:
    """Say whether a dose of cells is told."""
    return bool(_DOSE.search(statement.match_text))


def _affirmed(statement: Statement, terms: Sequence[Term]) -> list[Term]:
    """Return the terms that no negation governs."""
    denied = [cue for cue in statement.cues if cue.kind == "negation"]
    return [term for term in terms if not any(cue.governs(term.start, term.end) for cue in denied)]


def names_product(statement: Statement) -> list[Term]:
    """Return the names of cell or tissue products in a statement, "regenerative" care not among them."""
    return [term for term in statement.terms if term.kind == "treatment" and term.concept != "regenerative"]


def refers_to_cells(statement: Statement) -> bool:
    """Say whether a statement or a heading over it speaks of "the cells" without naming a product."""
    return any(map(_CELLS.search, (statement.match_text, *(heading.lower() for heading in statement.block.headings))))


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
