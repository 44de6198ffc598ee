"""Gives a stream into a file that is whole when it appears under its name, or into a pipe or device as it is."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import IO

from checker.errors import CheckerError, CheckFailed, SettingsError

#: What the system answers when a disk, a quota or a limit of size is full.
FULL = frozenset({ENOSPC, EDQUOT, EFBIG})


@contextmanager
def target(to: Path) -> Iterator[IO[bytes]]:
    """Give a stream; a link is followed, and what is no regular file is written into and never replaced.

    Raises SettingsError for a file that cannot be opened, CheckFailed for one that cannot be written to its end; what stood
    there before is kept then.
    """
    if _is_regular(to):
        with _whole(to) as stream:
            yield stream
        return
    try:
        with to.open("wb") as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritten(to, error) from error


def _is_regular(to: Path) -> bool:
    """Say whether a file can take another's place: a regular one, or none yet."""
    try:
        return stat.S_ISREG(to.stat().st_mode)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise _unwritten(to, error) from error


@contextmanager
def _whole(to: Path) -> Iterator[IO[bytes]]:
    real = Path(os.path.realpath(to))
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=real.parent, prefix=f".{real.name}.", delete=False) as stream:
            part = Path(stream.name)
            yield stream
        part.chmod(0o666 & ~_umask())
        part.replace(real)
    except OSError as error:
        raise _unwritten(to, error) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _unwritten(to: Path, error: OSError) -> CheckerError:
    """Return what to raise: wrong use for a place that takes nothing, a failed check for a disk that is full."""
    kind = CheckFailed if error.errno in FULL else SettingsError
    return kind(f"The file {to} cannot be written: {error.strerror or error}.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
