"""The commands `trials build`, `refresh`, `show` and `info`: the offline copy of the trial registry."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import codes
from checker.errors import CheckFailed, SettingsError
from checker.settings import Settings

if TYPE_CHECKING:
    from checker.trials.client import Client
    from checker.trials.lookup import Found, Lookup, NotChecked, NotFound
    from checker.trials.record import TrialRecord

app = typer.Typer(no_args_is_help=True)
WIDTH = 80
_INDENT = 14
OUR_WORDS = "Title, conditions and treatments are in our words, not in the registry's: do not quote them as its own."
_REGISTRY_URL = typer.Option("--registry-url", help="Another address of the registry's API, such as a mirror.", hidden=True)
_PRIVATE = typer.Option("--allow-private", help="Ask private and loopback addresses too.", hidden=True)
_COPY = typer.Option("--snapshot", help="Another offline copy than the one that comes with the program.")


@app.command()
def build(
    export: Annotated[Path, typer.Argument(help="A CSV export of ClinicalTrials.gov.")],
    facts: Annotated[Path, typer.Argument(help="A JSON Lines table of facts about trials.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write.")],
    facts_date: Annotated[str | None, typer.Option("--facts-date", help="When the facts were gathered: 2026-11.")] = None,
) -> int:
    """Build the offline copy from an export and a table of facts."""
    from checker.trials import build as building

    if facts_date is not None and not _is_past(facts_date):
        raise SettingsError(f"--facts-date {facts_date} is no month or day up to today; one looks like 2026-11.")
    meta = building.build(export, facts, to, facts_date or building.FACTS_AS_OF)
    typer.echo(_written(to, meta))
    return codes.CLEAN


@app.command()
def refresh(
    query: Annotated[str, typer.Option("--query", help="What to search the live registry for.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write.")],
    facts: Annotated[Path | None, typer.Option("--facts", help="A JSON Lines table of facts to add.")] = None,
    registry_url: Annotated[str | None, _REGISTRY_URL] = None,
    allow_private: Annotated[bool | None, _PRIVATE] = None,
) -> int:
    """Rebuild an offline copy from the live registry: every trial that a query finds."""
    from checker.trials import build as building

    meta = building.refresh(_client(registry_url, allow_private), query, to, facts)
    typer.echo(_written(to, meta))
    return codes.CLEAN


@app.command()
def show(
    trial: Annotated[str, typer.Argument(metavar="ID", help="A number such as NCT02387749.")],
    online: Annotated[bool, typer.Option("--online", help="Ask the live registry.")] = False,
    copy: Annotated[Path | None, _COPY] = None,
    registry_url: Annotated[str | None, _REGISTRY_URL] = None,
    allow_private: Annotated[bool | None, _PRIVATE] = None,
) -> int:
    """Show what is known of one number."""
    from checker.trials.find import identified
    from checker.trials.lookup import NOT_IN_SNAPSHOT, Lookup, NotChecked

    key = identified(trial)
    if key is None:
        raise SettingsError(f"{trial!r} is no number of ClinicalTrials.gov; one looks like NCT02387749.")
    known = Lookup(copy, _client(registry_url, allow_private) if online else None).find(key)
    typer.echo("\n".join(_shown(key, known)))
    looked = not isinstance(known, NotChecked) or known.reason == NOT_IN_SNAPSHOT
    return codes.CLEAN if looked else codes.FAILED_CHECK


@app.command()
def info(copy: Annotated[Path | None, _COPY] = None) -> int:
    """Show the offline copy's dates, its counts by status and its size."""
    from checker.trials.lookup import Lookup

    lookup = Lookup(copy)
    if lookup.snapshot is None or lookup.problem is not None:
        raise CheckFailed(lookup.problem.message if lookup.problem else "There is no offline copy.")
    typer.echo("\n".join(_described(lookup)))
    return codes.CLEAN


def _is_past(day: str) -> bool:
    """Say whether a text is a month or a day that is not in the future."""
    with suppress(ValueError):
        return bool(re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", day)) and date.fromisoformat(f"{day}-01"[:10]) <= date.today()
    return False


def _client(registry_url: str | None, allow_private: bool | None) -> Client:
    from checker.cachefile import default_folder
    from checker.trials.cache import Cache
    from checker.trials.client import BASE_URL, Client

    settings = Settings.from_environment(allow_private=allow_private)
    return Client(settings, Cache(default_folder() / "registry.sqlite"), registry_url or BASE_URL)


def _written(to: Path, meta: dict[str, str]) -> str:
    return f"{to}: {meta['trials']} trials as of {meta['as_of']}, {to.stat().st_size:,} bytes, digest {meta['digest'][:12]}"


def _shown(key: str, known: Found | NotFound | NotChecked) -> Iterator[str]:
    """Yield what a reader sees of one number, in lines of at most 80 columns."""
    from checker.trials.check import NO_CLEARANCE
    from checker.trials.lookup import Found, NotFound

    if isinstance(known, Found):
        yield from _record(key, known.record)
        yield from _wrapped("", NO_CLEARANCE)
        return
    yield key
    if isinstance(known, NotFound):
        yield from _wrapped("", known.message)
        yield from _wrapped("Source", known.source or "")
    else:
        yield from _wrapped("", known.message)


def _record(key: str, record: TrialRecord) -> Iterator[str]:
    yield key if key == record.id else f"{key}, listed as {record.id}"
    yield from _wrapped("Title (ours)" if record.is_in_our_words else "Title", record.title)
    yield from _wrapped("Status", f"{record.status or 'not in our copy'} (as of {record.as_of})")
    yield from _wrapped("Conditions", "; ".join(record.conditions))
    yield from _wrapped("Treatments", "; ".join(record.interventions))
    yield from _wrapped("Wording", OUR_WORDS if record.is_in_our_words else "")
    yield from _wrapped("Phase", (record.phase or "").replace("|", ", "))
    yield from _wrapped("Sponsor", "; ".join([record.sponsor or "not in our copy", *record.collaborators]))
    yield from _wrapped("Sites", "; ".join(record.sites))
    yield from _wrapped("Countries", "; ".join(record.countries))
    yield from _wrapped("From, to", ", ".join(moment or "not in our copy" for moment in (record.start, record.completion)))
    yield from _wrapped("Results", _flag(record.results, "posted", "none posted"))
    yield from _wrapped("Patients pay", _flag(record.fee, "yes, says the record", "the record does not say so"))
    yield from _wrapped("FDA-regulated", _flag(record.regulated, "yes, says the record", "no, says the record"))
    yield from _wrapped("Source", record.source)


def _flag(value: bool | None, yes: str, no: str) -> str:
    return "not in our copy" if value is None else yes if value else no


def _wrapped(name: str, text: str) -> list[str]:
    """Return "name  text" in lines of at most 80 columns; nothing without a text."""
    first = f"{name:<{_INDENT}}" if name else ""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


def _described(lookup: Lookup) -> Iterator[str]:
    assert lookup.snapshot is not None
    meta, path = lookup.snapshot.meta, lookup.snapshot.path
    yield from _wrapped("Copy", str(path))
    yield from _wrapped("Source", meta["source"])
    yield from _wrapped("Holds", f"{meta['trials']} trials ({meta['scope']})")
    yield from _wrapped("As of", meta["as_of"] + (" (more than a year old)" if lookup.stale() else ""))
    left_out = f"; {meta['unconfirmed']} unconfirmed rows left out" if meta["facts_as_of"] else ""
    yield from _wrapped("Facts", (meta["facts_as_of"] or "none") + left_out)
    yield from _wrapped("Size", f"{path.stat().st_size:,} bytes")
    yield from _wrapped("Digest", meta["digest"])
    yield ""
    yield from (f"{count:6,}  {status}" for status, count in lookup.snapshot.statuses().items())
