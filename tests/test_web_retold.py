"""What the checker says of a page stands in the reader's language: every note, every reason, every word on a trial."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from checker import knowledge, notes
from checker.approval import notices
from checker.approval.resolve import resolve
from checker.engine import ADDRESS_GIVEN, ARCHIVED, NOT_SHOWN, TRIED_TOO
from checker.knowledge import enforcement
from checker.knowledge.load import TableProblem
from checker.page import frames, scripts
from checker.reports import sentences
from checker.rules.book import RULES, Book, near_misses
from checker.trials.lookup import Lookup
from checker.values import Note, Organization, Page, Report
from checker.web import given, retold, speech
from tests import web_states
from tests.pdfs import pdf
from tests.web_site import Site, judge

PACKAGE = Path(str(files("checker")))
ADDRESSES = (
    "Our stem cell clinic is at 12 Alder Street, Seattle, WA 98101.",
    "Our stem cell clinic is at 12 Alder Street, Tampa, FL 33601.",
    "Our stem cell clinic is at 12 Alder Street, Provo, UT 84601.",
)
NOTICE = " Stem cell therapy is not approved by the FDA. Please consult with your primary care provider."
#: Sentences on approval, each of which comes to something else; none names a product of our table.
APPROVALS = (
    "Our FDA-approved stem cells treat nerve pain.",
    "Our FDA-approved exosomes reverse neuropathy.",
    "Our PRP is FDA-approved for knee pain.",
    "Our laboratory is FDA-registered.",
    "Our stem cells do not require FDA approval.",
    "Our stem cell therapy received an RMAT designation from the FDA.",
    "This is an off-label use of our stem cells.",
    "Our stem cell therapy is not approved by the FDA.",
    "Our stem cell trial has IRB approval.",
    "Our stem cell treatment is approved by COFEPRIS.",
)


def codes() -> set[str]:
    """Return the codes of notes on single pages that the source makes; those on a whole site are not shown here."""
    calls = (
        node
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "crawl"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Note"
    )
    parts = (part for call in calls for word in call.keywords if word.arg == "code" for part in ast.walk(word.value))
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def of_makers() -> Iterator[Note]:
    """Yield notes that a page alone does not bring about, as the functions that make them do."""
    yield ADDRESS_GIVEN
    yield Note(code="archived", message=ARCHIVED.format(when="2026-11-22T10:00:00Z"))
    yield Note(code="render_failed", message=NOT_SHOWN.format(error="The page was not done within 20 seconds."))
    yield Note(code="render_failed", message=TRIED_TOO.format(error="The site sent no page."))
    yield from frames.notes(["https://offers.example/neuropathy"])
    yield from scripts.notes(())
    whole = Organization(name="Alder Clinic", legal_name="Alder LLC", address="12 Alder Street", telephone="555-0123")
    yield from notes.of_publishers([whole, Organization(name="Alder; legal name “Clinic”", telephone="555-0123")])
    problem = TableProblem(table="law", line=3, field="", message="the row names no source")
    yield from (note for found in ((problem,), (problem, problem)) for note in knowledge._problem_note(found))
    papers = [row for row in knowledge.tables().enforcement.rows if row.may_be_shown]
    yield from (note for row in papers for note in enforcement.notes(f"https://{row.domain}/"))
    for address in ADDRESSES:
        yield from (note for more in ("", NOTICE, " It is not approved by the FDA.") for note in notices.notes(address + more))
    yield from (Note(code=code, message=message) for code, message in given.LEFT_OUT.items())


@cache
def reports() -> tuple[Report, ...]:
    """Return reports on pages that bring about all sorts of notes."""
    engine = judge()
    once = Page(
        source="https://clinic.example/", body=web_states.ALARM.encode(), sha256="0", content_type="text/html", charset="utf-8",
        fetched_at=datetime.now(UTC), robots="not_asked",
    )  # fmt: skip
    listed = Lookup().snapshot.records()[0].id  # type: ignore[union-attr]
    cites = web_states.page("Stem cells for neuropathy", f"Our stem cell trial {listed} reverses neuropathy.")
    leaflet = pdf([[(72, 700, 12, "Our stem cell therapy reverses neuropathy. Book your visit to our clinic today.")], []])
    return (
        *(report for _, report in web_states.reports()),
        engine.check_text("Our stem cell study reverses neuropathy. Join our clinical trial at our clinic today."),
        engine.check_html(web_states.page("Stem cells reverse neuropathy", "It may help. It is experimental.")),
        engine.for_sellers().check_html(web_states.NEWS),
        engine.as_of(date(2040, 1, 1), engine.settings).check_html(cites),
        engine.as_of(date(2020, 1, 1), engine.settings).check_html(web_states.TRIALS),
        engine.check_page(once),
        engine.check_page(replace(once, body=leaflet, content_type="application/pdf")),
    )


def of_pages() -> list[Note]:
    return [note for report in reports() for note in report.notes]


def left_in_english(texts: Iterator[str] | list[str]) -> list[str]:
    return [text for text in texts if retold.tell("es", text).language != "es"]


def test_there_is_an_example_of_every_note() -> None:
    assert codes() - {note.code for note in (*of_makers(), *of_pages())} == set()


def test_every_note_has_its_spanish() -> None:
    told = [note.message for note in (*of_makers(), *of_pages()) if note.code not in {*given.LEFT_OUT, "official_action"}]
    papers = [note.message.rpartition(" ")[0] for note in of_makers() if note.code == "official_action"]
    assert left_in_english([*told, *papers]) == []
    assert all(speech.say("es", text) != text for text in given.LEFT_OUT.values())


def test_every_word_on_a_registry_number_has_its_spanish() -> None:
    old = Lookup(today=date(2020, 1, 1))
    found = [old.find("NCT02387749"), *(Lookup().find(number) for number in ("NCT00000001", "NCT99999999", "NCT05999999"))]
    told = [line for report in reports() for trial in report.trials for line in sentences.trial(trial)]
    assert left_in_english([*told, *(one.message for one in found if not hasattr(one, "record"))]) == []
    assert any("no va con esta página" in retold.tell("es", line).text for line in told)


def test_every_reason_has_its_spanish() -> None:
    of_rules = [f"{rule.message} {rule.why}" for rule in RULES]
    of_facts = [found.message for text in APPROVALS if (found := resolve(text, title="Stem cells", sells_cells=True))]
    of_findings = [finding.why for report in reports() for finding in report.findings]
    assert len(of_facts) == len(APPROVALS)
    assert left_in_english([*of_rules, *of_facts, *of_findings]) == []


def test_what_undoes_a_rule_has_its_spanish() -> None:
    blocks = judge().check_text("\n\n".join(text for rule in RULES for text in rule.misses)).blocks
    undone = {why for statement in judge().pipeline.statements(blocks) for _, why in near_misses(Book(), statement)}
    assert len(undone) > 2
    assert left_in_english(sorted(undone)) == []


def test_quotes_stay_as_they_are_and_are_told_to_be_english() -> None:
    quote = "Save <b>now</b>: “it works” (shown) and limits it in the same statement"
    note = notes.PAIR.format(promise=quote, seen="shown", where="2 statements after", limit="It varies.", limit_seen="hidden")
    told = retold.tell("es", note)
    assert told.language == "es"
    assert '<span lang="en">Save &lt;b&gt;now&lt;/b&gt;' in told.text
    assert "<b>" not in told.text
    assert "2 frases después" in told.text and "(oculto)" in told.text


def test_the_day_of_a_law_and_the_name_of_a_source_stand_where_they_belong() -> None:
    told = retold.tell("es", next(iter(notices.notes(ADDRESSES[1]))).message).text
    assert "(ch. 2025-185)</span> (desde 2025-07-01) pide" in told
    assert "JD Supra, new Florida law on stem cell therapy</span>, https://" in told


def test_what_is_not_ours_stays_whole() -> None:
    assert retold.tell("es", "Pictures and videos were not looked at. Nor was this.") == retold.Retold(
        text="Pictures and videos were not looked at. Nor was this.", language="en"
    )
    assert retold.tell("en", "Save.") == retold.Retold(text="Save.", language="en")


@pytest.mark.parametrize("end", ["", "”; zzz", "”; name “", "; telephone “"])
def test_a_name_full_of_marks_stays_a_name(end: str) -> None:
    for times, language in ((400, "es"), (30_000, "en")):
        (note,) = notes.of_publishers([Organization(name="”; name “" * times + end, telephone="555-0123")])
        assert retold.tell("es", note.message).language == language


def test_a_long_quote_that_looks_like_a_sentence_of_ours_takes_no_time() -> None:
    quote = "” (shown) and limits it before: “" * 60 + ". A limit does not undo a promise elsewhere. " * 60
    retold.tell("es", notes.PAIR.format(promise=quote, seen="x", where="y", limit=quote, limit_seen="z") + " More.")


def test_a_report_in_spanish_shows_its_notes_and_reasons_in_spanish(tmp_path: Path) -> None:
    with Site(tmp_path) as site:
        path = web_states.checked(site, web_states.ALARM)
        spanish, english = (site.get(f"{path}?lang={language}").text for language in ("es", "en"))
        block = next(f.statement.block.index for f in site.app.state.store.report(path[8:]).findings)
        why = site.get(f"{path}/why?lang=es&block={block}").text
    for text in ("No se miraron las fotos", "Un límite no anula una promesa", "Promete que la enfermedad o el daño se revierte."):
        assert text in spanish
    assert "were not looked at" not in spanish and "were not looked at" in english
    assert "Our FDA-approved stem cells reverse neuropathy" in spanish
    assert "Un producto se llama aprobado por la FDA" in why
    assert '<a class="whynot" lang="es"' in spanish
    assert "el modelo)" in spanish and "found by the model" not in spanish


def test_what_was_given_without_an_address_is_named_in_the_readers_language(tmp_path: Path) -> None:
    with Site(tmp_path) as site:
        path = site.ask("Our clinic's stem cells cure neuropathy. Book your visit today.").split("?")[0]
        site.ended(path)
        spanish, english = (site.get(f"{path}?lang={language}").text for language in ("es", "en"))
    assert "un texto pegado · Se leyó el" in " ".join(spanish.split())
    assert "a text that was pasted · Read on" in " ".join(english.split())
