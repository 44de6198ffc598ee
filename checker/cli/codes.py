"""Exit codes, as in the report format."""

from __future__ import annotations

from collections.abc import Iterable

from checker.values import FLAGGED, VerdictLevel

CLEAN = 0
FLAGGED_CODE = 1
USAGE = 2
UNREAD = 3
FAILED_CHECK = 4
INTERNAL = 70
INTERRUPTED = 130
#: Whoever read our output has gone: 128 and the number of SIGPIPE, as shells report it.
CLOSED_PIPE = 141


def of_verdicts(levels: Iterable[VerdictLevel]) -> int:
    """Return the exit code of a check: unread wins over flagged, flagged over none."""
    seen = set(levels)
    if VerdictLevel.COULD_NOT_READ in seen:
        return UNREAD
    return FLAGGED_CODE if seen & FLAGGED else CLEAN
