"""The page's fixed texts: easy words, one catalogue, nothing that judges people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest
import textstat
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from checker import errors, knowledge
from checker.reports import words
from checker.rules.book import RULES
from checker.web import given, pages, problem, retold, speech, told, view
from tests.test_fixed_words import FORBIDDEN, strings

WEB = files("checker.web")
#: The words of reports that the page shows; the others belong to the terminal and the file.
SHOWN = (
    "LABELS DOES ROLES ZONES VISIBILITIES SCRIPTED NO_PROMISE HEADLINES MAY_PROMISE TRIAL_DOES_NOT_FIT PROMISE WHAT "
    "AFTER_PROMISE FIRST_PROMISE NEXT_PROMISE ONE_STATEMENT STATEMENTS AND BARE_PROMISE CAUTION BARE_CAUTION SHIELDED_PROMISE "
    "VERBS AGAIN UNREAD UNREAD_WHY "
    "UNREAD_OTHER OUTCOMES METHOD METHOD_KIND METHOD_LIMITS QUESTIONS "
    "QUESTIONS_OUT_OF_SCOPE UNDER ANSWERS INTRODUCED PDF_PAGE SHIELDED UNSURE NERVES_ONLY NOT_MARKED "
    "RULE ALSO ALSO_DOES MODEL THE_MODEL"
).split()


def of_templates() -> Iterator[str]:
    for path in sorted(WEB.joinpath("templates").iterdir(), key=lambda path: path.name):
        with path.open("rb") as file:
            found = extract("jinja2.ext:babel_extract", file, keywords={"_": None}, options={"trimmed": "true"})
            yield from (message for _, message, _, _ in found if isinstance(message, str))


def of_tables() -> Iterator[str]:
    tables = knowledge.tables()
    yield from (row.text for row in tables.known.rows)
    for row in tables.reporting.rows:
        yield from (row.name, row.text)


def of_code() -> Iterator[str]:
    values: list[Any] = [getattr(words, name) for name in SHOWN]
    values += [text for text, _ in words.FAMILIES.values()]
    values += [problem.MESSAGES, given.MESSAGES, view.LEFT_OUT, told.ADVICE, told.TOPICS, pages.COMPLAINT_MISTAKE, pages.STAGES]
    values += [text for _, text in pages.STEPS] + [told.advice("robots"), told.advice("robots", uploaded=True)]
    yield from (text for value in values for text in strings(value) if text)


def of_reports() -> Iterator[str]:
    """Yield what the checker says of a page, in notes, reasons and of registry numbers, and the words that fill it in."""
    yield from (text for text in retold.templates() if text)
    yield from strings([retold.FILLINGS, retold.of_laws(), [rule.title for rule in RULES]])


TEXTS = list(dict.fromkeys([*of_templates(), *of_tables(), *of_code(), *of_reports()]))


def catalogue() -> dict[str, str]:
    with WEB.joinpath("locale/es.po").open("rb") as file:
        read = read_po(file, locale="es")
    assert not [message.id for message in read if message.id and message.fuzzy]
    return {str(message.id): str(message.string) for message in read if message.id}


SPANISH = catalogue()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text.replace("%(", "(")) if name} | set(re.findall(r"%\((\w+)\)s", text))


def test_the_texts_were_found() -> None:
    assert "What does this clinic promise?" in TEXTS
    assert "The FDA has had reports" in " ".join(TEXTS)
    assert len(TEXTS) > 200


def test_the_catalogue_holds_every_text_and_no_other() -> None:
    assert [text for text in TEXTS if not SPANISH.get(text)] == []
    assert [text for text in SPANISH if text not in TEXTS] == []


def test_a_translation_fills_in_the_same_fields() -> None:
    assert [text for text in TEXTS if fields(SPANISH[text]) != fields(text)] == []


def test_no_text_judges_people_or_shouts() -> None:
    everything = [*TEXTS, *SPANISH.values()]
    assert [text for text in everything if FORBIDDEN.search(text) or "!" in text or "¡" in text] == []


def test_there_is_advice_for_every_reason() -> None:
    assert set(told.ADVICE) <= set(errors.ADVICE)
    assert all(told.advice(code) for code in errors.ADVICE)


def test_a_text_that_is_in_no_catalogue_stays_as_it_is() -> None:
    assert speech.say("es", "Not in the catalogue.") == "Not in the catalogue."
    assert speech.say("es", "") == ""


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, None, "en"),
        ("es", "en", "es"),
        ("xx", "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, "de,fr", "en"),
        (None, "en-US,es", "en"),
        (None, ",;q=,\x00", "en"),
    ],
)
def test_the_language_that_a_reader_wants(asked: str | None, accepted: str | None, language: str) -> None:
    assert speech.choose(asked, accepted) == language


def running(texts: list[str]) -> str:
    """Return the texts as one; what is filled in counts as one short word, and a title as a sentence."""
    plain = [re.sub(r"%\(\w+\)s|\{\w+\}|https?://\S+", "three", text) for text in texts]
    return " ".join(text if text[-1] in ".?:" else f"{text}." for text in plain)


def ages(texts: list[str]) -> dict[str, float]:
    textstat.set_lang("en_US")
    text = running(texts)
    return {"Coleman-Liau": textstat.coleman_liau_index(text), "ARI": textstat.automated_readability_index(text)}


@pytest.mark.parametrize("part", [of_templates, of_tables, of_code], ids=["templates", "tables", "code"])
def test_english_that_a_pupil_of_the_eighth_year_can_read(part: Callable[[], Iterator[str]]) -> None:
    found = ages(list(part()))
    print(part.__name__, found)
    assert max(found.values()) <= 8


def test_spanish_that_is_easy() -> None:
    textstat.set_lang("es")
    try:
        score = textstat.fernandez_huerta(running(list(SPANISH.values())))
    finally:
        textstat.set_lang("en_US")
    print("Fernández-Huerta", score)
    assert score >= 70


def test_the_measure_sees_hard_words() -> None:
    hard = "Regenerative mesenchymal administration demonstrates unprecedented neurological functional restoration capabilities."
    assert min(ages([hard]).values()) > 8
