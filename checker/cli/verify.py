"""The command `verify`: does an evidence file still say what it said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import codes

if TYPE_CHECKING:
    from checker.evidence.verify import Verification

#: A wholly foreign report would fill screens.
MAX_LINES = 20


def verify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.wacz", help="Evidence that 'check --evidence' saved.")],
    roots: Annotated[
        Path | None, typer.Option("--roots", help="Certificates (PEM) of the time stamp authority that you rely on.")
    ] = None,
) -> int:
    """Check evidence offline: every hash, every record, and the whole report made again from the archive alone.

    Exit codes: 0 nothing differs; 4 something differs, and each difference is named; 2 there is no such file.
    """
    from checker.evidence import timestamp
    from checker.evidence.verify import verify as verify_file

    authorities = timestamp.read_roots(roots) if roots else []
    differ = 0
    for path in files:
        outcome = verify_file(path, authorities)
        differ += bool(outcome.differences)
        typer.echo("\n".join(_lines(path, outcome)))
    return codes.FAILED_CHECK if differ else codes.CLEAN


def _lines(path: Path, outcome: Verification) -> list[str]:
    """Return what a reader sees of one file."""
    found = outcome.differences
    said = "nothing differs" if not found else f"{len(found)} difference{'s' if len(found) > 1 else ''}"
    lines = [f"{path}: {said}", f"  SHA-256 of the file: {outcome.sha256}", *(f"  {note}" for note in outcome.notes)]
    lines += [f"  {difference}" for difference in found[:MAX_LINES]]
    return [*lines, f"  and {len(found) - MAX_LINES} more"] if len(found) > MAX_LINES else lines
