"""Turns an address into the page that a browser shows: scripts run, parts opened, everything written out as plain HTML."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from checker.errors import ReadError, SettingsError
from checker.page import chromium
from checker.page.address import check_address
from checker.page.guard import Deadline
from checker.page.proxy import Proxy
from checker.page.visit import BrowserVisit, Visit
from checker.settings import Settings
from checker.values import Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Process
    from playwright.sync_api import Playwright


class Browser:
    """An installed Chromium, started at the first visit and used for all; end it with ``with`` or ``close``.

    Each visit has a context and a proxy of its own: nothing of one page reaches the next. Any thread may ask; the visits
    are made one after the other, in a thread that Playwright has for itself.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._thread: ThreadPoolExecutor | None = None
        self._playwright: Playwright | None = None
        self._process: Process | None = None
        self._mark = ""

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and what drives it, also in the middle of a visit."""
        thread, self._thread = self._thread, None
        if thread is not None:
            if self._mark and (process := chromium.find_process(self._mark)) is not None:
                chromium.end(process)
            thread.submit(self._stop)
            thread.shutdown()

    def read(self, url: str) -> Page:
        """Return the page at an address as a browser shows it: ``body`` is its HTML after scripts, in UTF-8.

        Raises ReadError with the codes of ``fetch``, and SettingsError when there is no browser, or one that was asked for
        does not start.
        """
        return self.visit(url).page

    def render(self, plain: Page) -> Page:
        """Return a page that was read from the web as a browser shows it, with the page as it came. Raises as ``read`` does."""
        return replace(self.read(plain.source), plain=plain, robots=plain.robots)

    def screenshot(self, url: str) -> bytes | None:
        """Return a PNG of the whole page, or None when it cannot be drawn. Raises as ``read`` does."""
        return self.visit(url, screenshot=True).png

    def visit(self, url: str, *, screenshot: bool = False) -> Visit:
        """Return the page and, in the same visit, a picture of it. Raises as ``read`` does."""
        address = check_address(url)
        chromium.require(self.settings)
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "browser")
        try:
            return self._thread.submit(self._visit, url, address, screenshot).result()
        except KeyboardInterrupt:  # whoever interrupts does not wait for the visit's end
            self.close()
            raise

    def _visit(self, url: str, address: str, screenshot: bool) -> Visit:
        process = self._started()
        with ExitStack() as stack:
            deadline = stack.enter_context(Deadline(self.settings.browser_timeout))
            proxy = stack.enter_context(Proxy(self.settings, deadline, self.settings.browser_max_bytes))
            watch = stack.enter_context(chromium.Watch(self._mark, self.settings, deadline))
            stack.callback(self._forget_the_dead)
            return BrowserVisit(process, proxy, watch, self.settings, screenshot).run(url, address)

    def _forget_the_dead(self) -> None:
        """Let the next visit start a new browser when this one was killed or fell; Playwright hears of that later."""
        if chromium.find_process(self._mark) is None:
            self._process = None

    def _started(self) -> Process:
        """Return the browser; where none was asked for, one that does not start is a page that cannot be shown."""
        try:
            return self._running()
        except SettingsError as error:
            if self.settings.render == "always":
                raise
            raise ReadError("render", "refused", str(error)) from error

    def _running(self) -> Process:
        """Return the browser, started anew if there is none or the last visit killed it."""
        from playwright.sync_api import sync_playwright

        if self._process is not None and self._process.is_connected():
            return self._process
        if self._playwright is None:
            self._playwright = sync_playwright().start()
        self._process, self._mark = chromium.launch(self._playwright, self.settings)
        return self._process

    def _stop(self) -> None:
        with suppress(chromium.error_type()):  # it was killed just before
            if self._process is not None:
                self._process.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._process = self._playwright = None
