"""The commands build, refresh, show and info, as a person runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checker.cli.main import main
from checker.cli.trials import WIDTH, app
from checker.errors import CheckFailed, SettingsError
from checker.trials.snapshot import Snapshot, shipped
from tests.server import LocalServer
from tests.test_trials_client import given, not_found, page, path_of, query_path
from tests.test_trials_snapshot import export, facts

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as running:
        yield running


def run(*arguments: str | Path) -> Result:
    return RUNNER.invoke(app, [str(argument) for argument in arguments])


def live(server: LocalServer) -> tuple[str, ...]:
    return ("--registry-url", server.url("/api/v2"), "--allow-private")


def shown(*arguments: str | Path) -> str:
    """Run a command that must succeed and fit into 80 columns."""
    result = run(*arguments)
    assert result.exception is None, result.output
    assert all(len(line) <= WIDTH for line in result.output.splitlines())
    return result.output


def test_build(tmp_path: Path) -> None:
    to = tmp_path / "copy.sqlite"
    result = run("build", export(tmp_path), facts(tmp_path), "--to", to, "--facts-date", "2026-11-20")
    assert result.exit_code == 0 and "2 trials as of 2022-09-29" in result.output
    assert Snapshot(to).meta["facts_as_of"] == "2026-11-20"
    assert "2026-11-20" in shown("info", "--snapshot", to)


def test_a_bad_row_ends_the_build(tmp_path: Path) -> None:
    result = run("build", export(tmp_path, {"Status": "Fine"}), facts(tmp_path), "--to", tmp_path / "copy.sqlite")
    assert isinstance(result.exception, CheckFailed) and not (tmp_path / "copy.sqlite").exists()


def test_a_short_row_and_a_date_that_is_none_end_the_build(tmp_path: Path) -> None:
    short = export(tmp_path)
    short.write_text(short.read_text() + "NCT05559804,Short row\n")
    result = run("build", short, facts(tmp_path), "--to", tmp_path / "copy.sqlite")
    assert isinstance(result.exception, CheckFailed) and "too few cells" in str(result.exception)
    for day in ("yesterday", "2026-13", "2999-01"):
        result = run("build", export(tmp_path), facts(tmp_path), "--to", tmp_path / "copy.sqlite", "--facts-date", day)
        assert isinstance(result.exception, SettingsError) and not (tmp_path / "copy.sqlite").exists()


def test_show_ends_with_4_where_nothing_was_looked_up(tmp_path: Path) -> None:
    assert main(["trials", "show", "NCT02387749", "--snapshot", str(tmp_path / "none.sqlite")]) == 4
    assert main(["trials", "show", "NCT04280705"]) == 0


def test_refresh(server: LocalServer, tmp_path: Path) -> None:
    server.routes[query_path()] = page("NCT05559801", token="a", total=2)
    server.routes[query_path("a")] = page("NCT05559802")
    to = tmp_path / "copy.sqlite"
    result = run("refresh", "--query", "mesenchymal neuropathy", "--to", to, *live(server))
    assert result.exit_code == 0 and "2 trials" in result.output
    assert "RECRUITING" in shown("info", "--snapshot", to)


def test_show_a_trial_of_the_copy() -> None:
    output = shown("show", "nct 02387749")
    for part in ("NCT02387749", "COMPLETED", "Diabetic", "Cairo University", "posted", "not in our copy", "no approval"):
        assert part in output


def test_show_says_which_words_are_ours() -> None:
    ours, theirs = (shown("show", key) for key in ("NCT02427464", "NCT02387749"))
    assert "Title (ours)  VM202" in ours and "not in the registry's" in " ".join(ours.split())
    assert "Title         Effect Of" in theirs and "ours" not in theirs and "in our words" not in theirs


def test_show_what_the_copy_lacks() -> None:
    assert "That says nothing about whether it exists." in " ".join(shown("show", "NCT04280705").split())


def test_show_what_matches_no_record() -> None:
    output = shown("show", "NCT10953523")
    output = " ".join(output.split())
    assert "a source that we read in 2026-11 says that it matches no record" in output and "clinmedjournals" in output


def test_show_live(server: LocalServer) -> None:
    server.routes[path_of("NCT05559801")] = given()
    server.routes[path_of("NCT05000000")] = not_found("NCT05000000")
    assert "Lakemoor Nerve Center" in shown("show", "NCT05559801", "--online", *live(server))
    assert "We could not find this number" in shown("show", "NCT05000000", "--online", *live(server))
    shown("show", "NCT05559801", "--online", *live(server))
    assert len(server.requests) == 2  # the third came from the cache


def test_show_needs_a_number() -> None:
    assert isinstance(run("show", "neuropathy").exception, SettingsError)


def test_info() -> None:
    output = shown("info")
    for part in ("2022-09-29", "2026-11", "more than a year old", "COMPLETED", f"{shipped().stat().st_size:,} bytes"):
        assert part in output


def test_info_of_a_corrupt_copy(tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite").write_bytes(b"nothing")
    result = run("info", "--snapshot", tmp_path / "copy.sqlite")
    assert isinstance(result.exception, CheckFailed) and "copy.sqlite cannot be read" in str(result.exception)
