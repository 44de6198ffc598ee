"""What a person decides of a finding sticks to it in every scan, and stays to be seen."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from checker.cli.main import main
from checker.store import rows
from checker.store.rows import FindingRow
from checker.store.store import Store
from tests import planted


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "clinics.db"
    planted.scan_both(path, planted.plan(2))
    return path


@pytest.fixture
def path(scanned: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "clinics.db"
    copy.write_bytes(scanned.read_bytes())
    return copy


def findings(path: Path, scan: int) -> list[FindingRow]:
    with Store.read(path) as store:
        sites = rows.sites(store, store.scan(scan))
        return [finding for site in sites for finding in rows.findings(store, site)]


def in_both(path: Path) -> list[str]:
    earlier = {finding.fingerprint for finding in findings(path, 1)}
    return [finding.fingerprint for finding in findings(path, 2) if finding.fingerprint in earlier]


def test_decisions_hold_in_every_scan_and_the_latest_counts(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two, *_ = in_both(path)
    assert main(["review", str(path), "--confirm", one, "--reject", two[:8].upper(), "--note", "seen on paper"]) == 0
    assert main(["review", str(path), "--reject", one]) == 0
    assert main(["review", str(path), "--on", two, "--note", "asked the clinic"]) == 0
    capsys.readouterr()
    for scan in (1, 2):
        found = {f.fingerprint: (f.decision, f.note) for f in findings(path, scan)}
        assert found[one] == ("rejected", "seen on paper")
        assert found[two] == ("rejected", "asked the clinic")
    with Store.read(path) as store:
        assert store.db["review"].count == 4


def test_the_list_shows_what_is_open_or_all(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = in_both(path)[0]
    assert main(["review", str(path)]) == 0
    before = capsys.readouterr().out.splitlines()
    assert len(before) == len(findings(path, 2))
    main(["review", str(path), "--reject", one])
    capsys.readouterr()
    main(["review", str(path)])
    assert len(capsys.readouterr().out.splitlines()) < len(before)
    main(["review", str(path), "--all"])
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == len(before) and any(line.startswith(f"{one}  rejected") for line in shown)
    main(["review", str(path), "--label", "cure"])
    assert {line.split()[2] for line in capsys.readouterr().out.splitlines()} == {"cure"}


def test_a_person_is_asked_one_by_one_in_a_terminal(path: Path) -> None:
    owner, terminal = pty.openpty()
    command = [sys.executable, "-m", "checker", "review", str(path)]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=subprocess.PIPE) as process:
        os.close(terminal)
        os.write(owner, b"c\nx\nr\nn\nlook again\n\nq\n")
        said = b""
        while True:
            try:
                part = os.read(owner, 10_000)
            except OSError:
                break
            said += part
        assert process.wait() == 0, process.stderr and process.stderr.read()
    assert b"Ackerbee" not in said
    assert b"(c)onfirm, (r)eject" in said and said.count(b"none of the answers") == 1
    with Store.read(path) as store:
        decided = [(row["decision"], row["note"]) for row in store.db["review"].rows]
    assert decided == [("confirmed", None), ("rejected", None), (None, "look again")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--confirm", "abc"], "give at least 6"),
        (["--confirm", "zzzzzzzz"], "is no fingerprint"),
        (["--confirm", "000000"], "No finding has the fingerprint"),
        (["--note", "alone"], "A note needs a finding"),
        (["--on", "abcdef"], "--on needs the note"),
        (["--label", "bogus"], "There is no label bogus; the labels are fda_approved, "),
        (["--confirm", "abcdef", "--label", "cure"], "--label and --all choose what is listed"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_written(
    path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["review", str(path), *arguments]) == 2
    assert said in capsys.readouterr().err
    with Store.read(path) as store:
        assert store.db["review"].count == 0


def test_two_decisions_of_one_finding_are_refused_and_none_is_written(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two, *_ = in_both(path)
    assert main(["review", str(path), "--confirm", two, "--confirm", one, "--reject", one[:8]]) == 2
    assert f"The finding {one} is given two decisions" in capsys.readouterr().err
    with Store.read(path) as store:
        assert store.db["review"].count == 0
