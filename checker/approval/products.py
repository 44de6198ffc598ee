"""Resolves an affirmed approval: which product it is said of, for which use, and what the tables hold of that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from checker.approval import parts, words
from checker.approval.resolution import NOT_CHECKED, NOT_IN_FORCE_CHECKED, Outcome, Resolution, by_step, with_text
from checker.knowledge.load import Tables
from checker.knowledge.rows import Medicine, Product
from checker.values import Source

AnyNamed = TypeVar("AnyNamed", Product, Medicine)

NERVE_DAMAGE = "nerve damage"
#: Characters after an approval in which its noun stands ("FDA-approved and patented stem cell therapy").
HEAD = 45
_OURS = re.compile(r"\bours?\b")
#: "Like any other FDA-approved medicine" calls the cells one.
_ANY_OTHER = re.compile(r"\b(?:any|every|all|each) other fda")
#: An approval that stands this near the start of a clause has no subject of its own ("Now FDA-approved for neuropathy").
BADGE = 12
_UNCONFIRMED = " (from general knowledge, unconfirmed)"
NARROW = "Some products of this kind are licensed, each for one narrow use (see our table); the statement names none."
NONE_COVERS = (
    "None of the {count} licensed cell, tissue and gene products in our table ({date}, not proven complete) covers {use}; "
    "they serve other diseases, mostly of the blood."
)
SOLD_HERE = "what is sold here"
SAFETY = "The FDA does not approve a product for safety alone."
KITS = "Kits that make PRP are cleared for a narrow use; PRP for a disease is not approved."
EXOSOMES = "No exosome product was approved when the FDA last wrote of them."
NERVE_GRAFT = "The one licensed nerve product, Avance, is a donor scaffold for cut nerves at surgery."


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What stands around a clause: the whole statement, title and headings in lower case, and what the page sells."""

    text: str
    above: str = ""
    sells_cells: bool = False

    @property
    def about_cells(self) -> bool:
        """Say whether "it" or "the treatment" means cells here."""
        return self.sells_cells or bool(parts.CELLS.search(self.above))


def of_mention(clause: str, start: int, end: int, around: Surroundings, facts: Tables) -> Resolution:
    """Resolve the approval that stands at clause[start:end]."""
    if not facts.products.usable:
        return with_text(Outcome.UNVERIFIABLE, NOT_CHECKED, ())
    kind = _kind(clause, start, end)
    product = _named(facts.products.rows, clause) or (_named(facts.products.rows, around.text) if kind != "cells" else None)
    if product is not None and not _overtaken(product.names, clause, start, _OURS):
        return _of_product(product, clause, end, around, facts)
    medicine = _named(facts.medicines.rows, clause)
    if medicine is not None and not (
        _overtaken(medicine.names, clause, start, parts.CELLS) or _is_left_behind(medicine.names, clause, end)
    ):
        return _of_medicine(medicine, clause, facts)
    if kind == "drug":
        return _of_drugs(clause, facts)
    badge = start < BADGE and _other_use(around.text, 0) is not None
    about_cells = around.about_cells and (kind == "generic" or (kind is None and badge))
    cells = kind == "cells" or bool(parts.CELLS.search(around.text)) or about_cells
    return _of_cells(clause, end, around, facts) if cells else _unverifiable(clause, around, facts)


def of_vague(clause: str, facts: Tables) -> Resolution:
    """Resolve an approval by nobody in particular: true for a licensed product's own use, else unverifiable."""
    match = _licensed_for(clause, 0, facts)
    if match is None or not is_own_use(clause, facts):
        return by_step(Outcome.UNVERIFIABLE, facts)
    return _true_of_kind(match[0], match[1], facts)


def _true_of_kind(product: Product, use: str, facts: Tables) -> Resolution:
    known = (
        f"Products of this kind are licensed, for example: {_licensed(product)} That says nothing about other products or uses."
    )
    return with_text(Outcome.TRUE, known, product.sources or _general(facts), product.brand, use)


def is_own_use(clause: str, facts: Tables) -> bool:
    """Say whether the clause names a kind of product with a use for which one of that kind is licensed, and no other use."""
    return _licensed_for(clause, 0, facts) is not None and _other_use(clause, 0) is None


def names_medicine(text: str, facts: Tables) -> bool:
    """Say whether the text names an ordinary medicine or device of our table."""
    return _named(facts.medicines.rows, text) is not None


def _overtaken(names: Sequence[str], clause: str, start: int, by: re.Pattern[str]) -> bool:
    """Say whether another subject stands between the name and the approval ("unlike X, our cells are approved")."""
    name = _any_of(tuple(names)).search(clause)
    if parts.SO_ARE_OURS.search(clause):
        return True
    return name is not None and name.end() <= start and bool(by.search(clause, name.end(), start))


def _is_left_behind(names: Sequence[str], clause: str, end: int) -> bool:
    """Say whether what is named behind the approval is what patients do without ("approved, and most are off X")."""
    name = _any_of(tuple(names)).search(clause, end)
    return name is not None and parts.DOES_WITHOUT.search(clause, end, name.start()) is not None


def _kind(clause: str, start: int, end: int) -> str | None:
    """Return what is said to be approved: "cells", "drug", "generic", or None without a noun."""
    for part in (clause[end : end + HEAD], clause[start:end]):
        found = {name: match.start() for name, match in _nouns(part) if match is not None}
        if found and not _ANY_OTHER.search(clause):
            drug_first = "drug" in found and found["drug"] < found.get("cells", len(part))
            return "drug" if drug_first else "cells" if "cells" in found else "generic"
    before = clause[:start]
    last = {name: [m.start() for m in pattern.finditer(before)][-1:] for name, pattern in _NOUNS}
    if last["drug"] and last["drug"] > last["cells"]:
        return "drug"
    return "cells" if last["cells"] else "generic" if last["generic"] else None


_NOUNS = (("cells", parts.CELLS), ("drug", parts.DRUGS), ("generic", parts.GENERIC))


def _nouns(part: str) -> Iterable[tuple[str, re.Match[str] | None]]:
    return ((name, pattern.search(part)) for name, pattern in _NOUNS)


def _of_product(product: Product, clause: str, end: int, around: Surroundings, facts: Tables) -> Resolution:
    own = _first(product.uses, clause, end)
    other = _other_use(clause, end)
    nerves_above = bool(parts.NERVES.search(around.above))
    borrowed = own is None and other is None and nerves_above and bool(parts.OWN_VOICE.search(around.text))
    if (own is None and other is not None) or (own is not None and other is not None and other[1] < own[1]) or borrowed:
        use = other[0] if other else NERVE_DAMAGE
        known = f"{_licensed(product)} That does not cover {use}."
        return with_text(Outcome.CONTRADICTED, known, product.sources or _general(facts), product.brand, use)
    known = f"{_licensed(product)} It says nothing about other products or uses."
    return with_text(Outcome.TRUE, known, product.sources or _general(facts), product.brand, own[0] if own else None)


def _licensed(product: Product) -> str:
    """Say what a product is licensed for, with every mark of doubt that its row carries."""
    doubt = _UNCONFIRMED if not product.confirmed else " (in part unconfirmed)" if product.unconfirmed else ""
    force = f" {NOT_IN_FORCE_CHECKED}" if product.in_force is None else "" if product.in_force else " It is no longer in force."
    year = f" in {product.year}" if product.year else ""
    return f"{product.brand} ({product.proper_name}) was licensed{year} for: {product.indication}{doubt}.{force}"


def _of_medicine(medicine: Medicine, clause: str, facts: Tables) -> Resolution:
    doubt = "" if medicine.confirmed else _UNCONFIRMED
    known = f"{medicine.name} is an ordinary {medicine.kind}, approved for: {medicine.indication}{doubt}. It is no cell product."
    own = _first(medicine.uses, clause, 0)
    other = _other_use(clause, 0)
    outcome = Outcome.TRUE if own or other is None else Outcome.UNVERIFIABLE
    use = own[0] if own else other[0] if other else None
    return replace(with_text(outcome, known, medicine.sources or _general(facts), medicine.name, use), label=None)


def _of_drugs(clause: str, facts: Tables) -> Resolution:
    confirmed = [row for row in facts.medicines.rows if row.confirmed]
    use = _other_use(clause, 0)
    examples = ", ".join(row.name for row in confirmed[:3])
    known = f"It speaks of ordinary medicines, which are no cells; some are approved for nerve pain (for example {examples})."
    sources = confirmed[0].sources if confirmed else _general(facts)
    return replace(with_text(Outcome.TRUE, known, sources, "ordinary medicines", use[0] if use else None), label=None)


def _of_cells(clause: str, end: int, around: Surroundings, facts: Tables) -> Resolution:
    other = _other_use(clause, end) or _other_use(around.text, 0)
    match = _licensed_for(clause, end, facts) or (_licensed_above(clause, around, facts) if other is None else None)
    if match is not None and (other is None or match[2] <= other[1]):
        product, use, _ = match
        return _true_of_kind(product, use, facts)
    narrow = parts.NARROW.search(clause)
    if narrow and other is None and not parts.OWN_VOICE.search(around.text) and not parts.NERVES.search(around.above):
        return with_text(Outcome.UNVERIFIABLE, NARROW, _general(facts), narrow[0])
    return _contradicted(clause, other[0] if other else NERVE_DAMAGE if parts.NERVES.search(around.above) else None, facts)


def _contradicted(clause: str, use: str | None, facts: Tables) -> Resolution:
    table = facts.products
    platelets = parts.PLATELETS.search(clause)
    known = [
        NONE_COVERS.format(count=len(table.rows), date=table.as_of, use=use or SOLD_HERE),
        EXOSOMES if parts.EXOSOMES.search(clause) else KITS if platelets else "",
        NERVE_GRAFT if "nerve" in clause and not platelets else "",
        SAFETY if words.FOR_SAFETY.search(clause) else "",
    ]
    named = parts.CELLS.search(clause)
    return with_text(Outcome.CONTRADICTED, " ".join(filter(None, known)), _general(facts), named[0] if named else None, use)


def _unverifiable(clause: str, around: Surroundings, facts: Tables) -> Resolution:
    base = by_step(Outcome.UNVERIFIABLE, facts)
    other = _other_use(clause, 0)
    message = f"{base.message} {SAFETY}" if words.FOR_SAFETY.search(around.text) else base.message
    return replace(base, use=other[0] if other else None, message=message)


def _licensed_for(clause: str, end: int, facts: Tables) -> tuple[Product, str, int] | None:
    """Return the licensed product of a kind and for a use that the clause names, with the use's distance."""
    found = []
    for product in facts.products.rows:
        use = _first(product.uses, clause, end)
        if use is not None and _first(product.kinds, clause, 0) is not None:
            found.append((product, use[0], use[1]))
    return min(found, key=lambda item: item[2], default=None)


def _licensed_above(clause: str, around: Surroundings, facts: Tables) -> tuple[Product, str, int] | None:
    """Return the same where the use stands in title or headings, and no use there that no product has."""
    if _other_use(around.above, 0) is not None:
        return None
    found = ((row, _first(row.uses, around.above, 0)) for row in facts.products.rows if _first(row.kinds, clause, 0) is not None)
    return next(((row, use[0], 0) for row, use in found if use is not None), None)


def _other_use(text: str, after: int) -> tuple[str, int] | None:
    """Return the nearest use that no licensed cell product has, and its distance: nerve damage first of all."""
    hits = [(NERVE_DAMAGE, _distance(match.start(), after)) for match in parts.NERVES.finditer(text)]
    hits += [(match[0], _distance(match.start(), after)) for match in parts.OTHER_USES.finditer(text)]
    return min(hits, key=lambda hit: hit[1], default=None)


def _first(phrases: Sequence[str], text: str, after: int) -> tuple[str, int] | None:
    """Return the phrase that stands nearest after a place in the text, and its distance."""
    hits = [(match[0], _distance(match.start(), after)) for match in _any_of(tuple(phrases)).finditer(text)]
    return min(hits, key=lambda hit: hit[1], default=None)


def _distance(start: int, after: int) -> int:
    """Return how far a word stands from an approval; what follows belongs to it sooner than what stands before."""
    return start - after if start >= after else 10_000 + after - start


def _named(rows: Sequence[AnyNamed], text: str) -> AnyNamed | None:
    return next((row for row in rows if _any_of(row.names).search(text)), None)


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in ordered) + ")")


def _general(facts: Tables) -> tuple[Source, ...]:
    step = facts.step("approved")
    return step.sources if step else ()
