"""Scans of web archives: what is passed over, what is judged, what is kept when processes, workers and clusters end."""

from __future__ import annotations

import gzip
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

from checker.claims.pipeline import Pipeline
from checker.cli.main import main
from checker.errors import ArchiveError, CheckFailed, SettingsError
from checker.page.blocks import document
from checker.page.markup import parse
from checker.scan import bulk, partition
from checker.scan.judge import judge
from checker.scan.output import Counts, Output
from checker.scan.partition import Job
from checker.scan.pool import judge_in_time
from checker.scan.scope import may_be_in_scope
from checker.scan.workers import Cluster, Processes, Workers
from checker.settings import Settings
from checker.training import dataset
from tests.archives import CLINIC, FATAL, clinic_page, judge_quickly, other_page, record, write_archive
from tests.server import LocalServer

ROOT = Path(__file__).parents[1]
#: Pages of an archive, and which of them are a clinic's.
PAGES, EVERY = 20, 10


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """Return a folder with four archives of twenty small pages each."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    for number in range(4):
        write_archive(folder / f"{number}.warc.gz", number * PAGES, PAGES, EVERY, 3_000)
    return folder


def work(crawl: Path, folder: Path, **changes: Any) -> list[Job]:
    jobs = bulk.jobs(bulk.archives([f"{crawl}/*.warc.gz"]), str(folder), Settings())
    return [replace(job, **{"judge": judge_quickly, **changes}) for job in jobs]


def run(jobs: list[Job], workers: Workers, watch: bulk.Watch = lambda job, counts: None) -> bulk.Result:
    return bulk.run(jobs, workers, watch, threading.Event())


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return what a folder holds, without the moment at which it was judged."""
    found: list[dict[str, Any]] = pq.read_table(folder).to_pylist()
    for row in found:
        row["report"] = {**json.loads(row["report"]), "checked_at": None}
    return sorted(found, key=lambda row: str(row["source"]))


@pytest.fixture
def processes() -> Iterator[Processes]:
    pool = Processes(2)
    yield pool
    pool.close()


# -- what is passed over


@pytest.mark.parametrize(
    "html",
    [
        b"<p>Our stem cells help.</p>",
        b"<P>OUR STEM-CELLS HELP.</P>",
        b"<p>stem&nbsp;<b>cell</b>\n therapy</p>",
        b"<p>Wharton&#x27;s jelly</p>",
        "<p>Wharton’s jelly</p>".encode(),
        "<p>exo\u00adsomes</p>".encode(),
        b"<p>st&shy;em cells</p>",
        b"<p>cell therapies</p>",
        b"PRP, and nothing else",
        b"<img alt='platelet-rich plasma'>",
        "<p>Stem cells</p>".encode("utf-16"),
    ],
)
def test_pages_that_name_a_product_are_not_passed_over(html: bytes) -> None:
    assert may_be_in_scope(html)


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"<p>The system is excellent, and a cell phone too.</p>",
        b"<p>prpx msc1 aprf</p>",
        b"<p>stem</p>" + b" " * 500 + b"<p>cell</p>",
        b"<p>Living room, your own cellar therapy.</p>",
        other_page(1),
    ],
)
def test_other_pages_are_passed_over(html: bytes) -> None:
    assert not may_be_in_scope(html)


def test_nothing_is_passed_over_in_which_the_checker_finds_a_product() -> None:
    pipeline = Pipeline()
    named = passed = 0
    for page in dataset.read_pages(ROOT / "training_data" / "pages")[::8]:
        html = dataset.to_html(page)
        statements = pipeline.statements(document(parse(html)).blocks)
        if any(statement.has_term("treatment") for statement in statements):
            named += 1
            passed += not may_be_in_scope(html.encode())
    assert named > 100 and passed == 0


# -- one archive


def test_every_page_is_counted_and_those_in_scope_are_judged(crawl: Path, tmp_path: Path) -> None:
    job = work(crawl, tmp_path / "out", judge=judge)[0]
    counts = partition.scan(job)
    assert replace(counts, seconds=0) == Counts(archives=1, pages=20, passed_over=18, judged=2, flagged=2)
    assert Output(job.folder).counts(job.name) == counts
    first, second = rows(tmp_path / "out")
    assert first["url"] == "http://site0.example/page" and second["url"] == "http://site10.example/page"
    assert first["verdict"] == "alarm" and first["error_code"] is None
    assert [finding["quote"] for finding in first["findings"]] == [found["quote"] for found in first["report"]["findings"]]
    assert f"{first['archived_at']:%Y-%m-%d}" == "2026-03-05"


def test_an_archive_that_was_done_is_not_read_again(crawl: Path, tmp_path: Path) -> None:
    job = work(crawl, tmp_path / "out", judge=judge)[0]
    counts = partition.scan(job)
    Path(job.archive).unlink()
    assert partition.scan(job) == counts


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(lambda data: data[:-300], "broken_file", id="cut"),
        pytest.param(lambda data: b"no archive at all", "broken_file", id="another file"),
        pytest.param(lambda data: b"", "empty", id="empty"),
        pytest.param(lambda data: data[:4_000] + b"\0" * 40 + data[4_040:], "broken_file", id="damaged"),
    ],
)
def test_what_of_an_archive_cannot_be_read_is_a_row(crawl: Path, tmp_path: Path, spoil: Any, code: str) -> None:
    job = work(crawl, tmp_path / "out", judge=judge)[0]
    archive = Path(job.archive)
    archive.write_bytes(spoil(archive.read_bytes()))
    counts = partition.scan(job)
    assert counts.unread + counts.broken >= 1
    assert counts.pages == counts.passed_over + counts.judged + counts.unread
    assert code in {row["error_code"] for row in rows(tmp_path / "out")}


def test_a_crash_of_ours_is_a_row(crawl: Path, tmp_path: Path) -> None:
    def fail(page: Any) -> Any:
        raise RuntimeError("of ours")

    counts = partition.scan(work(crawl, tmp_path / "out", judge=fail)[0])
    assert (counts.unread, counts.judged) == (2, 0)
    assert {row["error_code"] for row in rows(tmp_path / "out")} == {"internal"}


def test_archives_of_text_alone_are_read(tmp_path: Path) -> None:
    text = b"Our FDA-approved stem cell therapy reverses neuropathy.\nBook your free consultation at our clinic.\n"
    path = tmp_path / "0.warc.wet.gz"
    path.write_bytes(record(b"Bread and butter.\n", 1, "conversion", "text/plain") + record(text, 2, "conversion", "text/plain"))
    counts = partition.scan(Job(archive=str(path), folder=str(tmp_path / "out"), settings=Settings(), judge=judge))
    assert (counts.pages, counts.passed_over, counts.judged) == (2, 1, 1)
    assert rows(tmp_path / "out")[0]["verdict"] == "alarm"


def test_half_characters_do_no_harm(crawl: Path, tmp_path: Path) -> None:
    def odd(page: Any) -> Any:
        found = judge(page)
        return replace(found, report={**found.report, "title": "half \ud800"})

    partition.scan(work(crawl, tmp_path / "out", judge=odd)[0])
    assert rows(tmp_path / "out")[0]["title"] == "half ?"


class RangeServer(LocalServer):
    """A server of files in parts, as those of public crawls are."""

    def __init__(self, folder: Path) -> None:
        super().__init__()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            path = folder / handler.path.lstrip("/")
            if not path.is_file():
                handler.send_error(404)
                return
            data = path.read_bytes()
            first, _, last = handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
            part = data[int(first) : int(last) + 1 if last else None]
            handler.send_response(206 if "Range" in handler.headers else 200)
            handler.send_header("Accept-Ranges", "bytes")
            handler.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
            handler.send_header("Content-Length", str(len(part)))
            handler.end_headers()
            if handler.command == "GET":
                handler.wfile.write(part)

        handlers: Any = self._server.RequestHandlerClass
        handlers.do_GET = handlers.do_HEAD = answer


def test_archives_are_read_over_the_web(crawl: Path, tmp_path: Path) -> None:
    here = work(crawl, tmp_path / "here")[0]
    partition.scan(here)
    with RangeServer(crawl) as server:
        partition.scan(replace(here, archive=server.url("/0.warc.gz"), folder=str(tmp_path / "there")))
        with pytest.raises(ArchiveError, match=r"none\.warc\.gz"):
            partition.scan(replace(here, archive=server.url("/none.warc.gz"), folder=str(tmp_path / "there")))
    assert [row["url"] for row in rows(tmp_path / "there")] == [row["url"] for row in rows(tmp_path / "here")]


# -- many archives


def test_processes_do_every_archive_once_and_a_second_run_nothing(crawl: Path, tmp_path: Path, processes: Processes) -> None:
    jobs = work(crawl, tmp_path / "out")
    seen: list[str] = []
    result = run(jobs, processes, lambda job, counts: seen.append(job.archive))
    assert sorted(seen) == [job.archive for job in jobs]
    assert result.finished and (result.counts.pages, result.counts.judged) == (80, 8)
    again = run(jobs, processes, lambda job, counts: pytest.fail("done before"))
    assert replace(again.counts, seconds=0) == replace(result.counts, seconds=0)


def test_a_page_that_ends_its_process_is_found_and_recorded(crawl: Path, tmp_path: Path, processes: Processes) -> None:
    fatal = crawl / "1.warc.gz"
    fatal.write_bytes(fatal.read_bytes() + record(CLINIC + FATAL, 777))
    result = run(work(crawl, tmp_path / "out"), processes)
    assert result.finished and (result.counts.pages, result.counts.judged, result.counts.unread) == (81, 8, 1)
    (lost,) = [row for row in rows(tmp_path / "out") if row["error_code"]]
    assert lost["url"] == "http://site777.example/page" and "ended the process" in lost["error_message"]
    assert not [path for path in (tmp_path / "out").iterdir() if path.suffix != ".parquet"]


def test_killed_processes_cost_nothing_but_time(crawl: Path, tmp_path: Path, processes: Processes) -> None:
    def kill(job: Job, counts: Counts) -> None:
        for process in psutil.Process().children():
            with suppress(psutil.NoSuchProcess):  # one that was killed before and is still in the list
                if "spawn_main" in str(process.cmdline()) and job.archive.endswith("0.warc.gz"):
                    process.kill()

    result = run(work(crawl, tmp_path / "out"), processes, kill)
    assert result.finished and result.counts.archives == 4
    assert (result.counts.judged, result.counts.unread) == (8, 0)


def test_stopping_keeps_what_is_done(crawl: Path, tmp_path: Path) -> None:
    pool, stop = Processes(1), threading.Event()
    try:
        result = bulk.run(work(crawl, tmp_path / "out"), pool, lambda job, counts: stop.set(), stop)
        assert not result.finished and result.counts.archives == 1
        assert run(work(crawl, tmp_path / "out"), pool).counts.archives == 4
    finally:
        pool.close()


def test_lists_and_patterns_name_archives_once(crawl: Path, tmp_path: Path) -> None:
    listed = tmp_path / "all.paths"
    listed.write_text(f"{crawl}/1.warc.gz\n\nfile://{crawl}/2.warc.gz\n{crawl}/1.warc.gz\n")
    assert bulk.archives([str(listed)]) == (f"{crawl}/1.warc.gz", f"file://{crawl}/2.warc.gz")
    assert bulk.archives([f"file://{crawl}/*.gz"]) == tuple(f"file://{crawl}/{number}.warc.gz" for number in range(4))
    with pytest.raises(SettingsError, match=r"No web archive is named .*none"):
        bulk.archives([f"{crawl}/none*.gz"])
    with pytest.raises(SettingsError, match="cannot be read"):
        bulk.archives([str(tmp_path / "none.paths.gz")])
    damaged = bytearray(gzip.compress(b"".join(b"archive-%d.warc.gz\n" % (n * n) for n in range(500))))
    damaged[200:260] = b"\xff" * 60
    (tmp_path / "damaged.paths.gz").write_bytes(damaged)
    with pytest.raises(SettingsError, match="cannot be read"):
        bulk.archives([str(tmp_path / "damaged.paths.gz")])


# -- a Dask cluster


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Any]:
    """Return a cluster of two worker processes that calls a task lost with its first worker."""
    import dask
    from distributed import LocalCluster

    settings = {"distributed.scheduler.allowed-failures": 0, "distributed.comm.timeouts.connect": "3s"}
    with (
        dask.config.set(settings),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50) as cluster,
    ):
        yield cluster


def pids(cluster: Cluster) -> list[int]:
    return list(cluster._client.run(os.getpid).values())


def test_a_cluster_that_loses_a_worker_comes_to_the_same(crawl: Path, tmp_path: Path, scheduler: Any) -> None:
    for job in work(crawl, tmp_path / "local", judge=judge):
        partition.scan(job)
    cluster = Cluster(scheduler.scheduler_address)
    killed: list[int] = []

    def kill(job: Job, counts: Counts) -> None:
        if not killed:
            killed.append(pids(cluster)[0])
            os.kill(killed[0], signal.SIGKILL)

    result = run(work(crawl, tmp_path / "cluster", judge=judge_in_time), cluster, kill)
    cluster.close()
    assert killed and result.finished and result.counts.archives == 4
    assert rows(tmp_path / "cluster") == rows(tmp_path / "local")


def test_a_page_that_ends_its_worker_is_found_and_recorded(crawl: Path, tmp_path: Path, scheduler: Any) -> None:
    for number in (0, 2, 3):
        (crawl / f"{number}.warc.gz").unlink()
    fatal = crawl / "1.warc.gz"
    fatal.write_bytes(record(CLINIC + FATAL, 777) + fatal.read_bytes())
    cluster = Cluster(scheduler.scheduler_address)
    result = run(work(crawl, tmp_path / "out"), cluster)
    cluster.close()
    assert (result.counts.judged, result.counts.unread) == (2, 1)
    assert [row["url"] for row in rows(tmp_path / "out") if row["error_code"]] == ["http://site777.example/page"]


def test_a_cluster_that_goes_away_is_one_clear_line_and_what_was_done_is_kept(crawl: Path, tmp_path: Path) -> None:
    import dask
    from distributed import LocalCluster

    with dask.config.set({"distributed.comm.timeouts.connect": "2s"}):
        away = LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50)
        cluster = Cluster(away.scheduler_address)
        try:
            with pytest.raises(CheckFailed, match="The cluster went away"):
                run(work(crawl, tmp_path / "out"), cluster, lambda job, counts: away.close())
        finally:
            cluster.close()
    assert len(Output(str(tmp_path / "out")).names()) == 1


# -- the command line


def test_the_command_scans_and_goes_on(crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["scan", "--warc", f"{crawl}/*.warc.gz", "--to", str(tmp_path / "out"), "--processes", "1"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert "4 archives, 80 pages: 72 passed over (no word for a product in scope), 8 judged, 8 of them flagged" in said.out
    assert said.err.count("20 pages, 2 judged") == 4
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""


def test_the_sum_adds_up_with_an_archive_that_is_none(crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (crawl / "2.warc.gz").write_bytes(b"no archive at all")
    (crawl / "3.warc.gz").unlink()
    assert main(["scan", "--warc", f"{crawl}/*.warc.gz", "--to", str(tmp_path / "out"), "--processes", "1"]) == 0
    said = capsys.readouterr()
    assert (
        "3 archives, 40 pages: 36 passed over (no word for a product in scope), 4 judged, 4 of them flagged, 0 unread. "
        in said.out
    )
    assert "1 archive could not be read to the end. Results: " in said.out
    assert "0 unread, not read to its end (" in said.err


def test_pdfs_are_passed_over_and_counted_as_check_does(crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = crawl / "with-pdfs.warc.gz"
    leaflets = [record(b"%PDF-1.7", 90 + n, "resource", "application/pdf") for n in range(2)]
    path.write_bytes((crawl / "0.warc.gz").read_bytes() + b"".join(leaflets))
    arguments = ["scan", "--warc", str(path), "--to", str(tmp_path / "out"), "--processes", "1"]
    for _ in range(2):  # the second time from what the first one kept
        assert main(arguments) == 0
        assert "20 pages: 18 passed over (no word for a product in scope), 2 judged" in (said := capsys.readouterr()).out
        assert "0 unread; 2 PDFs passed over. Results: " in said.out
    assert main(["scan", "--warc", str(crawl / "1.warc.gz"), *arguments[3:]]) == 0
    assert "PDF" not in capsys.readouterr().out
    assert main(["check", str(path), "--format", "jsonl"]) == 1
    assert "2 PDFs were passed over" in capsys.readouterr().err


def test_an_archive_elsewhere_that_cannot_be_read_is_left_for_a_later_run(
    crawl: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(2):
        write_archive(crawl / f"{number}.warc.gz", number * PAGES, PAGES, 10**9, 3_000)
    away = f"file://{crawl}/away.warc.gz"
    arguments = ["scan", "--warc", f"{crawl}/0.warc.gz", "--warc", away, "--to", str(tmp_path / "out"), "--processes", "1"]
    assert main(arguments) == 4
    assert f"1 archive could not be read now; the same command tries again:\n  {away}" in capsys.readouterr().err
    (crawl / "1.warc.gz").rename(crawl / "away.warc.gz")
    assert main(arguments) == 0
    assert "2 archives, 40 pages" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["--warc", "{crawl}/none*", "--to", "out"], 2, "No web archive is named", id="no archive"),
        pytest.param(["list.csv", "--warc", "{crawl}/0.warc.gz", "--to", "out"], 2, "not both", id="list and archives"),
        pytest.param(["--warc", "x", "--to", "out", "--pages", "3", "--resume"], 2, "leave --resume and --pages", id="of lists"),
        pytest.param(["--warc", "x", "--to", "out", "--quick"], 2, "leave --quick out", id="always quick"),
        pytest.param(["--to", "out"], 2, "Give a list of sites, or web archives", id="neither"),
        pytest.param(["x.csv", "--to", "out", "--cluster", "tcp://127.0.0.1:9"], 2, "goes with --warc", id="cluster of a list"),
        pytest.param(["--warc", "{crawl}/0.warc.gz", "--to", "{crawl}/0.warc.gz"], 2, "is a file", id="a file as folder"),
        pytest.param(["--warc", "{crawl}/0.warc.gz", "--to", "no-such://x"], 2, "cannot be opened", id="unknown kind of address"),
        pytest.param(["--warc", "{crawl}/0.warc.gz", "--to", "out", "--cluster", "nonsense"], 2, "no Dask", id="address"),
    ],
)
def test_wrong_use_is_one_clear_line(
    crawl: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert main(["scan", *(part.format(crawl=crawl) for part in arguments)]) == code
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_no_scheduler_is_one_clear_line(crawl: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("checker.scan.workers.CONNECT_SECONDS", 1.0)
    assert main(["scan", "--warc", f"{crawl}/0.warc.gz", "--to", "out", "--cluster", "tcp://127.0.0.1:9"]) == 2
    assert capsys.readouterr().err == "clinic-checker: There is no Dask scheduler at tcp://127.0.0.1:9. Nothing was done.\n"


@pytest.mark.parametrize(
    ("options", "said"), [("size=4k", "No space left on device"), ("ro", "Read-only file system")], ids=["full", "read-only"]
)
def test_a_folder_that_takes_nothing_is_one_clear_line(crawl: Path, tmp_path: Path, options: str, said: str) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o {options} tmpfs {small} 2>/dev/null") != 0:
        pytest.skip("a file system of its own needs root")
    try:
        write_archive(crawl / "0.warc.gz", 0, 40, 1, 3_000)
        with pytest.raises(CheckFailed, match=f"cannot be written: {said}"):
            partition.scan(work(crawl, small)[0])
        assert not list(small.iterdir())
    finally:
        os.system(f"umount {small}")


def test_the_clinic_page_of_the_archives_is_in_scope() -> None:
    assert may_be_in_scope(clinic_page(1)) and 60_000 < len(clinic_page(1)) < 90_000
