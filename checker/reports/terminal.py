"""Writes a report for a person at a terminal: what the page promises first, then why, then every statement by kind."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from checker.reports import choose, sentences, words
from checker.reports.visible import encoding_of, visible
from checker.values import CAUTIONS, PROMISES, Finding, Label, Note, Report, Source, TrialCheck, VerdictLevel

#: Findings of one label that are shown unless all are asked for, and characters of one quote.
FIRST = 8
MAX_QUOTE = 500
#: Columns: what readers of a pipe or file get, and the longest line that is easy to read.
PLAIN_WIDTH = 80
MAX_WIDTH = 100

STYLES = {
    **dict.fromkeys(PROMISES, "red"),
    **dict.fromkeys(CAUTIONS, "yellow"),
    **dict.fromkeys(choose.CAREFUL, "green"),
    Label.PRESSURE: "default",
}
#: A line of the report: text, style and indent.
Line = tuple[str, str, int]
EMPTY: Line = ("", "", 0)


def write(report: Report, stream: TextIO, *, color: bool | None = None, show_all: bool = False) -> None:
    """Write the report; ``color`` None means color on a terminal only, ``show_all`` spares no finding."""
    print_lines(_lines(report, show_all), stream, color)


def print_lines(lines: Iterable[Line], stream: TextIO, color: bool | None) -> None:
    """Write lines as wide as the terminal, with nothing in them that steers it; ``color`` None: on a terminal only."""
    buffer = io.StringIO()
    console = _console(buffer, stream, color)
    for text, style, indent in lines:
        console.print(Padding(Text(visible(text), style=style), (0, 0, 0, indent), expand=False) if text else "")
    written = (line.rstrip() for line in buffer.getvalue().removesuffix("\n").split("\n"))
    encoding = encoding_of(stream)
    stream.write("".join(f"{line}\n" for line in written).encode(encoding, "backslashreplace").decode(encoding))


def _console(buffer: io.StringIO, stream: TextIO, color: bool | None) -> Console:
    is_terminal = stream.isatty()
    if color is None:
        color = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH) if is_terminal else PLAIN_WIDTH
    return Console(
        file=buffer,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=False,
        force_jupyter=False,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _lines(report: Report, show_all: bool) -> Iterator[Line]:
    yield sentences.headline(report), "bold", 0
    yield from _header(report)
    yield from _error(report)
    yield from _reasons(report)
    yield from _doubt(report)
    sources = choose.sources(report.findings)
    for label in words.LABELS:
        yield from _group(report, label, sources, show_all)
    yield from _trials(report)
    yield from _notes(report)
    yield from question_lines(report)
    yield from source_lines(sources)
    yield from footer_lines(report.versions)


def _header(report: Report) -> Iterator[Line]:
    yield EMPTY
    yield report.final_url or report.source, "", 0
    for line in sentences.header(report):
        yield line, "dim", 0


def _error(report: Report) -> Iterator[Line]:
    if report.error is not None:
        yield from section_lines(words.SECTIONS["advice"])
        yield report.error.message, "", 2
        yield report.error.advice, "", 2


def _reasons(report: Report) -> Iterator[Line]:
    if reasons := sentences.reasons(report):
        yield from section_lines(words.SECTIONS["why"])
    for reason in reasons:
        found = [report.findings[number] for number in reason.findings]
        counted = f" ({sentences.count(sentences.distinct(found), 'statement')})" if found else ""
        yield f"- {reason.message}{counted}", "", 2


def _doubt(report: Report) -> Iterator[Line]:
    if report.verdict.level is VerdictLevel.INFORMATIONAL:
        yield words.SELLERS_OWN, "", 2


def question_lines(report: Report) -> Iterator[Line]:
    """Yield the questions to ask of a page."""
    if questions := sentences.questions(report):
        yield from section_lines(words.SECTIONS["questions"])
    for question in questions:
        yield f"- {question}", "", 2


def _group(report: Report, label: Label, sources: list[Source], show_all: bool) -> Iterator[Line]:
    found = choose.group(report, label)
    if not found:
        return
    yield from section_lines(f"{words.LABELS[label]} ({len(found)})", f"bold {STYLES[label]}")
    shown = found if show_all else found[:FIRST]
    seen: set[str] = set()
    surroundings: list[str] = []
    for _, finding in shown:
        yield from known_line(finding, sources, seen)
        before, surroundings = surroundings, sentences.context(finding.statement)
        yield from finding_lines(finding, [] if surroundings == before else surroundings, show_all)
    if len(found) > len(shown):
        yield words.MORE.format(count=len(found) - len(shown)), "italic", 2


def known_line(finding: Finding, sources: list[Source], seen: set[str]) -> Iterator[Line]:
    """Yield what is known of a finding, with its sources' numbers, unless it was seen before."""
    _, known = sentences.told(finding)
    if known not in seen:
        seen.add(known)
        for line in sentences.aside(finding, known):
            yield line, "dim", 2
        yield f"{known}{_cited(finding, sources)}", "dim", 2


def _cited(finding: Finding, sources: list[Source]) -> str:
    numbers = sorted(sources.index(source) + 1 for source in finding.sources)
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def finding_lines(finding: Finding, surroundings: list[str], show_all: bool) -> Iterator[Line]:
    """Yield a quote and where it stands; its surroundings only where they differ from those of the quote before."""
    whole = show_all or len(finding.quote) <= MAX_QUOTE
    yield f"“{finding.quote}”" if whole else f"“{finding.quote[:MAX_QUOTE]}”{words.CUT}", "bold", 2
    facts = [sentences.place_of(finding.statement), sentences.decided_by(finding)]
    if finding.strength:
        facts.append(words.STRENGTHS[finding.strength])
    yield " · ".join(facts), "dim", 6
    for line in [*surroundings, *sentences.doubts(finding)]:
        yield line, "dim", 6


def _trials(report: Report) -> Iterator[Line]:
    if report.trials:
        yield from section_lines(words.SECTIONS["trials"])
    for trial in report.trials:
        yield from trial_lines(trial)
    if report.trials:
        yield words.NO_APPROVAL, "dim", 2


def trial_lines(trial: TrialCheck) -> Iterator[Line]:
    """Yield a registry number and what is known of it."""
    yield f"{trial.id} ({trial.registry})", "bold", 2
    for line in sentences.trial(trial):
        yield line, "", 6
    if trial.source:
        yield trial.source, "dim", 6


def _notes(report: Report) -> Iterator[Line]:
    if report.notes:
        yield from section_lines(words.SECTIONS["notes"])
    for note in report.notes:
        yield from note_lines(note)


def note_lines(note: Note) -> Iterator[Line]:
    """Yield a note, with its quote where the message does not hold it."""
    yield f"- {note.message}", "", 2
    if quote := sentences.note_quote(note):
        yield f"“{quote}”", "bold", 4


def source_lines(sources: list[Source]) -> Iterator[Line]:
    """Yield the sources with their numbers."""
    if sources:
        yield from section_lines(words.SECTIONS["sources"])
    for number, source in enumerate(sources, start=1):
        yield f"[{number}] {source.title} ({source.date})", "dim", 2
        yield source.url, "dim", 6


def footer_lines(used: Mapping[str, str]) -> Iterator[Line]:
    """Yield the advice and the versions that were used."""
    yield EMPTY
    for line in words.ADVICE:
        yield line, "", 0
    versions = ", ".join(f"{name} {version}" for name, version in used.items())
    if versions:
        yield f"{words.SECTIONS['versions']}: {versions}", "dim", 0
    yield EMPTY


def section_lines(title: str, style: str = "bold") -> Iterator[Line]:
    """Yield a heading."""
    yield EMPTY
    yield title, style, 0
