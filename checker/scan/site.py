"""Turns one site into its outcome: pages visited one by one, judged elsewhere, then in the light of who publishes the site."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from checker import wire
from checker.crawl.judge import by_site, sells
from checker.errors import ADVICE, CheckerError, ReadError
from checker.scan.visits import Visits, unread
from checker.store.outcome import Copy, JudgedPage, SiteOutcome
from checker.store.saving import is_read
from checker.values import Failure, Page, Publisher, Report

T = TypeVar("T")

#: Bytes of a page that is kept until its site's end, to be judged again if the site turns out to be a seller's.
MAX_KEPT = 1_000_000


class Judge(Protocol):
    """Judges a page; ``seller`` says that the site's other pages show a seller."""

    def __call__(self, page: Page, seller: bool = False, /) -> JudgedPage:
        """Return the page's report; raises ReadError, and whatever a defect of ours raises."""


@dataclass(frozen=True, kw_only=True)
class Looking:
    """How a site is looked at; ``stop`` ends it after the page that is in flight.

    ``render`` returns a page as a browser shows it, for pages whose text scripts make, or with ``render_all`` for every page.
    """

    visits: Visits
    judge: Judge
    render: Callable[[Page], Page] | None = None
    render_all: bool = False
    stop: threading.Event = field(default_factory=threading.Event)


def look_at(name: str, looking: Looking) -> SiteOutcome | None:
    """Return what a site came to, None when it was cut short. A crash of ours is a failure in the outcome."""
    started = datetime.now(UTC)
    site = _Site(looking)
    failure = attempt("visit", lambda: site.visit(name))
    if looking.stop.is_set() and not site.whole:
        return None
    return SiteOutcome(
        started_at=started,
        finished_at=datetime.now(UTC),
        pages=tuple(site.judged),
        copies=tuple(site.copies),
        failures=(failure,) if failure else (),
    )


def attempt(stage: str, work: Callable[[], T]) -> T | Failure:
    """Return what the work returns, or why it failed: a crash of ours too is a recorded failure, and the scan goes on."""
    try:
        return work()
    except ReadError as error:
        return error.failure()
    except CheckerError:  # settings or a model that cannot be used: every site would fail in the same way
        raise
    except Exception as error:  # noqa: BLE001  # one site's crash must not end a night's scan
        message = f"Our own error {secrets.token_hex(4)}: {type(error).__name__}: {error}"
        return Failure(stage=stage, code="internal", message=message[:500], advice=ADVICE["internal"])


class _Site:
    """The pages of one site in the order of the visits, and what may have to be judged again."""

    def __init__(self, looking: Looking) -> None:
        self.judged: list[JudgedPage] = []
        self.copies: list[Copy] = []
        self.whole = False
        self._looking = looking
        self._kept: dict[int, Page] = {}
        self._ready: tuple[Page, JudgedPage] | None = None

    def visit(self, name: str) -> None:
        """Visit and judge page after page, so that a thread never holds more than one page that is being read."""
        prepare = self._prepare if self._looking.render else None
        for visit in self._looking.visits(name, prepare):
            self._take(visit)
            if self._looking.stop.is_set():
                return
        self._settle()
        self.whole = True

    def _take(self, visit: Page | Report | Copy) -> None:
        if isinstance(visit, Copy):
            self.copies.append(visit)
            return
        if isinstance(visit, Report):
            self.judged.append(JudgedPage(report=wire.to_dict(visit)))
            return
        ready, self._ready = self._ready, None
        judged = ready[1] if ready and ready[0] is visit else self._judge(visit)
        if judged.report["publisher"] == Publisher.THIRD_PARTY and len(visit.body) <= MAX_KEPT:
            self._kept[len(self.judged)] = visit
        self.judged.append(judged)

    def _judge(self, page: Page, *, seller: bool = False) -> JudgedPage:
        """Return a page's report; a page that cannot be judged is a page that could not be read."""
        found = attempt("judge", lambda: self._looking.judge(page, seller))
        if isinstance(found, JudgedPage):
            return found
        return JudgedPage(
            report=wire.to_dict(unread(page.source, found, page.final_url)), sha256=page.sha256, size=len(page.body)
        )

    def _prepare(self, page: Page) -> Page:
        """Return the page to go on with, before its links are read: the browser's where only that has text."""
        looking, render = self._looking, self._looking.render
        plain = self._judge(page)
        self._ready = (page, plain)
        wanted = looking.render_all or _code(plain.report) == "script_only"
        if render is None or not wanted or looking.stop.is_set():
            return page
        rendered = attempt("render", lambda: render(page))
        if isinstance(rendered, Page) and is_read((judged := self._judge(rendered)).report):
            self._ready = (rendered, judged)
        return self._ready[0]

    def _settle(self) -> None:
        """Judge pages that do not show a seller by themselves again where the site's other pages do."""
        providers = [page.report["publisher"] == Publisher.PROVIDER for page in self.judged if is_read(page.report)]
        start = bool(self.judged) and self.judged[0].report["publisher"] == Publisher.PROVIDER
        if not sells(providers, start=start):
            return
        note = by_site(providers)
        for position, page in self._kept.items():
            again = self._judge(page, seller=True)
            if again.report["publisher"] == Publisher.PROVIDER:
                notes = [{"code": note.code, "message": note.message}, *again.report["notes"]]
                self.judged[position] = replace(again, report={**again.report, "notes": notes})


def _code(report: Mapping[str, Any]) -> str | None:
    """Return the code of why a page could not be read, None for one that was."""
    return report["error"]["code"] if "error" in report else None
