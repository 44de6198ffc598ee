"""Finds, starts and bounds the browser: an installed Chromium that is driven by Playwright and always ended."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from checker.errors import SettingsError
from checker.page.guard import Deadline
from checker.settings import Settings

if TYPE_CHECKING:
    import psutil
    from playwright.sync_api import Browser as Process
    from playwright.sync_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
INSTALL = "Install Chromium (Debian: apt-get install chromium) and pip install 'clinic-claim-checker[browser]'."
#: A switch that Chromium does not know: it marks our own browser among the processes of the machine.
MARK = "--clinic-checker-visit"
SWITCHES = (
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # with "force-" before it, its old name, it does nothing in 156
    # Only our proxy has an address: what would go past it finds no host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--js-flags=--max-old-space-size=512",
    "--mute-audio",
    "--no-pings",
)
#: Where the browser's own requests go, those of no visit: nobody answers there.
NOWHERE = "http://127.0.0.1:9"
#: How often a visit's time and memory are looked at, in seconds.
PULSE = 0.2


def find(settings: Settings) -> str | None:
    """Return the path of a Chromium that can be driven, or None when the browser or Playwright is missing."""
    if any(importlib.util.find_spec(name) is None for name in ("playwright", "psutil")):
        return None
    if settings.browser_path:
        return shutil.which(settings.browser_path)
    return next(filter(None, map(shutil.which, NAMES)), None)


def require(settings: Settings) -> str:
    """Return the path of the Chromium. Raises SettingsError when there is none."""
    path = find(settings)
    if path is None:
        raise SettingsError(f"There is no browser{f' at {settings.browser_path}' if settings.browser_path else ''}. {INSTALL}")
    return path


def launch(playwright: Playwright, settings: Settings) -> tuple[Process, str]:
    """Start the browser; return it with the mark of its process. Raises SettingsError when it does not start."""
    from playwright.sync_api import Error

    path = require(settings)
    mark = f"{MARK}={secrets.token_hex(8)}"
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        process = playwright.chromium.launch(
            executable_path=path,
            args=[*SWITCHES, mark],
            chromium_sandbox=not is_root,  # Chromium refuses to run its sandbox as root
            proxy={"server": NOWHERE, "bypass": "<-loopback>"},
            timeout=settings.browser_timeout * 1000,
        )
    except Error as error:
        raise SettingsError(f"The browser {path} does not start: {str(error).splitlines()[0]}") from error
    return process, mark


class Watch:
    """Ends the browser when a visit takes too long or too much memory; ``reason`` says which: timeout or too_large.

    Whoever sets a reason of its own ends the browser too.
    """

    def __init__(self, mark: str, settings: Settings, deadline: Deadline) -> None:
        self.reason: str | None = None
        self._mark = mark
        self._settings = settings
        self._deadline = deadline
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        process = find_process(self._mark)
        while process is not None and not self._over.wait(PULSE):
            if private_memory(process) > self._settings.browser_memory:
                self.reason = "too_large"
            elif self._deadline.passed and self.reason is None:
                self.reason = "timeout"
            if self.reason:
                end(process)
                return


def find_process(mark: str) -> psutil.Process | None:
    """Return the browser's first process, a descendant of ours."""
    import psutil

    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            command = process.cmdline()
            if mark in command and not any(part.startswith("--type=") for part in command):
                return process
    return None


def private_memory(process: psutil.Process) -> int:
    """Return the bytes that the browser's processes hold for themselves, shared pages left out."""
    import psutil

    total = 0
    with suppress(psutil.Error):
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                memory = one.memory_info()
                total += memory.rss - getattr(memory, "shared", 0)
    return total


def end(process: psutil.Process) -> None:
    """Kill the browser with all its processes."""
    import psutil

    with suppress(psutil.Error):
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                one.kill()


def error_type() -> type[Exception]:
    """Return the base of Playwright's errors, loaded when it is needed."""
    from playwright.sync_api import Error

    return Error


def timeout_type() -> type[Exception]:
    """Return Playwright's error for a wait that took too long."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    return PlaywrightTimeoutError
