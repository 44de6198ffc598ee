"""Makes an offline copy from the registry's export or from the live registry, with our table of facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from checker.errors import CheckFailed
from checker.trials import snapshot
from checker.trials.client import Client
from checker.trials.export import read_export
from checker.trials.facts import Facts, read_facts
from checker.trials.merge import merged
from checker.trials.record import REGISTRY, TrialRecord
from checker.trials.snapshot import Absence

#: When our table of facts was gathered; its rows do not say.
FACTS_AS_OF = "2026-11"
#: What the shipped copy holds, as reports name it.
SCOPE = "mesenchymal-cell trials only"


def build(export: Path, facts: Path, to: Path, facts_as_of: str = FACTS_AS_OF) -> dict[str, str]:
    """Write a copy from a CSV export and a JSON Lines table of facts; return its ``meta``.

    The copy's day is that of the export's newest entry: the download itself is not dated, and no entry can be newer.
    Raises SettingsError for files that cannot be read or written, CheckFailed for a bad row.
    """
    records = read_export(export)
    day = records[0].as_of
    source = f"{REGISTRY}, table export of {len(records)} trials; its newest entry is of {day}"
    return _write(records, read_facts(facts, facts_as_of), facts_as_of, {"as_of": day, "scope": SCOPE, "source": source}, to)


def refresh(client: Client, query: str, to: Path, facts: Path | None = None, facts_as_of: str = FACTS_AS_OF) -> dict[str, str]:
    """Write a copy of all trials that a query finds in the live registry; return its ``meta``.

    Without a table of facts the numbers that no record has are taken over from the copy that is replaced, or from the
    shipped one. Raises CheckFailed when the registry does not give everything; nothing is written then.
    """
    records = tuple({record.id: record for page in client.search(query) for record in page}.values())
    if not records:
        raise CheckFailed(f"The registry finds no trial for {query!r}; nothing was written.")
    day = datetime.now(UTC).date().isoformat()
    meta = {"as_of": day, "scope": f"trials found by “{query}” only", "source": f"{REGISTRY}, API v2, query.term={query}"}
    if facts is None:
        return snapshot.write(to, records, _kept(to), {**meta, "facts_as_of": "", "unconfirmed": "0", "without_number": "0"})
    return _write(records, read_facts(facts, facts_as_of), facts_as_of, meta, to)


def _write(records: Sequence[TrialRecord], facts: Facts, facts_as_of: str, meta: dict[str, str], to: Path) -> dict[str, str]:
    together = merged(records, facts.records)
    absent = {key: Absence(source, facts_as_of) for key, source in facts.absent}
    wrong = sorted(absent.keys() & {record.id for record in together})
    if wrong:
        raise CheckFailed(f"The facts say that no record has {', '.join(wrong)}, and the registry lists it.")
    counts = {"unconfirmed": str(facts.unconfirmed), "without_number": str(facts.without_number)}
    return snapshot.write(to, together, absent, {**meta, **counts, "facts_as_of": facts_as_of})


def _kept(replaced: Path) -> dict[str, Absence]:
    for path in (replaced, snapshot.shipped()):
        try:
            return snapshot.Snapshot(path).absences()
        except snapshot.SnapshotError:
            continue
    return {}
