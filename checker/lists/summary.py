"""Turns a scan into figures for a story: shares of sites with intervals, beside published ones, and sentences on many sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker import knowledge
from checker.knowledge.rows import Rate
from checker.lists import reviewed
from checker.lists.kits import Kit, Said, kits
from checker.lists.masking import mask
from checker.lists.reviewed import OFFERING
from checker.store.outcome import Scan
from checker.store.rows import FindingRow, PageRow, SiteRow
from checker.store.store import Store
from checker.values import CLAIMS, STRONGEST_FIRST, Label, counts_for_alarm

#: Under these names lists keep a state, the likeliest first.
_STATE = ("state", "us state", "state code", "province", "region")
#: Copied sentences that are shown.
FIRST_KITS = 20
_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Share:
    """``count`` of ``of`` sites with the 95 % interval by Wilson's method; the bounds are null when there are no sites.

    Of the findings behind it a person confirmed, rejected or did not look at so many; rejected ones are not in ``count``.
    """

    name: str
    count: int
    of: int
    low: float | None
    high: float | None
    confirmed: int = 0
    rejected: int = 0
    unreviewed: int = 0


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A published share and ours beside it; ``here`` is null where no rule of ours looks for the same."""

    rate: Rate
    published: Share
    here: Share | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The figures of one scan. Sites are counted, never ranked or named by what was found on them.

    ``listed`` are the entries of the list; ``same`` those that led to the same pages, which are one site each.
    """

    scan: Scan
    listed: int
    same: tuple[tuple[str, ...], ...]
    sites: int
    read: int
    unread: int
    waiting: int
    pages_read: int
    pages_unread: int
    reasons: Mapping[str, int]
    offering: int
    verdicts: tuple[Share, ...]
    labels: tuple[Share, ...]
    conditions: tuple[Share, ...]
    products: tuple[Share, ...]
    states: tuple[Share, ...]
    base_rates: tuple[Beside, ...]
    kits: tuple[Kit, ...]
    kit_count: int


def summarise(store: Store, scan: Scan, *, with_names: bool = False) -> Summary:
    """Return the figures of a scan; statements in them are masked unless names were asked for."""
    counts = _Counts()
    said: list[Said] = []
    for site, pages, by_page in reviewed.sites(store, scan):
        found = [finding for page in pages for finding in by_page.get(page.id, ())]
        counts.add(site, pages, found)
        light = {page.id: replace(page, words="") for page in pages}
        said += [(site, light[finding.page_id], finding) for finding in found if finding.decision != "rejected"]
    copied = kits(said)
    progress = store.progress(scan)
    return Summary(
        scan=scan,
        listed=progress["waiting"] + progress["read"] + progress["unread"],
        same=tuple(counts.same),
        sites=counts.outcomes.total() + progress["waiting"],
        read=counts.outcomes["read"],
        unread=counts.outcomes["unread"],
        waiting=progress["waiting"],
        pages_read=counts.pages[True],
        pages_unread=counts.pages[False],
        reasons=dict(counts.reasons.most_common()),
        offering=counts.offering,
        verdicts=tuple(share(level.value, counts.verdicts[level], counts.verdicts.total()) for level in STRONGEST_FIRST),
        labels=counts.shares(counts.labels, [label.value for label in Label]),
        conditions=counts.shares(counts.conditions, sorted(counts.conditions)),
        products=counts.shares(counts.products, sorted(counts.products)),
        states=tuple(share(name, found["count"], found["of"]) for name, found in sorted(counts.states.items())),
        base_rates=tuple(_beside(rate, counts) for rate in knowledge.tables().base_rates.rows),
        kits=tuple(kit if with_names else _masked(kit) for kit in copied[:FIRST_KITS]),
        kit_count=len(copied),
    )


def share(name: str, count: int, of: int) -> Share:
    """Return a share with its 95 % interval (Wilson)."""
    if not of:
        return Share(name=name, count=count, of=of, low=None, high=None)
    from scipy.stats import binomtest

    interval = binomtest(count, of).proportion_ci(_CONFIDENCE, method="wilson")
    return Share(name=name, count=count, of=of, low=float(interval.low), high=float(interval.high))


@dataclass(kw_only=True)
class _Tally:
    """Sites and a person's decisions on findings, counted under one name."""

    sites: int = 0
    decisions: Counter[str | None] = field(default_factory=Counter)


class _Counts:
    """What is counted while the sites of a scan pass by."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.same: list[tuple[str, ...]] = []
        self.verdicts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.pages: Counter[bool] = Counter()
        self.offering = 0
        self.labels: dict[str, _Tally] = {}
        self.conditions: dict[str, _Tally] = {}
        self.products: dict[str, _Tally] = {}
        self.rules: dict[str, _Tally] = {}
        self.states: dict[str, Counter[str]] = {}

    def add(self, site: SiteRow, pages: Sequence[PageRow], found: Sequence[FindingRow]) -> None:
        """Count one site."""
        self.outcomes[site.state] += 1
        if site.others:
            self.same.append(tuple(entry.name for entry in site.entries))
        self.pages.update(page.is_read for page in pages)
        if site.verdict is None:
            self.reasons[_reason(site, pages)] += 1
            return
        self.verdicts[site.verdict] += 1
        if site.verdict not in OFFERING:
            return
        self.offering += 1
        claims = [finding for finding in found if finding.label in CLAIMS]
        _count(self.labels, found, lambda finding: (finding.label,))
        _count(self.conditions, claims, lambda finding: finding.conditions)
        _count(self.products, claims, lambda finding: finding.products)
        _count(self.rules, found, lambda finding: (finding.rule, *finding.also))
        if state := _state(site):
            counted = self.states.setdefault(state, Counter())
            counted["of"] += 1
            counted["count"] += any(finding.decision != "rejected" and counts_for_alarm(finding) for finding in found)

    def shares(self, tallies: Mapping[str, _Tally], names: Iterable[str]) -> tuple[Share, ...]:
        """Return the shares of the sites that offer a treatment, in the order of the names."""
        return tuple(self._share(name, tallies.get(name, _Tally())) for name in names)

    def _share(self, name: str, tally: _Tally) -> Share:
        decided = tally.decisions
        return replace(
            share(name, tally.sites, self.offering),
            confirmed=decided["confirmed"],
            rejected=decided["rejected"],
            unreviewed=decided[None],
        )


def _count(tallies: dict[str, _Tally], found: Iterable[FindingRow], names: Callable[[FindingRow], Iterable[str]]) -> None:
    """Count a site once under every name that its findings have, rejected ones aside, and every decision."""
    here: set[str] = set()
    for finding in found:
        for name in set(names(finding)):
            tallies.setdefault(name, _Tally()).decisions[finding.decision] += 1
            if finding.decision != "rejected":
                here.add(name)
    for name in here:
        tallies[name].sites += 1


def _reason(site: SiteRow, pages: Iterable[PageRow]) -> str:
    """Return the code of why a site could not be read: the site's own, else its first page's."""
    codes = [failure["code"] for failure in site.failures] + [page.error_code or "" for page in pages]
    return next(filter(None, codes), "no page found")


def _state(site: SiteRow) -> str | None:
    """Return the state that the list gives a site, None without one."""
    by_name = {name.strip().lower(): value.strip() for name, value in site.extra.items()}
    return next((by_name[name] for name in _STATE if by_name.get(name)), None)


def _beside(rate: Rate, counts: _Counts) -> Beside:
    here = counts.shares(counts.rules, rate.rules)
    return Beside(rate=rate, published=share(rate.measure, rate.count, rate.of), here=here[0] if here else None)


def _masked(kit: Kit) -> Kit:
    return replace(kit, statement=mask(kit.statement, story=kit.story))
