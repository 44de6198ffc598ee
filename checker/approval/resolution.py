"""What a statement about approval comes to, with the sentence and the sources that a reader gets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checker.knowledge.load import Tables
from checker.values import Label, Source


class Outcome(StrEnum):
    """The answers, the gravest first: of several in one statement the first stands."""

    CONTRADICTED = "contradicted"
    STALE = "stale"
    EXEMPT_CLAIM = "exempt_claim"
    FOREIGN = "foreign"
    DEVICE_LEVEL = "device_level"
    SUPPLIER_LEVEL = "supplier_level"
    DESIGNATION = "designation"
    TRIAL_LEVEL = "trial_level"
    OFF_LABEL = "off_label"
    UNVERIFIABLE = "unverifiable"
    TRUE = "true"
    DENIED = "denied"


#: The label under which the taxonomy puts each outcome; None: no finding at all.
LABELS: dict[Outcome, Label | None] = {
    Outcome.CONTRADICTED: Label.FDA_APPROVED,
    Outcome.UNVERIFIABLE: Label.FDA_APPROVED,
    Outcome.FOREIGN: Label.FDA_APPROVED,
    Outcome.STALE: Label.FDA_HALO,
    Outcome.EXEMPT_CLAIM: Label.FDA_HALO,
    Outcome.DEVICE_LEVEL: Label.FDA_HALO,
    Outcome.SUPPLIER_LEVEL: Label.FDA_HALO,
    Outcome.DESIGNATION: Label.FDA_HALO,
    Outcome.OFF_LABEL: Label.FDA_HALO,
    Outcome.TRIAL_LEVEL: Label.SCIENCE_HALO,
    Outcome.DENIED: Label.DISCLAIMER,
    Outcome.TRUE: None,
}
#: The step of the ladder that explains an outcome, where the wording names no other.
STEPS = {
    Outcome.CONTRADICTED: "approved",
    Outcome.UNVERIFIABLE: "approved",
    Outcome.TRUE: "approved",
    Outcome.DENIED: "approved",
    Outcome.STALE: "stale-win",
    Outcome.EXEMPT_CLAIM: "exempt",
    Outcome.FOREIGN: "foreign",
    Outcome.DEVICE_LEVEL: "cleared",
    Outcome.SUPPLIER_LEVEL: "inspected",
    Outcome.DESIGNATION: "rmat",
    Outcome.TRIAL_LEVEL: "ind",
    Outcome.OFF_LABEL: "off-label",
}
#: What the statement does, in a sentence; what is known follows from the ladder or the tables.
DOES = {
    Outcome.CONTRADICTED: "Says that a regulator approved the treatment.",
    Outcome.STALE: "Leans on a court ruling of 2022 that no longer stands.",
    Outcome.EXEMPT_CLAIM: "Says that the product needs no approval.",
    Outcome.FOREIGN: "Leans on another country's regulator.",
    Outcome.DEVICE_LEVEL: "Speaks of a device or kit, not of the treatment.",
    Outcome.SUPPLIER_LEVEL: "Speaks of a place, a supplier or a registration, not of an approval of the treatment.",
    Outcome.DESIGNATION: "Speaks of a designation, which is no approval.",
    Outcome.TRIAL_LEVEL: "Speaks of a study or an access route, which is no approval.",
    Outcome.OFF_LABEL: "Calls the use off-label.",
    Outcome.UNVERIFIABLE: "Speaks of approval without saying what was approved, by whom or for what.",
    Outcome.TRUE: "Names an approved product and its own use.",
    Outcome.DENIED: "Says that it is not approved, or that a step is no approval.",
}
NOT_IN_FORCE_CHECKED = "Whether the licence is still in force was not checked."
NOT_CHECKED = "Our table of products could not be used, so this was not checked."


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What a statement about approval comes to: product and use where they are named, why, and where that stands.

    ``label`` is the taxonomy's label for such a statement, None when it is no finding: a true statement, or one
    about an ordinary medicine.
    """

    outcome: Outcome
    product: str | None
    use: str | None
    message: str
    sources: tuple[Source, ...]
    label: Label | None


def by_step(outcome: Outcome, facts: Tables, step: str | None = None) -> Resolution:
    """Return the resolution that a step of the ladder explains."""
    row = facts.step(step or STEPS[outcome])
    known = row.does_not_prove if row else NOT_CHECKED
    return with_text(outcome, known, row.sources if row else ())


def with_text(
    outcome: Outcome, known: str, sources: tuple[Source, ...], product: str | None = None, use: str | None = None
) -> Resolution:
    """Return a resolution that says ``known`` after what the statement does."""
    return Resolution(
        outcome=outcome, product=product, use=use, message=f"{DOES[outcome]} {known}", sources=sources, label=LABELS[outcome]
    )
