"""Writes a report as one HTML file that needs nothing else: the page's own words with pencil marks, our notes beside them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TextIO

from checker import knowledge
from checker.knowledge.rows import ReportingPlace
from checker.reports import choose, sentences, words
from checker.reports.links import link, listed, named, of_sources, to_quote
from checker.reports.markup import Html, el, inside, joined, section
from checker.reports.paper import bibliography, paper
from checker.reports.visible import takes_all
from checker.values import Finding, Label, Note, Report, SiteReport, TrialCheck

#: Careful statements that are listed; all are marked in the text.
FIRST_CAREFUL = 6
#: Characters of a statement that is shown whole around its quote.
LONG_STATEMENT = 320
#: Characters of a quote and of an address that are shown at the top; the text below holds the whole quote.
LONG_QUOTE = 600
LONG_ADDRESS = 120


def write(report: Report, stream: TextIO) -> None:
    """Write the report as one self-contained HTML document; in plain ASCII where the stream is not UTF-8."""
    name = sentences.shortened(report.title or report.final_url or report.source, sentences.TITLE_LENGTH)
    write_document(words.TITLE.format(name=name) if name else words.UNTITLED, _body(report), stream)


def write_document(title: str, body: Html, stream: TextIO) -> None:
    """Write a whole document around a body; in plain ASCII where the stream is not UTF-8."""
    text = f"<!doctype html>\n{el('html', _head(title), body, lang='en')}\n"
    stream.write(text if takes_all(stream) else text.encode("ascii", "xmlcharrefreplace").decode("ascii"))


@cache
def _css() -> str:
    return files("checker.reports").joinpath("report.css").read_text(encoding="utf-8")


def _policy() -> str:
    """Allow nothing but this very style sheet."""
    digest = base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _head(title: str) -> Html:
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy()),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="robots", content="noindex"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", title),
        el("style", Html(_css())),
    )


def _body(report: Report) -> Html:
    sections = (failure, _strongest, _careful, _leans, _trials, _notes, _questions, _where, paper, bibliography, _judged)
    return el("body", _header(report), el("main", *(part(report) for part in sections)))


def _header(report: Report) -> Html:
    address = report.final_url or report.source
    return el(
        "header",
        el("h1", sentences.headline(report)),
        el("p", *joined([link(address, sentences.shortened(address, LONG_ADDRESS)), *sentences.header(report)]), class_="source"),
        el("p", " ".join(words.ADVICE), class_="advice"),
    )


def failure(report: Report | SiteReport) -> Html:
    """Return what went wrong and what to do, nothing where nothing did."""
    if report.error is None:
        return Html()
    return section("advice", el("p", report.error.message), el("p", report.error.advice))


def _strongest(report: Report) -> Html:
    seen: set[str] = set()
    cards = []
    for number, finding in choose.strongest(report):
        _, known = sentences.told(finding)
        cards.append(_card(report, number, finding, known in seen))
        seen.add(known)
    return section("strongest", *cards, class_="wide")


def _card(report: Report, number: int, finding: Finding, is_told: bool) -> Html:
    """Return a quote with our note beside it; what an earlier card told is not told again."""
    title, does, known = sentences.noted(finding)
    note = el("p", words.SAME_ABOVE) if is_told else inside([el("p", known), of_sources(finding)])
    said = el(
        "div",
        el("blockquote", sentence(finding)),
        el("p", *joined(_place(finding)), class_="place"),
        el("p", *joined(_ways(report, number, finding), "\u2003"), class_="ways"),
    )
    also = sentences.also(choose.beside(report, finding))
    lines = [el("p", line) for line in (*also, does, *sentences.doubts(finding), *sentences.aside(finding, known)) if line]
    noted = el("div", el("p", el("b", title), aria_hidden="true"), *lines, note, class_="beside")
    name = f"card{number + 1}"
    return el("article", el("h3", title, class_="heard", id=name), said, noted, class_="card", aria_labelledby=name)


def sentence(finding: Finding) -> Html:
    """Return the statement with the quote marked in it, or the quote alone where the statement is long."""
    family = words.FAMILY_OF[finding.label]
    statement, text = finding.statement, finding.statement.block.text
    before, after = text[statement.start : finding.start], text[finding.end : statement.end]
    if len(statement.text) > LONG_STATEMENT:
        before, after = "", ""
    return inside(
        [
            before,
            el(
                "mark",
                sentences.shortened(finding.quote, LONG_QUOTE),
                class_=f"m {family}",
                data_said=words.LABELS[finding.label],
            ),
            after,
        ]
    )


def _place(finding: Finding) -> list[str]:
    return [sentences.place_of(finding.statement), *sentences.context(finding.statement)]


def _ways(report: Report, number: int, finding: Finding) -> list[Html]:
    below = named(words.SEE_BELOW, finding.quote, href=f"#q{number + 1}")
    return [way for way in (to_quote(report, finding), below) if way]


def _quote(number: int, finding: Finding) -> Html:
    place = named(sentences.place_of(finding.statement), finding.quote, href=f"#q{number + 1}", class_="where")
    return el("li", el("q", finding.quote), " ", place)


def _careful(report: Report) -> Html:
    found = choose.careful(report, FIRST_CAREFUL + 1)
    items = [_quote(*numbered) for numbered in found[:FIRST_CAREFUL]]
    more = el("p", words.MORE_BELOW, class_="quiet") if len(found) > FIRST_CAREFUL else ""
    return section("careful", el("ul", *items, class_="quotes"), more) if items else Html()


def _leans(report: Report) -> Html:
    return section("leans", *(_leaning(*group) for group in choose.leaning(report)))


def _leaning(label: Label, found: list[choose.Numbered]) -> Html:
    """Return what the page leans on: the first quotes, and what such words do and do not mean."""
    quotes = el("ul", *(_quote(*numbered) for numbered in found), class_="quotes plainly")
    known = knowledge.tables().known_of(label)
    told = [el("p", known.text), listed(known.sources)] if known else []
    return inside([el("h3", words.LABELS[label]), quotes, *told])


def _trials(report: Report) -> Html:
    if not report.trials:
        return Html()
    return section("trials", *map(trial_card, report.trials), el("p", words.NO_APPROVAL, class_="quiet"))


def trial_card(trial: TrialCheck) -> Html:
    """Return a registry number, the sentence that prints it, and what is known of it."""
    block = trial.statement.block
    quote = block.text[trial.statement.start : trial.statement.end] or trial.statement.text
    return el(
        "article",
        el("h3", trial.id, " ", el("small", trial.registry)),
        el("p", el("q", quote), " ", el("span", sentences.place_of(trial.statement), class_="where"), class_="said"),
        el("p", *joined(sentences.trial(trial), " ")),
        el("p", link(trial.source, trial.source)) if trial.source else "",
        class_="trial",
    )


def _notes(report: Report) -> Html:
    notes = choose.notes(report)
    return section("notes", el("ul", *map(_note, notes))) if notes else Html()


def _note(note: Note) -> Html:
    quote = sentences.note_quote(note)
    return el("li", note.message, *((" ", el("q", quote)) if quote else ()))


def _questions(report: Report) -> Html:
    items = [el("li", question) for question in sentences.questions(report)]
    return section("questions", el("ul", *items, class_="checklist")) if items else Html()


def _where(report: Report) -> Html:
    """Return where the page can be reported; nothing where there is nothing to report."""
    if not choose.strongest(report):
        return Html()
    agencies = el("ul", *map(_agency, knowledge.tables().reporting.rows), class_="agencies")
    return section("where", el("p", words.FIRST_A_DOCTOR), agencies)


def _agency(row: ReportingPlace) -> Html:
    name = link(row.address, row.name) if row.address else row.name
    beside = (row.phone, _mark(row, "address") if row.address else "")
    return el(
        "li",
        el("h3", name, *(inside([" ", el("small", text)]) for text in beside if text)),
        el("p", *joined([row.text, _mark(row, "text")], " ")),
        listed(row.sources),
    )


def _mark(row: ReportingPlace, field: str) -> str:
    return f"({words.UNCONFIRMED})" if field in row.unconfirmed or not row.confirmed else ""


def _judged(report: Report) -> Html:
    reasons = [el("li", reason.message) for reason in sentences.reasons(report)]
    versions = [el("div", el("dt", name), el("dd", version)) for name, version in report.versions.items()]
    return section(
        "judged" if report.error is None else "versions",
        el("ul", *reasons) if reasons else "",
        *(el("p", line) for line in sentences.method(report)),
        *(el("p", note.message, class_="quiet") for note in choose.notes(report, technical=True)),
        el("dl", *versions, class_="versions") if versions else "",
    )
