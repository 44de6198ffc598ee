"""Runs our own script in a page, in a world beside the page's scripts, and brings the page out as plain HTML."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from checker.errors import ReadError
from checker.page.chromium import error_type
from checker.page.frames import site
from checker.page.markup import MAX_TAGS

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession


class World:
    """Our own script in a world beside the page's scripts, reached through the browser's debugging protocol."""

    def __init__(self, session: CDPSession, url: str) -> None:
        self._session = session
        self._site = site(url)
        tree = session.send("Page.getFrameTree")["frameTree"]
        self._main = self._enter(tree["frame"]["id"])
        self._frames = list(self._same_site(tree))

    def _enter(self, frame: str) -> int:
        world = self._session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "clinic-checker"})
        context = int(world["executionContextId"])
        self._evaluate(_script(), context)
        return context

    def _same_site(self, tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the frames of the same site but another origin: id and address."""
        for child in tree.get("childFrames", ()):
            frame = child["frame"]
            if site(frame["url"]) == self._site and frame.get("securityOrigin") != tree["frame"].get("securityOrigin"):
                yield frame["id"], frame["url"]
            yield from self._same_site(child)

    def call(self, expression: str) -> Any:
        """Return what a function of our script returns."""
        return self._evaluate(f"clinicChecker.{expression}", self._main)

    def html(self, max_chars: int) -> str:
        """Return the page's HTML. Raises ReadError too_large."""
        html = str(self.call(f"write({max_chars}, {MAX_TAGS}, false)"))
        parts = []
        for frame, url in self._frames:
            with suppress(error_type()):  # it may have gone
                inner = self._evaluate(f"clinicChecker.write({max_chars}, {MAX_TAGS}, true)", self._enter(frame))
                parts.append(f'<section data-frame="{escape(url)}">{inner}</section>')
        if len(html) + sum(map(len, parts)) > max_chars:
            raise _too_large()
        before, body_end, after = html.rpartition("</body>")
        return before + "".join(parts) + body_end + after if body_end else html + "".join(parts)

    def _evaluate(self, expression: str, context: int) -> Any:
        """Return the expression's value; raises ReadError where the page is too large, or has taken itself apart."""
        answer = self._session.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": context, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" not in answer:
            return answer["result"].get("value")
        if answer["exceptionDetails"].get("exception", {}).get("className") == "RangeError":
            raise _too_large()
        raise ReadError("render", "broken_file", "The page cannot be read in a browser: it takes itself apart.")


def _too_large() -> ReadError:
    return ReadError("render", "too_large", f"The page's scripts make more HTML than is read, or more than {MAX_TAGS:,} tags.")


def ready_state(session: CDPSession) -> str:
    """Return the page's own word on its loading; Playwright's waits end late when a page calls a mail program."""
    with suppress(error_type()):  # it may lead on to another page just now
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "clinic-checker"})
        asked = {"expression": "document.readyState", "contextId": world["executionContextId"]}
        return str(session.send("Runtime.evaluate", asked)["result"].get("value"))
    return "loading"


@cache
def _script() -> str:
    return files("checker.page").joinpath("render.js").read_text(encoding="utf-8")
