"""Finds the official actions that may be shown beside a site: by registered domain only, never by a firm's name."""

from __future__ import annotations

from checker import knowledge
from checker.fingerprint import registered_domain
from checker.knowledge.rows import Action, Stage
from checker.values import Note

#: What each stage is, so that a reader does not take a letter for a ruling.
NATURE = {
    Stage.LETTER: "A letter is the agency's view, not a court's finding.",
    Stage.COMPLAINT: "A complaint is one side's view, not a court's finding.",
    Stage.SETTLEMENT: "A settlement without admission is not a court's finding.",
    Stage.JUDGMENT: "This is a court's or agency's order; later steps may have changed it.",
    Stage.REVERSED: "This ruling was reversed and no longer stands.",
    Stage.OTHER: "This is not a court's finding about the firm.",
}
UNCHECKED = "Outcome not checked."
PAPER = "{agency}, {instrument}, {date} ({firms})."
PAPER_UNSURE = "{agency}, {instrument}, {date} (unconfirmed) ({firms})."
NO_FIRM = "no firm named"
CONCERNS = "It concerns {product}; uses named: {conditions}."
ENDED = "How it ended: {outcome}"
SOURCE = "Source: {title},"
NO_SOURCE = "Source: none"
TIED = "Our table ties it to the domain {domain}; a domain can change hands."


def actions_against(url: str | None, rows: tuple[Action, ...] | None = None) -> tuple[Action, ...]:
    """Return the actions whose row holds the address's registered domain, oldest first.

    Only rows that rest on the agency's or court's own paper, are about cells and have a confirmed domain count;
    ``rows`` replaces our table. Nothing is returned for an address without a registered domain.
    """
    domain = registered_domain(url)
    if domain is None:
        return ()
    found = knowledge.tables().enforcement.rows if rows is None else rows
    return tuple(sorted((row for row in found if row.may_be_shown and row.domain == domain), key=lambda row: row.date))


def text_of(action: Action) -> str:
    """Return what a reader is told: instrument, date, what it said, how it ended, and what kind of paper it is."""
    firms = ", ".join(action.firms) or NO_FIRM
    said = action.said or CONCERNS.format(product=action.product, conditions=", ".join(action.conditions))
    paper = PAPER_UNSURE if "date" in action.unconfirmed else PAPER
    parts = [
        paper.format(agency=action.agency, instrument=action.instrument, date=action.date, firms=firms),
        said,
        ENDED.format(outcome=action.outcome) if action.outcome else UNCHECKED,
        NATURE[action.stage],
    ]
    return " ".join(parts)


def notes(url: str | None) -> tuple[Note, ...]:
    """Return a note for each action that may be shown beside the site; notes do not change the verdict."""
    return tuple(
        Note(code="official_action", message=f"{text_of(action)} {TIED.format(domain=action.domain)} {_source(action)}")
        for action in actions_against(url)
    )


def _source(action: Action) -> str:
    return f"{SOURCE.format(title=action.source.title)} {action.source.url}" if action.source else NO_SOURCE
