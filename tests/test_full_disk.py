"""Output that cannot be written: one line, exit code 4, no trace and no half file; links and pipes stay what they are."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.cli.main import main
from tests import planted


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "clinics.db"
    planted.scan_both(path, planted.plan(20))
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder that takes next to nothing."""
    folder = tmp_path_factory.mktemp("small")
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=4k tmpfs {folder} 2>/dev/null") != 0:
        pytest.skip("a file system of its own needs root")
    try:
        yield folder
    finally:
        os.system(f"umount {folder}")


def run(arguments: str, path: Path, folder: Path, shell: str = 'exec "$@"') -> subprocess.CompletedProcess[str]:
    """Run a command in a shell, in a folder."""
    given = [part.format(path=path) for part in arguments.split()]
    asked = ["bash", "-c", shell, "bash", sys.executable, "-m", "checker", *given]
    return subprocess.run(asked, capture_output=True, text=True, cwd=folder, timeout=120, check=False)


EXPORTS = [f"export {{path}} --format {kind}" for kind in ("csv", "xlsx", "parquet", "sarif")]
OTHERS = ["compare {path} --all", "summary {path} --format json", "check --sample --quick --format html"]


@pytest.mark.parametrize("arguments", EXPORTS + OTHERS)
@pytest.mark.parametrize("buffered", ["unset PYTHONUNBUFFERED", "export PYTHONUNBUFFERED=1"])
def test_standard_output_on_a_full_disk_is_one_line(path: Path, small: Path, arguments: str, buffered: str) -> None:
    done = run(arguments, path, small, f'{buffered}; exec "$@" > out')
    (small / "out").unlink()
    said = "clinic-checker: What comes out cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (4, said)


@pytest.mark.parametrize("arguments", EXPORTS[:2] + OTHERS)
def test_closed_standard_output_is_one_line(path: Path, tmp_path: Path, arguments: str) -> None:
    done = run(arguments, path, tmp_path, 'exec "$@" >&-')
    said = "clinic-checker: What comes out cannot be written: standard output is closed.\n"
    assert (done.returncode, done.stderr) == (4, said)


@pytest.mark.parametrize("arguments", EXPORTS)
def test_a_file_that_does_not_fit_is_one_line_and_the_one_before_stays(path: Path, small: Path, arguments: str) -> None:
    (small / "out").write_text("old")
    done = run(f"{arguments} --to out", path, small)
    assert (done.returncode, done.stderr) == (4, "clinic-checker: The file out cannot be written: No space left on device.\n")
    assert [each.name for each in small.iterdir()] == ["out"] and (small / "out").read_text() == "old"
    (small / "out").unlink()


def test_pictures_and_reports_are_whole_or_not_there(path: Path, small: Path) -> None:
    done = run("summary {path} --pictures drawn", path, small)
    assert (done.returncode, done.stderr.replace("drawn/", "")) == (
        4,
        "clinic-checker: Pictures cannot be written to drawn: No space left on device.\n",
    )
    done = run("check --sample --quick --format html --to drawn", path, small)
    said = "clinic-checker: The file drawn/sample.html cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr, list((small / "drawn").iterdir())) == (4, said, [])
    (small / "drawn").rmdir()


def test_evidence_that_does_not_fit_costs_no_report_and_leaves_nothing(path: Path, small: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Our clinic's stem cells reverse neuropathy. Book your visit today.</p>")
    done = run(f"check {page} --quick --evidence kept --format jsonl", path, small)
    said = "clinic-checker: The evidence cannot be written to kept: No space left on device.\n"
    assert (done.returncode, done.stderr) == (4, said) and done.stdout.startswith('{"format_version"')
    assert list((small / "kept").iterdir()) == []
    (small / "kept").rmdir()


def test_a_command_that_writes_files_needs_no_standard_output(path: Path, tmp_path: Path) -> None:
    done = run("export {path} --format jsonl --to out", path, tmp_path, 'exec "$@" >&-')
    assert (done.returncode, done.stderr) == (0, "") and (tmp_path / "out").stat().st_size > 1_000


# -- links and pipes


def test_a_link_is_followed(path: Path, tmp_path: Path) -> None:
    real, link, dangling = (tmp_path / name for name in ("months/real.jsonl", "link.jsonl", "dangling.jsonl"))
    real.parent.mkdir()
    real.write_text("last month")
    link.symlink_to("months/real.jsonl")
    dangling.symlink_to("months/new.jsonl")
    for to in (link, dangling):
        assert main(["export", str(path), "--format", "jsonl", "--to", str(to)]) == 0
        assert to.is_symlink() and to.read_text().startswith('{"row"')
    assert sorted(each.name for each in real.parent.iterdir()) == ["new.jsonl", "real.jsonl"]


@pytest.mark.parametrize("kind", ["jsonl", "xlsx", "parquet"])
def test_a_pipe_is_written_into_and_stays_one(path: Path, tmp_path: Path, kind: str) -> None:
    pipe, file = tmp_path / "pipe", tmp_path / "file"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert main(["export", str(path), "--format", kind, "--to", str(pipe)]) == 0
    reader.join(timeout=30)
    assert stat.S_ISFIFO(pipe.stat().st_mode) and [each.name for each in tmp_path.iterdir()] == ["pipe"]
    assert main(["export", str(path), "--format", kind, "--to", str(file)]) == 0
    assert len(read[0]) > 1_000 and (kind == "xlsx" or read[0] == file.read_bytes())


def test_a_reader_of_a_pipe_who_goes_away_is_told_as_one_of_standard_output(path: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    shell = 'head -c 10 pipe >got & exec "$@"'
    done = run("export {path} --format jsonl --to pipe", path, tmp_path, shell)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("kind", ["folder", "loop"])
def test_what_can_be_no_file_is_wrong_use(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    to = tmp_path / "to"
    if kind == "folder":
        to.mkdir()
    else:
        to.symlink_to("to")
    assert main(["export", str(path), "--format", "csv", "--to", str(to)]) == 2
    assert "to cannot be written: " in capsys.readouterr().err
