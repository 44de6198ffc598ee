"""No fixed text that a reader may see holds a word that judges people, and none shouts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import checker.reports
from checker import errors, verdict
from checker.crawl import judge, pairs, report
from checker.page import polite, robots
from checker.reports import site_words, words
from checker.rules.book import RULES

FORBIDDEN = re.compile(
    r"\b(?:fraud\w*|scams?|fake\w*|quack\w*|lie|lies|lied|lying|illegal\w*|criminal\w*|guilty|innocent|trusted|ratings?)\b",
    re.IGNORECASE,
)
REPORTS = Path(checker.reports.__file__).parent
LISTS, STORE = (REPORTS.parent / name for name in ("lists", "store"))


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a value made of dictionaries, lists and tuples."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


def fixed_texts() -> Iterator[tuple[str, str]]:
    """Yield (where it stands, text)."""
    for name, value in vars(words).items():
        if name.isupper():
            yield from ((f"words.{name}-{n}", text) for n, text in enumerate(strings(value)))
    for module in (site_words, report, judge, pairs, robots, polite):
        for name, value in vars(module).items():
            if name.isupper():
                yield from ((f"{module.__name__}.{name}-{n}", text) for n, text in enumerate(strings(value)))
    yield from ((f"verdict.{key}", text) for key, text in verdict.MESSAGES.items())
    yield from ((f"errors.{key}", text) for key, text in errors.ADVICE.items())
    for rule in RULES:
        yield f"{rule.id}.title", rule.title
        yield f"{rule.id}.message", rule.message
        yield f"{rule.id}.why", rule.why


def literals() -> Iterator[tuple[str, str]]:
    """Yield every text constant in the code of the reports, and the style sheet."""
    for path in sorted((*REPORTS.glob("*.py"), *LISTS.glob("*.py"), *STORE.glob("*.py"))):
        constants = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
        yield path.name, "\n".join(constant for constant in constants if isinstance(constant, str))
    yield "report.css", files("checker.reports").joinpath("report.css").read_text("utf-8")


TEXTS = list(fixed_texts())


@pytest.mark.parametrize("text", [pytest.param(text, id=where) for where, text in [*TEXTS, *literals()]])
def test_no_word_judges_people(text: str) -> None:
    assert not FORBIDDEN.findall(text)


@pytest.mark.parametrize("text", [pytest.param(text, id=where) for where, text in TEXTS])
def test_no_text_shouts(text: str) -> None:
    assert "!" not in text


@pytest.mark.parametrize(
    "word", ["fraudulent", "Scams", "faked", "quackery", "lying", "illegally", "criminals", "Trusted", "ratings"]
)
def test_inflections_are_found(word: str) -> None:
    assert FORBIDDEN.search(f"This is {word}.")


@pytest.mark.parametrize(
    "text", ["You believe us.", "We rely on it.", "separating cells", "a client", "He rated it.", "Trust your doctor."]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert not FORBIDDEN.search(text)


def test_the_texts_were_found() -> None:
    found = {where.split(".")[0] for where, _ in TEXTS}
    assert {"words", "verdict", "errors", RULES[0].id} <= found
    assert words.UNREAD_WHY.keys() == errors.ADVICE.keys()
