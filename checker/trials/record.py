"""What is known of one registered trial, and the registry's own words for a trial's status."""

from __future__ import annotations

from dataclasses import dataclass

REGISTRY = "ClinicalTrials.gov"
#: Where a reader can see a record.
PAGE = "https://clinicaltrials.gov/study/"

#: `overallStatus` of the registry's API v2 (its /studies/enums), expanded access included.
STATUSES = frozenset(
    """ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED
    WITHDRAWN UNKNOWN AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD""".split()
)
#: A person can take part now or soon. ACTIVE_NOT_RECRUITING goes on but takes nobody new; UNKNOWN means that nobody
#: confirmed an open status for two years.
OPEN = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialRecord:
    """A trial as a registry lists it; None means that our copy does not say.

    ``status`` is one of STATUSES; ``sites`` are names of facilities; ``fee`` says whether the record's own text
    speaks of patients paying, ``regulated`` whether it calls the product FDA-regulated; ``as_of`` is the day,
    month or year to which ``status`` belongs, ``source`` where it stands; ``aliases`` are other numbers of the trial.
    """

    id: str
    title: str
    source: str
    as_of: str
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    status: str | None = None
    phase: str | None = None
    study_type: str | None = None
    sponsor: str | None = None
    collaborators: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    start: str | None = None
    completion: str | None = None
    results: bool | None = None
    fee: bool | None = None
    regulated: bool | None = None
    aliases: tuple[str, ...] = ()

    @property
    def is_in_our_words(self) -> bool:
        """Say whether title, conditions and treatments are ours: so it is in our table of facts, which names no study type."""
        return self.study_type is None


def number(trial_id: str) -> int:
    """Return the digits of a well-formed NCT number as a number."""
    return int(trial_id[3:])


def trial_id(digits: int) -> str:
    """Return the NCT number of these digits."""
    return f"NCT{digits:08d}"
