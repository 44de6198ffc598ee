"""Writes what became of findings between two scans, for a terminal or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from checker.lists import people
from checker.lists.masking import notice
from checker.lists.people import Show
from checker.lists.plain import indented, plain_console
from checker.reports import words
from checker.reports.visible import takes_all, visible
from checker.store.compare import Change, ChangeKind, LostPage, PlacedStatement
from checker.store.outcome import Scan
from checker.store.rows import SiteRow

_NAMES = {
    ChangeKind.NEW: "new",
    ChangeKind.REWORDED: "reworded",
    ChangeKind.MOVED: "moved to another page",
    ChangeKind.REMOVED: "removed",
    ChangeKind.RELABELLED: "judged otherwise, same words",
    ChangeKind.UNCHANGED: "unchanged",
    ChangeKind.PAGE_GONE: "gone with their page",
    ChangeKind.NOT_READ: "not read this time",
    ChangeKind.NOT_LISTED: "of sites that are not on this list",
}
_STYLES = {
    ChangeKind.NEW: "red",
    ChangeKind.REWORDED: "yellow",
    ChangeKind.MOVED: "yellow",
    ChangeKind.REMOVED: "green",
    ChangeKind.PAGE_GONE: "green",
}
VERSIONS = (
    "The two scans were judged with different versions ({parts}). What is called new or removed may come from that; "
    "what stands on a page as before is called 'judged otherwise'."
)
SELLERS = (
    "In scan {number} alone it was said that all pages are sellers' own (--seller). What is called new or removed may come from "
    "that; what stands on a page as before is called 'judged otherwise'."
)
BROKEN_OFF = "Scan {number} was broken off: of sites that waited in it nothing is known, so what they say now is called new."
#: Sites and pages that are named of those that were not read, if not all are asked for.
FIRST_LOST = 10


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two scans and what became of every statement.

    ``unread`` are sites that were read before and not this time, ``lost`` pages of other sites of which the same holds, and all
    pages that are gone, ``absent`` sites that were read before and are not on the later list. ``passed_over`` are later scans
    than ``before`` that were broken off and so are no baseline.
    """

    before: Scan
    after: Scan
    changes: Sequence[Change]
    unread: Sequence[SiteRow]
    lost: Sequence[LostPage]
    absent: Sequence[SiteRow]
    passed_over: Sequence[Scan]

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """How many statements are of each kind."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in ChangeKind}

    @property
    def other_versions(self) -> tuple[str, ...]:
        """The parts whose versions differ, facts apart: they decide no label."""
        one, two = self.before.versions, self.after.versions
        parts = sorted(part for part in one.keys() | two.keys() if not part.startswith("facts/"))
        return tuple(part for part in parts if one and two and one.get(part) != two.get(part))


def write(comparison: Comparison, stream: TextIO, show: Show, *, unchanged: bool) -> None:
    """Write for a person: counts, what was not read, then each site with its changes; ``unchanged`` shows all that was read."""
    console = plain_console(stream)
    console.print(_headline(comparison))
    for line in _warnings(comparison, None if unchanged else FIRST_LOST):
        console.print(line, style="bold")
    left_out = {ChangeKind.NOT_READ, ChangeKind.NOT_LISTED} | (set() if unchanged else {ChangeKind.UNCHANGED})
    wanted = [change for change in comparison.changes if change.kind not in left_out]
    for _, changes in groupby(wanted, key=lambda change: change.site.id):
        group = sorted(changes, key=lambda change: list(ChangeKind).index(change.kind))
        console.print(f"\n{visible(group[0].site.name)}", style="bold")
        for change in group:
            _write_change(change, console, show)
    if wanted:
        console.print(f"\n{notice(with_names=show is people.as_it_is)}", style="dim")


def write_json(comparison: Comparison, stream: TextIO, show: Show) -> None:
    """Write everything as one JSON object."""
    data = {
        "before": _scan(comparison.before),
        "after": _scan(comparison.after),
        "passed_over": [scan.id for scan in comparison.passed_over],
        "other_versions": list(comparison.other_versions),
        "counts": comparison.counts,
        "unread_sites": [site.name for site in comparison.unread],
        "unread_pages": [
            {"site": lost.site.name, "page": lost.address, "code": lost.code, "gone": lost.is_gone, "led_to": lost.led_to}
            for lost in comparison.lost
        ],
        "not_listed_sites": [site.name for site in comparison.absent],
        "changes": [_change(change, show) for change in comparison.changes],
    }
    stream.write(json.dumps(data, ensure_ascii=not takes_all(stream), indent=2) + "\n")


def _headline(comparison: Comparison) -> str:
    counts = ", ".join(f"{count:,} {_NAMES[kind]}" for kind, count in comparison.counts.items())
    before, after = comparison.before, comparison.after
    return f"Scan {after.id} of {after.started_at[:10]} beside scan {before.id} of {before.started_at[:10]}: {counts}."


def _warnings(comparison: Comparison, first: int | None) -> Iterator[str]:
    """Yield what a reader must know of the counts; of what was not read the ``first`` names, or all."""
    for scan in comparison.passed_over:
        yield f"Scan {scan.id} was broken off and is passed over; --baseline {scan.id} compares with it."
    if comparison.before.finished_at is None:
        yield BROKEN_OFF.format(number=comparison.before.id)
    gone = [page for page in comparison.lost if page.is_gone]
    whole = {page.site.id for page in gone} - {
        change.site.id for change in comparison.changes if change.kind is ChangeKind.NOT_READ
    }
    if unread := [site for site in comparison.unread if site.id not in whole]:
        yield f"Could not be read this time, which is not removed: {_named(unread, first)}."
    if comparison.absent:
        yield f"Not on this list, which is not removed: {_named(comparison.absent, first)}."
    if gone:
        yield "Pages that are gone, for the site says that it has no such page:"
        yield from _each([visible(page.address) for page in gone], first)
    if missed := [page for page in comparison.lost if not page.is_gone]:
        yield "Pages that were not read this time, which is not removed:"
        yield from _each([f"{visible(page.address)}: {_why_lost(page)}" for page in missed], first)
    if comparison.other_versions:
        yield VERSIONS.format(parts=", ".join(comparison.other_versions))
    if comparison.before.sellers != comparison.after.sellers:
        yield SELLERS.format(number=(comparison.before if comparison.before.sellers else comparison.after).id)
    if comparison.after.finished_at is None:
        yield f"Scan {comparison.after.id} is not finished; sites that wait are not compared yet."


def _each(said: Sequence[str], first: int | None) -> Iterator[str]:
    yield from (f"  {each}" for each in said[:first])
    if more := len(said[first:]) if first else 0:
        yield f"  and {more:,} more (--all names them)"


def _named(sites: Sequence[SiteRow], first: int | None) -> str:
    more = len(sites) - first if first and len(sites) > first else 0
    return ", ".join(visible(site.name) for site in sites[:first]) + (f" and {more:,} more (--all names them)" if more else "")


def _why_lost(page: LostPage) -> str:
    if page.code:
        return words.UNREAD_WHY.get(page.code, words.UNREAD_OTHER)
    return f"the site's address leads to {visible(page.led_to)} now" if page.led_to else "no page was read at its address"


def _write_change(change: Change, console: Console, show: Show) -> None:
    reason = f" ({change.reason})" if change.reason else ""
    labels = dict.fromkeys(_labels(placed) for placed in (change.before, change.after) if placed)
    rejected = all(finding.decision == "rejected" for finding in change.shown.findings)
    said = f"  {_NAMES[change.kind]}{reason}: {' → '.join(labels)}{', rejected by a reviewer' if rejected else ''}"
    console.print(said, style=_STYLES.get(change.kind, ""))
    if change.kind is ChangeKind.REWORDED and change.before and change.after:
        console.print(_side_by_side(_statement(change.before, show), _statement(change.after, show)))
    else:
        console.print(indented(f"“{visible(_statement(change.shown, show))}”", 4))
    places = dict.fromkeys(placed.page.address for placed in (change.before, change.after) if placed)
    console.print(indented(visible(" → ".join(places)), 4), style="dim")


def _labels(placed: PlacedStatement) -> str:
    return "; ".join(title for label, title in words.LABELS.items() if label in placed.labels)


def _statement(placed: PlacedStatement, show: Show) -> str:
    return show(placed.findings[0]).statement


def _side_by_side(before: str, after: str) -> Table:
    """Return both wordings in two columns, the words that differ in bold."""
    one, two = visible(before).split(), visible(after).split()
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    texts = (Text(), Text())
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        style = "" if tag == "equal" else "bold underline"
        for text, part in ((texts[0], one[i1:i2]), (texts[1], two[j1:j2])):
            if part:
                text.append(" ".join(part), style=style).append(" ")
    table = Table(box=None, padding=(0, 2, 0, 4), pad_edge=False, expand=True)
    table.add_column("    before", ratio=1, overflow="fold")
    table.add_column("now", ratio=1, overflow="fold")
    table.add_row(Text("    ").join([Text(""), texts[0]]), texts[1])
    return table


def _scan(scan: Scan) -> dict[str, Any]:
    names = ("id", "started_at", "finished_at", "sellers")
    return {**{name: getattr(scan, name) for name in names}, "versions": dict(scan.versions)}


def _change(change: Change, show: Show) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "reason": change.reason or None,
        "site": change.site.name,
        "before": _placed(change.before, show),
        "after": _placed(change.after, show),
    }


def _placed(placed: PlacedStatement | None, show: Show) -> dict[str, Any] | None:
    if placed is None:
        return None
    names = ("label", "fingerprint", "severity", "rule", "decision", "note")
    found = [{name: getattr(finding, name) for name in names} for finding in map(show, placed.findings)]
    return {"page": placed.page.address, "statement": _statement(placed, show), "findings": found}
