"""Makes one visit of a page in a browser: goes there, waits, scrolls, opens what is closed, and takes the page down."""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from checker.errors import ReadError
from checker.page import chromium, refusals
from checker.page.address import check_address
from checker.page.chromium import error_type, timeout_type
from checker.page.fetch import check_status
from checker.page.kinds import DEFAULT_PORTS, HTML_TYPES, declared_type
from checker.page.proxy import Proxy
from checker.page.world import World, ready_state
from checker.settings import Settings
from checker.values import Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Process
    from playwright.sync_api import BrowserContext, CDPSession, Request, Response, Route
    from playwright.sync_api import Page as Tab

VIEWPORT = 1366, 900
#: Chromium draws no picture that is higher.
MAX_SCREENSHOT_HEIGHT = 16_000
#: Milliseconds at most for each step; the whole visit ends with ``settings.browser_timeout``.
LOAD_MS, IDLE_MS, SETTLE_MS, OPEN_MS = 12_000, 4_000, 3_000, 10_000
#: Files that a page may ask for; pages of site builders ask for some hundred.
MAX_REQUESTS = 1_500
#: What no text comes from; pictures are loaded only for a screenshot.
_UNREAD_KINDS = frozenset({"media", "font"})
_NET_ERROR = re.compile(r"net::(ERR_[A-Z_]+)")
#: Pieces of Chromium's error names, with code and message; the first that fits decides.
_CAUSES = (
    ("TOO_MANY_REDIRECTS", "redirect_loop", "The site forwarded too many times."),
    ("CERT", "tls", "The certificate or the secure connection of {host} cannot be trusted."),
    ("SSL", "tls", "The certificate or the secure connection of {host} cannot be trusted."),
    ("TIMED_OUT", "timeout", "{host} did not answer in time."),
    ("DECODING", "broken_file", "The answer of {host} is compressed in a broken way."),
    ("HEADERS_TOO_BIG", "too_large", "The answer's headers are too large."),
    ("URL", "unsupported_address", "The site forwards to an address that cannot be read."),
    ("UNSAFE", "unsupported_address", "The site forwards to an address that cannot be read."),
    ("ABORTED", "wrong_type", "The address holds no page but a file to save."),
    ("", "refused", "{host} broke the connection off or sent no proper answer."),
)
#: Run before the page's scripts: shadow trees that a page closes are opened, so that what they show can be read.
_OPEN_SHADOWS = """(() => { const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: "open" }); }; })()"""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What one visit brought: the page, a picture of it (PNG) if one was asked for, and the traffic.

    ``refused`` holds (host:port, error code) of what the page wanted to load and could not; ``cut`` says that loading
    was stopped at ``settings.browser_max_bytes``; ``received`` counts bytes.
    """

    page: Page
    png: bytes | None
    requests: int
    received: int
    refused: tuple[tuple[str, str], ...]
    cut: bool


class BrowserVisit:
    """One visit: from the address to the page."""

    def __init__(self, process: Process, proxy: Proxy, watch: chromium.Watch, settings: Settings, screenshot: bool) -> None:
        self.process = process
        self.proxy = proxy
        self.watch = watch
        self.settings = settings
        self.screenshot = screenshot
        self.passed: list[str] = []
        self.hops = -1
        self.asked = 0
        self.answer: Response | None = None
        self.settled = False

    def run(self, source: str, address: str) -> Visit:
        """Return what the visit brought; every error of the browser becomes a ReadError."""
        from playwright.sync_api import Error

        self.passed.append(address)
        try:
            context = self._context()
            try:
                return self._visit(context, source, address)
            finally:
                context.close()
        except Error as error:
            raise self._read_error(error) from error

    def _context(self) -> BrowserContext:
        version = self.process.version.partition(".")[0]
        return self.process.new_context(
            accept_downloads=False,
            locale="en-US",
            permissions=[],
            proxy={"server": self.proxy.address, "bypass": "<-loopback>"},
            service_workers="block",
            user_agent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{version}.0.0.0 Safari/537.36 {self.settings.agent}",
            viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]},
        )

    def _visit(self, context: BrowserContext, source: str, address: str) -> Visit:
        tab = context.new_page()
        context.add_init_script(_OPEN_SHADOWS)
        context.route("**/*", self._route)
        tab.on("request", self._follow)
        tab.on("response", self._answered)
        tab.on("popup", lambda popup: popup.close())
        tab.on("crash", self._crashed)
        session = context.new_cdp_session(tab)
        self._load(tab, session, address)
        world = World(session, tab.url)
        world.call(f"settle(200, {SETTLE_MS})")
        before = self.proxy.requests
        world.call("scroll()")
        if self.proxy.requests > before:
            with suppress(timeout_type()):
                tab.wait_for_load_state("networkidle", timeout=IDLE_MS)
        world.call(f"settle(200, {SETTLE_MS})")
        world.call("remember()")
        png = self._picture(tab) if self.screenshot else None
        world.call(f"open({OPEN_MS})")
        world.call(f"settle(200, {SETTLE_MS})")
        html = world.html(self.settings.max_bytes)
        return Visit(
            page=self._page(source, tab.url, html),
            png=png,
            requests=self.proxy.requests,
            received=self.proxy.received,
            refused=tuple((place, error.code) for place, error in sorted(self.proxy.refusals.items())),
            cut=self.proxy.exhausted,
        )

    def _load(self, tab: Tab, session: CDPSession, address: str) -> None:
        """Go to the address and wait until the page and what it loads by itself are there; it stays where it is then."""
        tab.goto(address, wait_until="commit", timeout=self.settings.browser_timeout * 1000)
        end = time.monotonic() + LOAD_MS / 1000
        for _ in range(2):  # the first may lead on to another page
            while ready_state(session) != "complete" and time.monotonic() < end and not self._loops():
                tab.wait_for_timeout(100)
            with suppress(timeout_type()):
                tab.wait_for_load_state("networkidle", timeout=IDLE_MS)
        if not self._loops() and ready_state(session) == "loading":
            raise self._slow()
        self.settled = True
        self._check_answer()

    def _crashed(self, tab: Tab) -> None:
        """Have the browser ended: nothing more comes from a tab that broke down."""
        self.watch.reason = self.watch.reason or "crash"

    def _route(self, route: Route) -> None:
        """Let pass what the page needs. This saves traffic and keeps us on the page; it guards nothing, the proxy does."""
        request = route.request
        self.asked += 1
        if self.asked > MAX_REQUESTS:
            self.watch.reason = "flood"
        if self.watch.reason:  # the browser is being ended; what it still asked for is told for a while
            return
        leaves = _is_of_the_tab(request) and (self.settled or self._loops())
        unread = request.resource_type in _UNREAD_KINDS or (request.resource_type == "image" and not self.screenshot)
        if leaves or unread or _is_of_a_window(request):
            route.abort()
        else:
            route.continue_()

    def _loops(self) -> bool:
        """Whether the page has led on, or loaded itself again, too many times."""
        return self.hops > self.settings.max_redirects

    def _follow(self, request: Request) -> None:
        """Remember the addresses that the page itself came from."""
        if self.settled or not _is_of_the_tab(request):
            return
        self.hops += 1
        if request.url != self.passed[-1]:
            self.passed.append(request.url)

    def _answered(self, response: Response) -> None:
        if not self.settled and _is_of_the_tab(response.request):
            self.answer = response

    def _check_answer(self) -> None:
        """Raise ReadError unless the last answer is a page."""
        refusal = self._refusal()
        if self.answer is None or (refusal is not None and self.answer.status == 403):
            raise refusal or ReadError("render", "refused", "The site sent no page.")
        if self._loops():
            raise ReadError("render", "redirect_loop", f"The site forwarded more than {self.settings.max_redirects} times.")
        check_status(self.answer.status, self.answer.headers, partial(_start, self.answer))
        kind = declared_type(self.answer.headers)
        if kind and kind not in HTML_TYPES:
            raise ReadError("render", "wrong_type", f"The address holds no web page but {kind[:60]}.")

    def _refusal(self) -> ReadError | None:
        """Return why the proxy did not reach the last address, if that is so."""
        parts = urlsplit(self.passed[-1])
        with suppress(ValueError):
            port = parts.port or DEFAULT_PORTS.get(parts.scheme)
            return self.proxy.refusals.get(f"{parts.hostname}:{port}")
        return None

    def _picture(self, tab: Tab) -> bytes | None:
        with suppress(timeout_type()):
            height = tab.evaluate("Math.max(document.documentElement.scrollHeight, innerHeight)")
            clip = {"x": 0, "y": 0, "width": VIEWPORT[0], "height": min(int(height), MAX_SCREENSHOT_HEIGHT)}
            return tab.screenshot(full_page=True, clip=clip, animations="disabled", timeout=LOAD_MS)  # type: ignore[arg-type]
        return None

    def _page(self, source: str, url: str, html: str) -> Page:
        body = html.encode("utf-8", errors="replace")
        assert self.answer is not None
        return Page(
            source=source,
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            content_type="text/html",
            charset="utf-8",
            fetched_at=datetime.now(UTC),
            final_url=check_address(url),
            redirects=tuple(self.passed[:-1]),
            status=self.answer.status,
            rendered=True,
        )

    def _slow(self) -> ReadError:
        seconds = self.settings.browser_timeout
        return ReadError("render", "timeout", f"The page was not done in a browser within {seconds:g} seconds.")

    def _read_error(self, error: Exception) -> ReadError:
        """Return what an error of the browser means for the reader."""
        host = urlsplit(self.passed[-1]).hostname or "the site"
        if self.watch.reason == "too_large":
            limit = self.settings.browser_memory // 1_000_000
            return ReadError("render", "too_large", f"The page takes more than {limit:,} MB of memory in a browser.")
        if self.watch.reason == "crash":
            message = "The page made its tab in the browser break down, as a page does that takes too much memory."
            return ReadError("render", "too_large", message)
        if self.watch.reason == "flood":
            return ReadError("render", "too_large", f"The page asks for more than {MAX_REQUESTS:,} files.")
        if self.watch.reason == "timeout" or isinstance(error, timeout_type()):
            return self._slow()
        if self.proxy.exhausted:
            return ReadError("render", "too_large", f"The page loads more than {self.settings.browser_max_bytes:,} bytes.")
        refusal = self._refusal()
        if refusal is not None:
            return refusal
        if self.answer is not None and self.answer.status >= 400:  # an error's empty answer is no page for the browser
            return refusals.refusal(self.answer.status, self.answer.headers, b"")
        found = _NET_ERROR.search(str(error))
        name = found[1] if found else ""
        if not name and "Download is starting" in str(error):
            name = "ABORTED"
        return next(ReadError("render", code, message.format(host=host)) for piece, code, message in _CAUSES if piece in name)


def _is_of_the_tab(request: Request) -> bool:
    """Say whether a request is for the page itself, not for a frame in it or for another window."""
    return request.is_navigation_request() and not _is_of_a_window(request) and request.frame.parent_frame is None


def _is_of_a_window(request: Request) -> bool:
    """Say whether a request is for a window that the page opens: it has no frame yet."""
    try:
        request.frame.parent_frame  # noqa: B018  # asking for a frame that is not there yet raises
    except error_type():
        return True
    return False


def _start(answer: Response) -> bytes:
    """Return the beginning of an answer, nothing where the browser does not give it."""
    with suppress(error_type()):
        return answer.body()[:65_536]
    return b""
