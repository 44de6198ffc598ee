"""Measure the page for patients on loopback: fifty visitors at once, a full queue, a kill in the middle, a 100 kB page.

    python tests/bench/web_load.py

It starts servers of its own, kills one with SIGKILL, and takes about a minute. Fails when a report is lost or mixed up.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).parents[2]))

from checker.page import chromium
from tests.server import Answer, LocalServer
from tests.web_site import SETTINGS, Site

VISITORS = 50
WIDE = {"RATE_ADDRESS": "100000 per minute", "RATE_ALL": "100000 per minute", "RATE_READS": "100000 per minute"}


def marked(number: int) -> str:
    """Return a text that no other visitor sends."""
    filler = " ".join(f"Our team of visit {number} meets patients on day {day} of the month." for day in range(60))
    return f"Marker{number:04d}x clinic. Our FDA-approved stem cell therapy reverses neuropathy. Book your visit. {filler}"


class Server:
    """`clinic-checker serve` in a process of its own."""

    def __init__(self, folder: Path, **web: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        wanted = {**WIDE, "STORE": str(folder / "web.sqlite"), **web}
        given = {f"CLINIC_CHECKER_WEB_{name}": value for name, value in wanted.items()}
        command = [sys.executable, "-m", "checker", "serve", "--port", str(port)]
        self.process = subprocess.Popen(command, env={**os.environ, **given}, stderr=subprocess.DEVNULL)
        while True:
            try:
                requests.get(self.url, timeout=5)
                return
            except requests.ConnectionError:
                assert self.process.poll() is None, "the server did not start"
                time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(70)

    def ask(self, number: int) -> requests.Response:
        parts = {"what": (None, marked(number))}
        return requests.post(f"{self.url}/checks", files=parts, timeout=60, allow_redirects=False)

    def report(self, path: str) -> str:
        for _ in range(120):
            text = requests.get(f"{self.url}{path}", timeout=60).text
            if 'data-events="' not in text:
                return text
            time.sleep(0.2)
        raise AssertionError(f"{path} did not end")


def is_own(text: str, number: int) -> bool:
    """Say whether a page is the whole report of this visitor and holds nothing of another's."""
    return "This page promises" in text and set(re.findall(r"Marker(\d{4})x", text)) == {f"{number:04d}"}


def timed(work: Callable[[], bool]) -> tuple[bool, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def visitors_at_once(folder: Path) -> None:
    server = Server(folder, QUEUE="100")
    server.report(server.ask(0).headers["Location"])
    with ThreadPoolExecutor(VISITORS) as pool:
        def visit(number: int) -> tuple[bool, float]:
            return timed(lambda: is_own(server.report(server.ask(number).headers["Location"]), number))

        results = list(pool.map(visit, range(1, VISITORS + 1)))
    server.stop()
    assert all(own for own, _ in results), "a report was lost or mixed up"
    seconds = [took for _, took in results]
    times = f"median {statistics.median(seconds):.2f} s, last {max(seconds):.2f} s"
    print(f"{VISITORS} visitors at once: all have their own report; {times}")


def full_queue(folder: Path) -> None:
    server = Server(folder, QUEUE="10", WORKERS="1")
    with ThreadPoolExecutor(VISITORS) as pool:
        answers = list(pool.map(server.ask, range(VISITORS)))
    refused = [answer for answer in answers if answer.status_code == 503]
    taken = [(number, answer.headers["Location"]) for number, answer in enumerate(answers) if answer.status_code == 303]
    assert len(refused) + len(taken) == VISITORS
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    (_, stopped), *others = taken[::-1]
    requests.post(f"{server.url}{stopped.replace('?', '/cancel?')}", timeout=10)
    assert all(is_own(server.report(path), number) for number, path in others)
    server.stop()
    print(f"a queue of 10: {len(taken)} taken, {len(refused)} told when to come again, the last one stopped, none lost")


def killed_in_the_middle(folder: Path) -> None:
    first = Server(folder, QUEUE="100")
    paths = {number: first.ask(number).headers["Location"] for number in range(40)}
    first.stop(signal.SIGKILL)
    second = Server(folder, QUEUE="100")
    kept = [number for number, path in paths.items() if is_own(second.report(path), number)]
    second.stop()
    assert len(kept) == len(paths), f"{len(paths) - len(kept)} reports were lost or mixed up"
    print(f"killed in the middle and started again: {len(kept)} of {len(paths)} checks end with their own report")


def page_of_100_kb() -> str:
    """Return a page of an invented clinic of about 100 kB, with a sale and a promise here and there."""
    parts = []
    for number in range(260):
        promise = f"Our stem cell therapy at visit {number} reverses neuropathy."
        said = promise if number % 20 == 0 else f"Our doctors plan visit {number} with you."
        more = "At our clinic the team answers your calls on weekdays and plans your stem cell treatment with you."
        parts.append(f"<h2>Part {number}</h2><div class='text'><p>{said} {more}</p><p>{more} {more}</p></div>")
    head = "<!doctype html><html lang='en'><title>Stem cell therapy at Alderbrook Clinic</title><body>"
    return f"{head}<p>Book your stem cell consultation at our clinic today.</p>{''.join(parts)}</body></html>"


def paste_to_report() -> None:
    """Measure in a browser from the press of the button to the headline and to the loaded page."""
    from playwright.sync_api import sync_playwright

    page = page_of_100_kb()
    with ExitStack() as stack:
        clinic = stack.enter_context(LocalServer({"/": Answer(page.encode())}))
        site = stack.enter_context(Site(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.find(SETTINGS), args=["--no-sandbox"])
        tab = browser.new_page()
        times = []
        for _ in range(6):
            tab.goto(site.url)
            tab.get_by_label("Paste the address").fill(clinic.url("/"))
            started = time.perf_counter()
            tab.get_by_role("button", name="Check this page").click(no_wait_after=True)
            tab.wait_for_selector("body.report h1", state="attached")
            headline = time.perf_counter() - started
            tab.wait_for_load_state("load")
            times.append((headline, time.perf_counter() - started))
        assert tab.locator("mark").count() > 0
        browser.close()
    first, whole = (statistics.median(part) for part in zip(*times[1:], strict=True))
    print(f"a page of {len(page) / 1000:.0f} kB, fetch included, median of 5:", end=" ")
    print(f"first text after {first:.2f} s, whole report after {whole:.2f} s")


def main() -> None:
    """Run everything."""
    for run in (visitors_at_once, full_queue, killed_in_the_middle):
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder))
    if chromium.find(SETTINGS) is None:
        print("no Chromium here: the time from paste to report was not measured")
    else:
        paste_to_report()


if __name__ == "__main__":
    main()
