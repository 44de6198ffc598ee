"""Asks the live registry (ClinicalTrials.gov, API v2) for one study or for all that a query finds."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from checker.errors import CheckFailed
from checker.settings import Settings
from checker.trials.ask import Reply, UnreachableError, ask
from checker.trials.cache import Cache
from checker.trials.record import TrialRecord
from checker.trials.study import FIELDS, record_of

BASE_URL = "https://clinicaltrials.gov/api/v2"
#: The registry publishes no limit; its robots.txt asks for one second between requests (seen 2026-09-06).
PAUSE_SECONDS = 1.0
#: After the last try the registry counts as down for this long, so that a page with many numbers is not held up.
DOWN_SECONDS = 60.0
#: Studies in one page of a query; with texts about 10 kB each, so that a page stays under settings.max_bytes.
PAGE_SIZE = 200
#: 403 was seen as a passing refusal (Oct 2025); 429 and 5xx say "later".
_LATER = frozenset({403, 408, 425, 429, *range(500, 600)})


class Live(NamedTuple):
    """The registry's answer about one number: a record, or None when it has none; the day of the answer; its text."""

    record: TrialRecord | None
    as_of: str
    text: str = ""


class Patience(NamedTuple):
    """How patient a client is; tests make it quick."""

    pause: float = PAUSE_SECONDS
    tries: int = 3
    backoff: float = 2.0


class Client:
    """A polite client: one request a second over all processes, bounded tries, answers kept on disk."""

    def __init__(
        self,
        settings: Settings,
        cache: Cache,
        base_url: str = BASE_URL,
        pace: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._base = base_url.rstrip("/")
        self._pace = pace or Patience()
        self._sleep = sleep
        self._lock = threading.Lock()
        self._down_until = 0.0

    def study(self, key: str) -> Live:
        """Return what the registry says of a well-formed number, from the cache if young enough.

        A record whose id differs from ``key`` was found under an alias. Raises UnreachableError when there is no usable
        answer; ValueError with the registry's own words when it calls the number malformed (400).
        """
        url = f"{self._base}/studies/{key}?{urlencode({'fields': FIELDS})}"
        kept = self._cache.get(url)
        reply, moment = kept or (self._asked(url), datetime.now(UTC))
        live = _live(reply, key, moment.date().isoformat())
        if kept is None:
            self._cache.put(url, reply)
        return live

    def search(self, query: str) -> Iterator[tuple[TrialRecord, ...]]:
        """Yield the pages of all studies that a query finds; raises CheckFailed when they do not come whole."""
        given = {"query.term": query, "fields": FIELDS, "pageSize": str(PAGE_SIZE), "countTotal": "true"}
        seen: set[str] = set()
        total, count, token = None, 0, ""
        while token not in seen:
            seen.add(token)
            page = self._page({**given, "pageToken": token} if token else given)
            total = page.get("totalCount") if total is None else total
            records = _records(page, datetime.now(UTC).date().isoformat())
            count += len(records)
            yield records
            token = page.get("nextPageToken") or ""
            if not token:
                break
        else:
            raise CheckFailed("The registry gave the same page again; nothing was written.")
        if isinstance(total, int) and count < total:
            raise CheckFailed(f"The registry announced {total} trials and gave {count}; nothing was written.")

    def _page(self, parameters: dict[str, str]) -> dict[str, Any]:
        try:
            reply = self._asked(f"{self._base}/studies?{urlencode(parameters)}")
        except UnreachableError as error:
            raise CheckFailed(f"The registry could not be asked: {error}. Nothing was written.") from error
        if reply.status != 200:
            raise CheckFailed(f"The registry refused the query (HTTP {reply.status}): {_shown(reply.text)}")
        try:
            page = json.loads(reply.text)
        except ValueError as error:
            raise CheckFailed("The registry's answer is no JSON; nothing was written.") from error
        if not isinstance(page, dict) or not isinstance(page.get("studies"), list):
            raise CheckFailed("The registry's answer holds no list of studies; nothing was written.")
        return page

    def _asked(self, url: str) -> Reply:
        """Ask until there is an answer that is not "later", at most the paced number of times."""
        with self._lock:
            if time.monotonic() < self._down_until:
                raise UnreachableError("it was down a moment ago")
            problem = ""
            for attempt in range(self._pace.tries):
                self._sleep(self._cache.turn(self._pace.pause) + (self._pace.backoff * 2 ** (attempt - 1) if attempt else 0))
                try:
                    reply = ask(url, self._settings)
                except UnreachableError as error:
                    problem = str(error)
                    continue
                if reply.status not in _LATER:
                    return reply
                problem = f"it answered with HTTP {reply.status}"
            self._down_until = time.monotonic() + DOWN_SECONDS
            raise UnreachableError(problem)


def _live(reply: Reply, key: str, as_of: str) -> Live:
    """Read the answer about one number; a 404 counts only when its text names the number, as the registry's does."""
    if reply.status == 404 and key.removeprefix("NCT") in reply.text:
        return Live(None, as_of, _shown(reply.text))
    if reply.status == 400:
        raise ValueError(_shown(reply.text))
    if reply.status != 200:
        raise UnreachableError(f"it answered with HTTP {reply.status}")
    try:
        return Live(record_of(json.loads(reply.text), as_of), as_of)
    except ValueError as error:
        raise UnreachableError("its answer is no study") from error


def _records(page: dict[str, Any], as_of: str) -> tuple[TrialRecord, ...]:
    try:
        return tuple(record_of(study, as_of) for study in page["studies"])
    except ValueError as error:
        raise CheckFailed("The registry's answer holds something that is no study; nothing was written.") from error


def _shown(text: str) -> str:
    """Return the beginning of the registry's words in one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())[:200]
