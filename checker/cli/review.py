"""The command `review`: a person confirms, rejects or annotates findings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import codes
from checker.cli.options import WithNames, opened
from checker.errors import SettingsError
from checker.values import Label

if TYPE_CHECKING:
    from checker.store.rows import FindingRow, PageRow, SiteRow
    from checker.store.store import Store

#: What a person may answer, and the decision that it stands for.
_ANSWERS = {"c": "confirmed", "r": "rejected"}
_QUESTION = "(c)onfirm, (r)eject, (n)ote, (s)kip, (q)uit"
_KEYS = "crnsq"


def review(
    database: Annotated[Path, typer.Argument(help="A database that 'scan' made.")],
    confirm: Annotated[list[str] | None, typer.Option("--confirm", metavar="FINGERPRINT", help="Confirm a finding.")] = None,
    reject: Annotated[list[str] | None, typer.Option("--reject", metavar="FINGERPRINT", help="Reject a finding.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="A note for the findings given, or with --on alone.")] = None,
    on: Annotated[list[str] | None, typer.Option("--on", metavar="FINGERPRINT", help="Only add the note to a finding.")] = None,
    label: Annotated[str | None, typer.Option("--label", help="Only findings with this label, such as cure.")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Also those that were decided.")] = False,
    with_names: WithNames = False,
) -> int:
    """List the latest scan's findings for a person to confirm, reject or annotate; in a terminal one by one.

    A decision holds in every scan in which the finding stands. A rejected finding stays visible, as rejected.
    """
    given = [*((mark, "confirmed") for mark in confirm or ()), *((mark, "rejected") for mark in reject or ())]
    given += [(mark, "") for mark in on or ()]
    if note is not None and not given:
        raise SettingsError("A note needs a finding: add --on FINGERPRINT, --confirm or --reject.")
    if on and note is None:
        raise SettingsError("--on needs the note: add --note TEXT.")
    if given and (label is not None or show_all):
        raise SettingsError("--label and --all choose what is listed: leave them out where findings are decided.")
    if label is not None and label not in list(Label):
        raise SettingsError(f"There is no label {label}; the labels are {', '.join(Label)}.")
    if given:
        with opened(database, write=True) as store:
            return _decide(store, given, note)
    if sys.stdin.isatty() and sys.stdout.isatty():
        with opened(database, write=True) as store:
            return _ask(store, list(_wanted(store, label, decided=show_all)), with_names)
    with opened(database) as store:
        return _list(_wanted(store, label, decided=show_all), with_names)


def _decide(store: Store, given: list[tuple[str, str]], note: str | None) -> int:
    """Save what was decided of findings; raises SettingsError before the first where one has two decisions or is not known."""
    from checker.store.review import decide, known

    decisions: dict[str, str] = {}
    for mark, decision in given:
        fingerprint = known(store, mark)["fingerprint"]
        if decisions.setdefault(fingerprint, decision) != decision:
            raise SettingsError(f"The finding {fingerprint} is given two decisions; confirm it, reject it, or only note.")
    for fingerprint, decision in decisions.items():
        finding = decide(store, fingerprint, decision or None, note)
        typer.echo(f"{fingerprint} {decision or 'noted'}: {finding['label']}, {finding['page']}")
    return codes.CLEAN


def _wanted(store: Store, label: str | None, *, decided: bool) -> Iterator[tuple[SiteRow, PageRow, FindingRow]]:
    from checker.store.rows import with_pages

    scans = store.scans()
    if not scans:
        raise SettingsError("There is no scan yet in this database.")
    for site, pages, by_page in with_pages(store, scans[-1]):
        for page in pages:
            for finding in by_page.get(page.id, ()):
                if (decided or finding.decision is None) and label in (None, finding.label):
                    yield site, page, finding


def _list(wanted: Iterator[tuple[SiteRow, PageRow, FindingRow]], with_names: bool) -> int:
    from checker.lists import people

    show = people.as_it_is if with_names else people.shown
    for _, page, finding in wanted:
        typer.echo(_line(page, show(finding)))
    return codes.CLEAN


def _line(page: PageRow, finding: FindingRow) -> str:
    from checker.reports.visible import visible

    note = f"  note: {finding.note}" if finding.note else ""
    return visible(
        f"{finding.fingerprint}  {finding.decision or '-'}  {finding.label}  {page.address}  {finding.statement}{note}"
    )


def _ask(store: Store, wanted: list[tuple[SiteRow, PageRow, FindingRow]], with_names: bool) -> int:
    """Go through findings one by one; every answer is saved at once, so that leaving loses nothing."""
    from checker.lists import people
    from checker.reports.visible import visible
    from checker.store.review import decide

    for number, (_, page, found) in enumerate(wanted, 1):
        finding = found if with_names else people.shown(found)
        typer.echo(f"\n{number} of {len(wanted)}  {finding.fingerprint}  {finding.label}  ({finding.rule})")
        typer.echo(f"  “{visible(finding.statement)}”\n  {visible(page.address)}\n  {finding.why}")
        answer = _answer()
        if answer == "q":
            break
        if answer == "n":
            decide(store, finding.fingerprint, None, typer.prompt("Note"))
        elif answer in _ANSWERS:
            decide(store, finding.fingerprint, _ANSWERS[answer], None)
    return codes.CLEAN


def _answer() -> str:
    """Ask until the answer begins with one of the keys; none at all skips."""
    while (answer := str(typer.prompt(_QUESTION, default="s", show_default=False)).strip().lower()[:1]) not in _KEYS:
        typer.echo("That is none of the answers.")
    return answer
