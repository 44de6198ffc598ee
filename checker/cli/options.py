"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.errors import SettingsError

if TYPE_CHECKING:
    from checker.store.outcome import Scan
    from checker.store.store import Store

WithNames = Annotated[
    bool, typer.Option("--with-names", help="Show people's names, e-mail addresses and telephone numbers as the pages have them.")
]

Baseline = Annotated[
    int | None, typer.Option("--baseline", help="The number of the earlier scan; one that was broken off is taken only so.")
]

Quick = Annotated[
    bool, typer.Option("--quick", help="Milliseconds for a page, not seconds: more often wrong on long ones.")
]

Seller = Annotated[
    bool,
    typer.Option("--seller", help="The pages are a seller's own, such as a clinic's: judge them so even if they do not show it."),
]


def opened(database: Path, *, write: bool = False) -> Store:
    """Return an open scan database; tells of the backup when an older one was migrated."""
    from checker.store.store import Store

    return told(Store.write(database) if write else Store.read(database))


def told(store: Store) -> Store:
    """Return the store after saying where the backup is that was made before a migration."""
    if store.backup is not None:
        typer.echo(f"{store.path} was made by an older version; a copy of it as it was is {store.backup}.", err=True)
    return store


def chosen(store: Store, number: int | None) -> Scan:
    """Return the scan with a number, the latest for None; raises SettingsError when there is none."""
    scans = store.scans()
    found = scans[-1:] if number is None else [scan for scan in scans if scan.id == number]
    if not found:
        which = f" {number} in {store.path}." if number is not None and scans else f" in {store.path} yet."
        raise SettingsError(f"There is no scan{which}")
    return found[0]
