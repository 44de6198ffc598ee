"""Official actions are shown beside a site by its registered domain only, and only on the agency's own paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from checker import knowledge
from checker.fingerprint import registered_domain
from checker.knowledge import enforcement
from checker.knowledge.rows import Action, Stage

TABLE = Path(knowledge.__file__).parent / "data" / "enforcement.jsonl"


def action(**given: Any) -> Action:
    row: dict[str, Any] = {
        "date": "2025-03-01",
        "agency": "FDA",
        "instrument": "warning letter 1",
        "stage": Stage.LETTER,
        "firms": ("Example Stem Cell Clinic LLC",),
        "domain": "cells.example",
        "domain_unconfirmed": None,
        "product": "cord product",
        "conditions": ("neuropathy",),
        "neuropathy": True,
        "about_cells": True,
        "source_is_agency": True,
        "source": {"title": "FDA, warning letter 1", "url": "https://fda.example/1", "date": "2025-03-01"},
    }
    return Action.model_validate({**row, **given})


@pytest.mark.parametrize(
    "url",
    [
        "https://cells.example/",
        "https://www.cells.example/neuropathy?x=1",
        "http://shop.eu.CELLS.example:8080/",
        "https://cells.example./",
    ],
)
def test_the_registered_domain_and_its_subdomains_match(url: str) -> None:
    assert enforcement.actions_against(url, (action(),)) == (action(),)


@pytest.mark.parametrize(
    "url",
    [
        "https://cells.example.evil.test/",
        "https://notcells.example/",
        "https://cells-example.test/",
        "https://cells.test/",
        "https://cells.example@evil.test/",
        "https://evil.test/cells.example",
        "https://сells.example/",
        "https://example-stem-cell-clinic.test/",
        "ftp://cells.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://example/",
        "https://a..b/",
        "https://[broken/",
        "",
        "-",
        None,
    ],
)
def test_lookalikes_namesakes_and_nonsense_do_not_match(url: str | None) -> None:
    assert enforcement.actions_against(url, (action(),)) == ()


def test_a_tenant_of_a_shared_host_is_not_its_neighbour() -> None:
    row = action(domain="clinic.github.io")
    assert enforcement.actions_against("https://clinic.github.io/x", (row,)) == (row,)
    assert enforcement.actions_against("https://other.github.io/x", (row,)) == ()


@pytest.mark.parametrize(
    "given",
    [
        {"source_is_agency": False},
        {"about_cells": False},
        {"domain": None, "domain_unconfirmed": "cells.example"},
        {"unconfirmed": ("domain",)},
        {"confirmed": False},
    ],
)
def test_a_row_without_agency_paper_cells_or_certain_domain_is_never_matched(given: dict[str, Any]) -> None:
    assert enforcement.actions_against("https://cells.example/", (action(**given),)) == ()


def test_every_row_that_can_be_shown_rests_on_agency_paper() -> None:
    rows = knowledge.tables().enforcement.rows
    shown = [row for row in rows if any(enforcement.actions_against(f"https://{domain}/") for domain in _domains(row))]
    assert len(shown) >= 7
    assert all(row.source_is_agency and row.about_cells and row.domain for row in rows if row.may_be_shown)
    assert {row.domain for row in rows if row.may_be_shown} == {
        match.domain for row in rows for domain in _domains(row) for match in enforcement.actions_against(f"https://{domain}/")
    }


def _domains(row: Action) -> list[str]:
    return [domain for domain in (row.domain, row.domain_unconfirmed) if domain]


def test_every_domain_in_the_table_is_a_registered_one() -> None:
    for row in knowledge.tables().enforcement.rows:
        for domain in _domains(row):
            assert registered_domain(f"https://{domain}/") == domain


def test_a_firm_is_found_by_name_only_in_the_table() -> None:
    assert "Surgenex LLC" in TABLE.read_text(encoding="utf-8")
    assert enforcement.actions_against("https://surgenex-llc.test/") == ()


def test_the_text_names_instrument_date_content_outcome_and_kind() -> None:
    text = enforcement.text_of(action())
    for part in (
        "FDA, warning letter 1, 2025-03-01 (Example Stem Cell Clinic LLC).",
        "cord product",
        "neuropathy",
        "Outcome not checked.",
        "A letter is the agency's view, not a court's finding.",
    ):
        assert part in text


def test_the_text_tells_the_outcome_and_what_the_paper_said_where_known() -> None:
    text = enforcement.text_of(action(outcome="Settled in 2026.", said="The letter names two products.", unconfirmed=("date",)))
    assert "How it ended: Settled in 2026." in text and "Outcome not checked" not in text
    assert "The letter names two products." in text and "2025-03-01 (unconfirmed)" in text


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_says_what_it_is(stage: Stage) -> None:
    assert enforcement.NATURE[stage] in enforcement.text_of(action(stage=stage))
    assert ("letter" in enforcement.NATURE[stage]) is (stage is Stage.LETTER)


def test_actions_come_oldest_first_as_notes_with_their_source() -> None:
    rows = (action(date="2025-03"), action(date="2024"))
    assert [row.date for row in enforcement.actions_against("https://cells.example", rows)] == ["2024", "2025-03"]
    (note,) = enforcement.notes("https://www.surgenex.com/products")
    assert note.code == "official_action" and "surgenex.com" in note.message
    assert re.search(r"Source: .+https://", note.message)
    assert enforcement.notes("https://unknown-clinic.test/") == ()
