"""Writes the figures of a scan, for a terminal or as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from rich.table import Table

from checker.lists.masking import notice
from checker.lists.plain import indented, plain_console
from checker.lists.summary import Beside, Share, Summary
from checker.reports import words
from checker.reports.sentences import counted
from checker.reports.visible import takes_all, visible

#: Sites named beside a copied sentence in the terminal; JSON and HTML name all.
FIRST_SITES = 8
VERDICTS = {
    "alarm": "promise approval or cure for nerve damage",
    "alarm_other": "promise approval or cure, for other conditions or none named",
    "caution": "say that it works, is safe or is backed by others",
    "careful": "no promise of approval or cure found in the parts that were read",
    "out_of_scope": "no treatment in scope found on offer",
    "trial": "records or recruiting notices of registered trials",
    "informational": "inform, report or warn",
}
CONDITIONS = {
    "nerve": "nerve damage",
    "joint": "joints, back and pain",
    "brain": "brain and spinal cord",
    "organ": "organs and diseases of the whole body",
    "skin": "skin, hair and ageing",
}
PRODUCTS = {
    "stem_cell": "stem cells",
    "cord": "cord and birth tissue",
    "amnion": "amniotic tissue",
    "exosome": "exosomes",
    "fat": "cells from fat",
    "marrow": "cells from marrow",
    "prp": "platelets (PRP)",
    "regenerative": "“regenerative” treatment, no product named",
}
SHARES_OF = (
    "Shares are of the {offering:,} sites on which a treatment in scope was found on offer, with 95 % intervals (Wilson). They "
    "hold for the sites of this list, not for the trade, unless the list was drawn by chance."
)
ERRS = (
    "A program judged the pages; it misses statements and marks some wrongly. The intervals do not cover that. "
    "Findings that a person rejected are not counted, and verdicts are what the other findings come to; how many were looked at "
    "stands beside each label."
)
SELLERS = "It was said that all pages are sellers' own (--seller), and they were judged so."
COPIED = "Who wrote a sentence first cannot be told from a scan."


def write(summary: Summary, stream: TextIO, *, with_names: bool = False) -> None:
    """Write the figures for a person; ``with_names`` is what they were made with."""
    console = plain_console(stream)
    for line in headline(summary):
        console.print(line)
    for title, shares, names in parts(summary):
        console.print(f"\n{title}", style="bold")
        console.print(_table(shares, names))
    for line in (SHARES_OF.format(offering=summary.offering), ERRS):
        console.print(f"\n{line}")
    console.print("\nBeside published shares", style="bold")
    for line in map(beside, summary.base_rates):
        console.print(indented(line, 2))
    console.print(f"\n{kits_headline(summary)}", style="bold")
    for kit in summary.kits:
        console.print(indented(f"“{visible(kit.statement)}”", 2))
        more = f" and {len(kit.sites) - FIRST_SITES} more" if len(kit.sites) > FIRST_SITES else ""
        some = visible(", ".join(kit.sites[:FIRST_SITES]))
        console.print(indented(f"same sentences found on {len(kit.sites)} sites: {some}{more}", 4), style="dim")
    console.print(f"\n{notice(with_names=with_names)}", style="dim")


def write_json(summary: Summary, stream: TextIO) -> None:
    """Write the figures as one JSON object."""
    data = dataclasses.asdict(dataclasses.replace(summary, base_rates=()))
    data["base_rates"] = [_beside_json(each) for each in summary.base_rates]
    data["scan"]["versions"] = dict(summary.scan.versions)
    stream.write(json.dumps(data, ensure_ascii=not takes_all(stream), indent=2) + "\n")


def headline(summary: Summary) -> Iterator[str]:
    """Yield what was scanned, and what could not be read."""
    scan = summary.scan
    until = "" if scan.finished_at else f", not finished: {counted(summary.waiting, 'site')} to do"
    yield (
        f"Scan {scan.id} of {scan.started_at[:10]}{until}: {counted(summary.sites, 'site')}, {summary.read:,} read, "
        f"{summary.unread:,} not; {counted(summary.pages_read, 'page')} read, {summary.pages_unread:,} not."
    )
    if scan.sellers:
        yield SELLERS
    if summary.reasons:
        reasons = "; ".join(f"{words.UNREAD_WHY.get(code, code)} ({count:,})" for code, count in summary.reasons.items())
        yield f"Sites not read, of which nothing is known: {reasons}."
    for names in summary.same:
        yield f"One site, though the list names it {len(names)} times: {visible(', '.join(names))}. It counts once."


def parts(summary: Summary) -> Iterator[tuple[str, tuple[Share, ...], dict[str, str]]]:
    """Yield title, shares and the names to show; parts without a row are left out."""
    labels = {label.value: text for label, text in words.LABELS.items()}
    found: tuple[tuple[str, tuple[Share, ...], dict[str, str]], ...] = (
        ("Sites that were read, by their strongest page", summary.verdicts, VERDICTS),
        ("Sites by what they say", summary.labels, labels),
        ("Sites by the condition that a claim names", summary.conditions, CONDITIONS),
        ("Sites by the product that a claim names", summary.products, PRODUCTS),
        ("Sites that promise approval or cure, by state", summary.states, {}),
    )
    return (part for part in found if part[1])


def percent(share: Share) -> str:
    """Return "41 % (35 to 47 %)", or a dash when there are no sites."""
    if share.low is None or share.high is None:
        return "–"
    return f"{share.count / share.of:.0%} ({share.low:.0%} to {share.high:.0%})".replace("%", "\u00a0%")


def reviewed(share: Share) -> str:
    """Return how many findings there are and what a person decided of them, empty without findings."""
    total = share.confirmed + share.rejected + share.unreviewed
    if not total:
        return ""
    decided = f"{share.confirmed:,} confirmed, {share.rejected:,} rejected, {share.unreviewed:,} not reviewed"
    return f"{counted(total, 'finding')}, " + (decided if share.unreviewed < total else "none reviewed")


def beside(each: Beside) -> str:
    """Return a published share with its source, and ours."""
    rate = each.rate
    source = f"{rate.source.title}" if rate.source else "no source"
    published = f"{rate.measure}: {each.published.count} of {each.published.of} there, {percent(each.published)} [{source}]"
    if each.here is None:
        return f"{published}; not counted here. {rate.difference}"
    rules = ", ".join(rate.rules)
    return f"{published}; {each.here.count} of {each.here.of} here, {percent(each.here)} [rule {rules}]. {rate.difference}"


def kits_headline(summary: Summary) -> str:
    """Return how many sentences stand on several sites."""
    shown = f", the first {len(summary.kits)} below" if summary.kit_count > len(summary.kits) else ""
    return f"Sentences in nearly the same words on several sites: {summary.kit_count:,}{shown}. {COPIED}"


def _table(shares: Iterable[Share], names: dict[str, str]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    for each in shares:
        table.add_row(visible(names.get(each.name, each.name)), f"{each.count:,} of {each.of:,}", percent(each))
        if decided := reviewed(each):
            table.add_row(indented(decided, 2))
    return table


def _beside_json(each: Beside) -> dict[str, Any]:
    here = dataclasses.asdict(each.here) if each.here else None
    return {"rate": each.rate.model_dump(mode="json"), "published": dataclasses.asdict(each.published), "here": here}
