"""Where archives are judged: processes of this machine, or the workers of a Dask cluster; one face for both."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from importlib.metadata import version
from typing import Any, Protocol, TypeVar

from checker.errors import CheckFailed, SettingsError
from checker.scan.pool import process_pool

T = TypeVar("T")

PACKAGE = "clinic-claim-checker"
GONE = "The cluster went away. What was finished is kept; the same command goes on with the rest."
#: Seconds for reaching the scheduler, and then for the first worker.
CONNECT_SECONDS = 10.0
FIRST_WORKER_SECONDS = 60.0


class Workers(Protocol):
    """Runs functions elsewhere. ``lost`` are the errors by which the end of a process shows.

    ``alone``: any of the functions that were running may have ended it, so each runs again by itself.
    """

    lost: tuple[type[BaseException], ...]
    alone: bool

    def width(self) -> int:
        """Return how many functions can run at a time now."""

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Run a function; its result may be an error of ``lost``."""

    def renew(self) -> None:
        """Go on after a process ended."""

    def close(self) -> None:
        """End what was started; what runs may end first."""


class Processes:
    """Fresh processes of this machine; when one ends, all that were running are lost."""

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)
    alone = True

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: Executor = process_pool(count)

    def width(self) -> int:
        """Return the number of processes."""
        return self._count

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Run a function in the next free process."""
        return self._pool.submit(function, *arguments)

    def renew(self) -> None:
        """Start new processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = process_pool(self._count)

    def close(self) -> None:
        """Drop what waits, wait for what runs."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """The workers of a Dask cluster, also of one that grows and shrinks; a worker that ends takes its own work alone."""

    alone = False

    def __init__(self, address: str) -> None:
        """Connect to a scheduler; raises SettingsError when there is none, or none of our version on its workers."""
        from distributed import Client, KilledWorker

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it comes as an error
        self.lost: tuple[type[BaseException], ...] = (KilledWorker,)
        self._address = address
        connect: Any = Client  # the package is typed in part
        try:
            self._client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise SettingsError(f"There is no Dask scheduler at {address}. Nothing was done.") from error
        try:
            self._check_workers()
        except SettingsError:
            self.close()
            raise
        self._executor = self._client.get_executor(pure=False)

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
            found = set(self._client.run(_version).values())
        except TimeoutError as error:
            raise SettingsError(f"The scheduler at {self._address} has no workers. Nothing was done.") from error
        except ImportError as error:
            raise SettingsError(f"The workers of {self._address} lack a package: {error}. Nothing was done.") from error
        if others := sorted(found - {_version()}):
            raise SettingsError(f"Workers of {self._address} have version {', '.join(others)} of {PACKAGE}, not {_version()}.")

    def width(self) -> int:
        """Return the number of the workers' threads; raises CheckFailed when the cluster is gone."""
        try:
            return sum(self._client.nthreads().values())
        except (OSError, CancelledError, RuntimeError) as error:
            raise CheckFailed(GONE) from error

    def submit(self, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Run a function on a worker; raises CheckFailed when the cluster is gone."""
        try:
            future: Future[T] = self._executor.submit(function, *arguments)
        except (OSError, CancelledError, RuntimeError) as error:
            raise CheckFailed(GONE) from error
        return future

    def renew(self) -> None:
        """Do nothing: a cluster replaces its workers itself."""

    def close(self) -> None:
        """Let go of the cluster, which goes on without us."""
        self._client.close(timeout=CONNECT_SECONDS)


def _version() -> str:
    """Return the version that is installed here; it runs on the workers too."""
    return version(PACKAGE)
