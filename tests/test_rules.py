"""Every rule hits its own examples, misses its own counter-examples, and can explain itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from checker.claims.pipeline import Pipeline
from checker.page import blocks, markup
from checker.rules.book import RULES, Book, apply
from checker.rules.rule import Rule
from checker.training import sheets
from checker.values import Label, Role, Statement, TextBlock


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def statement(pipeline: Pipeline, text: str, *, answers: bool = False) -> Statement:
    """Return an example as a statement; that of a rule about answers is the answer to the question before it."""
    block = TextBlock(index=0, text=text, role=Role.PARAGRAPH if answers else Role.LINK)
    return pipeline.statements([block])[-1]


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule in RULES for text in rule.hits], ids=lambda v: getattr(v, "id", v)
)
def test_rule_hits(pipeline: Pipeline, rule: Rule, text: str) -> None:
    found = statement(pipeline, text, answers=rule.answers)
    assert set(rule.triggers) & set(found.words), "no trigger word stands in the example"
    assert apply(rule, found) is not None


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule in RULES for text in rule.misses], ids=lambda v: getattr(v, "id", v)
)
def test_rule_misses(pipeline: Pipeline, rule: Rule, text: str) -> None:
    assert apply(rule, statement(pipeline, text, answers=rule.answers)) is None


def test_the_book_finds_what_its_rules_find(pipeline: Pipeline) -> None:
    book = Book()
    for sheet in sheets.read(Path(__file__).with_name("bench"), pipeline):
        for found in sheet.example.statements:
            alone = [rule.id for rule in RULES if apply(rule, found) is not None]
            assert alone == [hit.rule for hit in book.hits(found)], found.text


def test_rules_that_nothing_overrules_are_right_on_every_page_written_to_mislead(pipeline: Pipeline) -> None:
    turning = [rule for rule in RULES if rule.turns]
    found = []
    for file in sorted(Path(__file__).with_name("bench").glob("misleading*.jsonl")):
        for page in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if page["publisher"] == "provider":
                labels = {each["text"]: each["labels"] for each in page["statements"]}
                for said in pipeline.statements(blocks.document(markup.parse(page["html"])).blocks):
                    fired = [rule for rule in turning if apply(rule, said)]
                    right = labels.get(said.text, ())
                    found += [(page["page"], said.text, rule.label in right and Label.DISCLAIMER not in right) for rule in fired]
    assert [each for each in found if not each[2]] == []
    assert len(found) >= 5


def test_what_a_rule_marks_is_made_of_whole_words(pipeline: Pipeline) -> None:
    book, in_a_word = Book(), re.compile(r"(?<=\w)\w")
    for sheet in sheets.read(Path(__file__).with_name("bench"), pipeline):
        for found in sheet.example.statements:
            for hit in book.hits(found):
                cut = [at for at in (hit.start, hit.end) if in_a_word.match(found.match_text, at)]
                assert not cut, f"{hit.rule} in {found.text}"


def test_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_complete(rule: Rule) -> None:
    assert rule.hits and rule.misses and rule.sources and rule.message.endswith(".") and rule.why.endswith(".")
