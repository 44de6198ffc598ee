"""The page for patients on a real server on loopback, with one loaded Checker for all tests of a run."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from pathlib import Path

import requests
import uvicorn

from checker.engine import Checker
from checker.settings import Settings, WebSettings
from checker.web.app import create
from tests.server import ADDRESS

#: Only the test's own sites may be read; the rest of loopback stays shut.
SETTINGS = Settings(allow_addresses=(f"{ADDRESS}/32",), hosts=(("clinic.example", ADDRESS),), total_timeout=10.0)


@cache
def judge() -> Checker:
    """Return the Checker of this test run; loading takes seconds."""
    return Checker(SETTINGS)


class Site(AbstractContextManager["Site"]):
    """A running server; ``url`` is its address. Rates are wide unless a test narrows them."""

    def __init__(self, folder: Path, settings: Settings = SETTINGS, **web: object) -> None:
        wide = WebSettings(store=str(folder / "web.sqlite"), rate_address="1000 per minute", rate_all="1000 per minute")
        self.web = replace(wide, **{"rate_reads": "10000 per minute", **web})  # type: ignore[arg-type]
        self.app = create(settings, self.web, judge())
        quiet = {"log_level": "error", "access_log": False, "proxy_headers": False, "timeout_graceful_shutdown": 1}
        self._server = uvicorn.Server(uvicorn.Config(self.app, port=0, **quiet))  # type: ignore[arg-type]
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.url = ""

    def __enter__(self) -> Site:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *error: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    def get(self, path: str, **given: object) -> requests.Response:
        """Get a page without following where it leads."""
        return requests.get(f"{self.url}{path}", timeout=30, allow_redirects=False, **given)  # type: ignore[arg-type]

    def delete(self, path: str) -> requests.Response:
        """Delete what is at a path."""
        return requests.delete(f"{self.url}{path}", timeout=30)

    def post(self, path: str, **given: object) -> requests.Response:
        """Post to a page without following where it leads."""
        return requests.post(f"{self.url}{path}", timeout=30, allow_redirects=False, **given)  # type: ignore[arg-type]

    def ask(self, what: str = "", *, file: tuple[str, bytes] | None = None, language: str = "en", **fields: str) -> str:
        """Send the form of a language and return the path of the check's page."""
        parts: Mapping[str, tuple[str | None, bytes | str]] = {
            "what": (None, what),
            **({"page": file} if file else {}),
            **{name: (None, value) for name, value in fields.items()},
        }
        answer = self.post(f"/checks?lang={language}", files=parts)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def report(self, what: str = "", **given: object) -> str:
        """Send the form and return the page of the finished report."""
        return self.ended(self.ask(what, **given))  # type: ignore[arg-type]

    def ended(self, path: str) -> str:
        """Return the page of a check at its end."""
        for _ in range(20):
            answer = self.get(path)
            if 'data-events="' not in answer.text:
                return answer.text
        raise AssertionError("the check did not end")
