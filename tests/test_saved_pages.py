"""A saved page that is told where it came from: its links, the actions shown beside its domain, and wrong use."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from checker import knowledge
from checker.cli.main import main

CLINIC = """<html lang="en"><head><title>Neuropathy and cord cells | Ostrander Cell Center</title></head><body>
<h1>Stem cells for neuropathy</h1><p>At our clinic we inject umbilical cord stem cells for neuropathy. Our stem cells reverse
nerve damage. Book your visit today.</p><p>We see new patients on Tuesdays; call our office at (555) 555-0163.</p></body>"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(CLINIC, encoding="utf-8")
    return path


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["check", "--format", "json", *arguments]) == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_where_a_saved_page_came_from(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, str(saved), "--url", "https://Ostrander.Example/nerves#top")
    assert (found["source"], found["final_url"]) == (str(saved), "https://ostrander.example/nerves")
    assert found["findings"][0]["place"]["link"].startswith("https://ostrander.example/nerves#:~:text=")
    assert "address_given" in [note["code"] for note in found["notes"]]


def test_without_it_there_is_no_address(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, str(saved))
    assert (found["final_url"], found["findings"][0]["place"]["link"]) == (None, None)
    assert "address_given" not in [note["code"] for note in found["notes"]]


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CLINIC.encode())))
    assert report(capsys, "-", "--url", "http://ostrander.example")["final_url"] == "http://ostrander.example/"


def test_official_actions_go_by_the_domain_that_was_given(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = knowledge.tables().enforcement.rows
    domain = next(row.domain for row in rows if row.domain and row.source)
    notes = report(capsys, str(saved), "--url", f"https://www.{domain}/neuropathy")["notes"]
    assert any(note["code"] == "official_action" and domain in note["message"] for note in notes)


@pytest.mark.parametrize(
    "arguments",
    [
        ("page.html", "other.html", "--url", "https://a.example"),
        ("https://a.example/", "--url", "https://b.example"),
        ("--sample", "--url", "https://a.example"),
        ("page.html", "--url", "a.example"),
        ("page.html", "--url", "https://me:secret@a.example"),
        ("page.html", "--url", ""),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "--url" in captured.err and captured.err.count("\n") == 1
