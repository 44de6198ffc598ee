"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from checker.errors import SettingsError

if TYPE_CHECKING:
    from checker.store.outcome import Scan
    from checker.store.store import Store

WithNames = Annotated[
    bool, typer.Option("--with-names", help="Show people's names, e-mail addresses and telephone numbers as the pages have them.")
]


def chosen(store: Store, number: int | None) -> Scan:
    """Return the scan with a number, the latest for None; raises SettingsError when there is none."""
    scans = store.scans()
    found = scans[-1:] if number is None else [scan for scan in scans if scan.id == number]
    if not found:
        raise SettingsError(f"There is no scan {number} in {store.path}." if number else f"There is no scan in {store.path} yet.")
    return found[0]
