"""Keeps what a person decided of findings: by fingerprint, so that it holds in every scan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from checker.errors import SettingsError
from checker.store.opening import plain_errors
from checker.store.store import Store
from checker.wire import rfc3339

#: The least digits by which a fingerprint can be given.
LEAST_DIGITS = 6


def known(store: Store, given: str) -> Mapping[str, Any]:
    """Return label, statement, page and full fingerprint of the finding that begins with these digits, from its latest scan.

    Raises SettingsError when there is none, or more than one.
    """
    start = given.strip().lower()
    if len(start) < LEAST_DIGITS or set(start) - set("0123456789abcdef"):
        raise SettingsError(f"{given!r} is no fingerprint; give at least {LEAST_DIGITS} of its digits (0-9, a-f).")
    sql = (
        "SELECT finding.fingerprint, finding.label, statement.text AS statement, page.address AS page, max(finding.id) "
        "FROM finding JOIN statement ON statement.id = finding.statement_id JOIN page ON page.id = statement.page_id "
        "WHERE finding.fingerprint >= ? AND finding.fingerprint < ? GROUP BY finding.fingerprint"
    )
    with plain_errors(store.path):
        found = list(store.db.query(sql, [start, start + "g"]))
    if len(found) != 1:
        what = (
            f"{len(found)} findings begin with {given}; give more digits" if found else f"No finding has the fingerprint {given}"
        )
        raise SettingsError(f"{what}. 'clinic-checker review DATABASE' lists them.")
    return found[0]


def decide(store: Store, fingerprint: str, decision: str | None, note: str | None) -> Mapping[str, Any]:
    """Add a decision (confirmed, rejected or None for a note alone) to a finding; return the finding."""
    finding = known(store, fingerprint)
    row = {name: finding[name] for name in ("fingerprint", "label", "statement", "page")}
    values = (*row.values(), decision, note, rfc3339(datetime.now(UTC)))
    with plain_errors(store.path), store.db.atomic():
        columns = f"{', '.join(row)}, decision, note, decided_at"
        store.db.execute(f"INSERT INTO review ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    return finding
