"""The commands `check` and `explain`."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import codes, sites
from checker.cli.options import Quick, Seller
from checker.cli.target import target
from checker.errors import CheckFailed, ReadError, SettingsError
from checker.page.kinds import ARCHIVE_SUFFIXES
from checker.settings import Settings

if TYPE_CHECKING:
    from checker.engine import Checker
    from checker.values import Page, Report, SiteReport

SAMPLE = "sample"
#: Pages of a site that are read if nothing else is said: its main pages, in half a minute.
PAGES = 25
#: Files of an archive's pages are numbered with as many digits as this has.
MANY = 1_000


class Format(StrEnum):
    """How reports are written."""

    TERMINAL = "terminal"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"


class Render(StrEnum):
    """When pages are read in a browser."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


def check(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Addresses, .html, .txt or .pdf files, .warc or .warc.gz archives, or - for standard input."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", "-f", help="How the report is written.")] = Format.TERMINAL,
    sample: Annotated[bool, typer.Option("--sample", help="Check the bundled page of an invented clinic; no network.")] = False,
    url: Annotated[str | None, typer.Option("--url", help="Where a saved page came from; it is not fetched.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="With --format html: the folder for the files.")] = None,
    show_all: Annotated[bool, typer.Option("--all", help="In the terminal: show every quote of long groups.")] = False,
    allow_private: Annotated[
        bool | None, typer.Option("--allow-private", help="Read private and loopback addresses too (local use).")
    ] = None,
    render: Annotated[
        Render | None,
        typer.Option("--render", help="Read in Chromium: auto (the default) where scripts make all of the text, never, always."),
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Ask the trial registry about numbers on the page.")] = False,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", help="Save what was sent, received and judged as .wacz files in this folder.")
    ] = None,
    site: Annotated[bool, typer.Option("--site", help="Crawl the site at each address: one report for the site.")] = False,
    pages: Annotated[
        int | None, typer.Option("--pages", min=1, max=1_000, help="With --site: pages read at most; 25 if not given.")
    ] = None,
    quick: Quick = False,
    seller: Seller = False,
    debug: Annotated[bool, typer.Option("--debug", hidden=True)] = False,
) -> int:
    """Check pages: which statements promise approval or a cure, which are careful, with exact quotes.

    Exit codes: 0 all read, none flagged; 1 some flagged; 3 at least one unread; 2 wrong use; 4 evidence or a
    report could not be written.
    """
    names = [*([SAMPLE] if sample else []), *(sources or [])]
    if not names:
        raise SettingsError("Nothing to check: give an address, a file, - for standard input, or --sample.")
    count = len(names) if site else _count(names)
    if output is Format.HTML and count > 1 and to is None:
        raise SettingsError("Several HTML reports need a folder: add --to DIR.")
    if to is not None and output is not Format.HTML:
        raise SettingsError("--to is the folder for HTML reports: add --format html, or send the output to a file with >.")
    if render is Render.ALWAYS and not any(map(_is_address, names)):
        raise SettingsError("--render always is for web addresses; files and archives are read as they are: leave it out.")
    if not all(map(str.strip, names)):
        raise SettingsError("One of the names is empty: give an address, a file, or - for standard input.")
    if pages is not None and not site:
        raise SettingsError("--pages says how many pages of a site are read: add --site.")
    if url is not None:
        url = _where_from(url, names, sample)
    if evidence is not None and (sample or online):
        raise SettingsError("--evidence holds what anybody can check again offline: leave --sample and --online out.")
    if evidence is not None and (site or _count(names) > len(names)):
        raise SettingsError("--evidence saves single pages: give their addresses or files, without --site, and no archives.")
    settings = Settings.from_environment(allow_private=allow_private, render=render and render.value)
    for folder in (to, evidence):
        if folder is not None:
            _make_folder(folder)

    from checker.engine import Checker

    keep = None if evidence is None else _Keep(evidence)
    with Checker(settings, online=online, thorough=not quick) as loaded:
        checker = loaded.for_sellers() if seller else loaded
        reports: Iterator[Report | SiteReport]
        reports = sites.reports(checker, names, pages or PAGES) if site else _reports(checker, names, sample, url, keep)
        ends = [(report.verdict.level, sites.is_interrupted(report)) for report in _written(reports, output, to, show_all, count)]
    if keep and keep.failures:
        raise keep.failures[0]
    return codes.INTERRUPTED if any(interrupted for _, interrupted in ends) else codes.of_verdicts(level for level, _ in ends)


def _count(names: list[str]) -> int:
    """Return how many reports there will be; an archive holds any number of pages."""
    return len(names) + sum(MANY for name in names if name.lower().endswith(ARCHIVE_SUFFIXES))


def _is_address(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


@dataclass(frozen=True)
class _Keep:
    """Where evidence is saved, and why some of it could not be: that is told when all reports are written."""

    folder: Path
    failures: list[CheckFailed] = field(default_factory=list)


def _reports(checker: Checker, names: list[str], sample: bool, url: str | None, keep: _Keep | None) -> Iterator[Report]:
    from checker.page.archive import is_archive

    for name in names:
        if is_archive(name):
            passed: list[str] = []
            yield from checker.check_archive(name, passed.append)
            _tell_passed(name, passed)
        else:
            yield _check_one(checker, name, sample, url, keep)


def _tell_passed(name: str, passed: list[str]) -> None:
    """Say on standard error how many PDFs of an archive were passed over."""
    if passed:
        counted = "One PDF was" if len(passed) == 1 else f"{len(passed)} PDFs were"
        typer.echo(f"{name}: {counted} passed over, the first is {passed[0]}. Save a PDF and check its file.", err=True)


def _where_from(url: str, names: list[str], sample: bool) -> str:
    """Return the address that a saved page came from; raises SettingsError where there is no one such page."""
    from checker.page.address import check_address

    one_page = len(names) == 1 and not _is_address(names[0]) and _count(names) == 1
    if sample or not one_page:
        raise SettingsError("--url says where one saved page came from: give one file with it, or - for standard input.")
    try:
        return check_address(url)
    except ReadError as error:
        raise SettingsError(f"--url: {error.message}") from error


def _check_one(checker: Checker, name: str, sample: bool, url: str | None, keep: _Keep | None) -> Report:
    if sample and name == SAMPLE:
        return checker.check_html(files("checker").joinpath("data/sample.html").read_text(encoding="utf-8"), source=SAMPLE)
    return checker.check(name, url=url) if keep is None else _check_and_keep(checker, name, url, keep)


def _check_and_keep(checker: Checker, name: str, url: str | None, keep: _Keep) -> Report:
    """Check a source and save the evidence; where it is and its digest go to standard error."""
    from checker.evidence.save import save
    from checker.page.record import Recorder

    recorder = Recorder()
    report = checker.check(name, recorder, url=url)
    try:
        saved = save(recorder, report, keep.folder, checker.settings, _picture(checker, recorder.page))
    except CheckFailed as error:
        keep.failures.append(error)
        return report
    typer.echo(f"Evidence: {saved.path} (SHA-256 {saved.sha256}; note it down elsewhere)", err=True)
    if saved.problem:
        typer.echo(f"Without a time stamp: {saved.problem}", err=True)
    return report


def _picture(checker: Checker, page: Page | None) -> bytes | None:
    """Return a picture of a web page (PNG), where there is a browser and it may be used."""
    from checker.page import chromium

    settings = checker.settings
    if page is None or page.status is None or settings.render == "never" or chromium.find(settings) is None:
        return None
    try:
        return checker.browser.screenshot(page.source)
    except (ReadError, SettingsError) as error:
        typer.echo(f"Without a picture: {error}", err=True)
        return None


def _written(
    reports: Iterator[Report | SiteReport], output: Format, to: Path | None, show_all: bool, count: int
) -> Iterator[Report | SiteReport]:
    """Write each report as it comes and hand it on; JSON of several waits for all."""
    from checker.reports import jsonout, write

    kept: list[Report | SiteReport] = []
    for number, report in enumerate(reports, 1):
        if output is Format.TERMINAL:
            write.terminal(report, sys.stdout, show_all=show_all)
        elif output is Format.JSONL:
            jsonout.write_jsonl(report, sys.stdout)
        elif output is Format.JSON:
            kept.append(report)
        elif to is None:
            write.html(report, sys.stdout)
        else:
            path = to / file_name(report.source, number, count)
            with target(path) as stream, io.TextIOWrapper(stream, encoding="utf-8") as text:
                write.html(report, text)
            typer.echo(str(path), err=True)
        yield report
    if output is Format.JSON:
        jsonout.write_json(kept, sys.stdout)


def file_name(source: str, number: int, count: int) -> str:
    """Return a file name for a source's report that no two sources of a call share."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", re.sub(r"^https?://", "", source)).strip("-.")[:80] or "page"
    return f"{number:0{len(str(count))}d}-{plain}.html" if count > 1 else f"{plain}.html"


def _make_folder(to: Path) -> None:
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The folder {to} cannot be made: {error.strerror}.") from error


def explain(
    source: Annotated[str, typer.Argument(help="An address, a file, - or 'sample'.")],
    statement: Annotated[str, typer.Option("--statement", "-s", help="The sentence, or a part of it.")],
    allow_private: Annotated[
        bool | None, typer.Option("--allow-private", help="Read private and loopback addresses too.")
    ] = None,
    quick: Quick = False,
    seller: Seller = False,
) -> int:
    """Say for any sentence of a page why it was or was not flagged: terms, cues, rules, probabilities, page decisions."""
    from checker.engine import Checker
    from checker.fingerprint import words
    from checker.reports import explanation
    from checker.reports.visible import visible

    asked = source if source != SAMPLE else str(files("checker").joinpath("data/sample.html"))
    with Checker(Settings.from_environment(allow_private=allow_private), thorough=not quick) as loaded:
        explained = (loaded.for_sellers() if seller else loaded).explain(asked, statement)
    if not explained.exact and not set(words(statement).split()) & set(words(explained.statement.text).split()):
        raise SettingsError(f"No statement of {source} has a word of “{visible(statement)}”; copy the words from the page.")
    explanation.write(explained, sys.stdout)
    return codes.CLEAN
