"""Wires the stages: from a source to its report."""

from __future__ import annotations

import copy
import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import checker
from checker import judgement, knowledge, wire
from checker import notes as noting
from checker import verdict as judging
from checker.approval import notices
from checker.claims.pipeline import Pipeline
from checker.errors import ReadError, SettingsError
from checker.judgement import Judgement, Opinion
from checker.knowledge import enforcement
from checker.page import blocks, chromium, frames, markup, pdf, readable, scripts, sources, text
from checker.page.kinds import HTML_TYPES
from checker.page.record import Recorder
from checker.page.render import Browser
from checker.rules.book import VERSION as RULES_VERSION
from checker.rules.book import Book
from checker.settings import Settings
from checker.trials import check as registry
from checker.trials import find
from checker.trials.lookup import Lookup
from checker.trials.result import RegistryCheck
from checker.values import (
    FLAGGED,
    Document,
    Explanation,
    Failure,
    Note,
    Page,
    Report,
    Statement,
    TextBlock,
    Verdict,
    VerdictLevel,
    Zone,
)

if TYPE_CHECKING:
    from checker.classifier.model import Classifier
    from checker.trials.client import Client


#: How sites refuse programs that a browser may still read.
_SHUT_TO_PROGRAMS = frozenset({"http_status", "bot_wall"})
ARCHIVED = "This page was read from a web archive, which recorded it at {when}; it may look different today."
ARCHIVED_SOME_DAY = "This page was read from a web archive, which does not say when it recorded it; it may look different today."
NOT_ASKED = "This one address was read once, as a browser would read it; the site's robots.txt was not asked."
NOT_SHOWN = "A browser was to show the page and could not. {error}"
TRIED_TOO = "It was tried in a browser too. {error}"
LITTLE = "Only {count} words could be read; the page may hold more. Open it in a browser and compare."
PDF = "The source is a PDF; pictures in it were not looked at."
PDF_BARE = "Pages without text: {pages}."
PICTURES = "Pictures and videos were not looked at."
PICTURES_AND_SCRIPTS = "Pictures, videos and text that scripts add later were not looked at."

_FRAME = b"<iframe"
#: A page of a clinic holds several hundred words; one with fewer than this may be the front of another.
FEW_WORDS = 40
ADDRESS_GIVEN = Note(
    code="address_given", message="The address was given together with the text; the page was not fetched from there."
)
PUBLISHER_GIVEN = Note(
    code="publisher_given",
    message="By itself this page does not show that its publisher sells the treatment; it was judged as a seller's page because "
    "whoever asked for the check said so.",
)


class Checker:
    """A loaded pipeline, rule book and model. Building takes seconds; checking a page quickly takes milliseconds.

    Safe to share between threads.
    """

    def __init__(
        self, settings: Settings | None = None, model: Path | None = None, *, online: bool = False, thorough: bool = False
    ) -> None:
        """Load everything; ``online`` lets registry numbers be looked up live.

        A ``thorough`` check reads all that is doubtful on a page word by word, which takes seconds for a long one; a
        quick one what tens of milliseconds allow.

        Raises ModelError when the model file cannot be used, SettingsError when a browser is asked for and there is none.
        """
        from checker.classifier.model import QUICK, THOROUGH, load

        self.settings = settings or Settings()
        if self.settings.render == "always":
            chromium.require(self.settings)
        self.pipeline = Pipeline()
        self.book = Book()
        self.classifier: Classifier = load(model, THOROUGH if thorough else QUICK)
        gc.collect()
        gc.freeze()  # what was just loaded stays: looking through it again and again cost a third of a check's time
        self.lookup = Lookup(client=_client(self.settings) if online else None)
        self.browser = Browser(self.settings)
        self.sellers_only = False

    def for_sellers(self) -> Checker:
        """Return this checker, nothing loaded again, for pages that are known to be a seller's: each is judged as one."""
        other = copy.copy(self)
        other.sellers_only = True
        return other

    def as_of(self, day: date, settings: Settings) -> Checker:
        """Return this checker for which it is another day, offline: dated facts are held against it. No model is loaded again."""
        other = copy.copy(self)
        other.settings, other.lookup = settings, Lookup(today=day)
        return other

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser, if a page needed one."""
        self.browser.close()

    @property
    def versions(self) -> dict[str, str]:
        """The versions that a report names so that it can be recomputed."""
        return {
            "checker": checker.__version__,
            "rules": RULES_VERSION,
            "model": self.classifier.digest[:16],
            "reading": self.classifier.effort.name,
            "training_data": self.classifier.data_digest[:16],
            "trials": self.lookup.version,
            **knowledge.versions(),
        }

    def check(self, source: str, recorder: Recorder | None = None, url: str | None = None) -> Report:
        """Check an address, a file or ``-`` (standard input); a source that cannot be read gives a report that says so.

        The recorder keeps the page that was judged and what was sent and received for it; ``url`` is where a saved
        page came from.
        """
        return self._checked(source, recorder or Recorder(), url)[0]

    def _checked(self, source: str, recorder: Recorder, url: str | None) -> tuple[Report, Opinion | None]:
        """Check a source as `check` does; no opinion comes with the report of one that could not be read."""
        try:
            recorder.page = sources.read(source, self.settings, recorder, url)
            if (self.settings.render == "always" and _is_web_page(recorder.page)) or self.is_framed(recorder.page):
                return self._check_rendered(recorder.page, recorder)
            return self.judge_page(recorder.page)
        except ReadError as error:
            return self._try_browser(source, error, recorder)

    def is_framed(self, page: Page) -> bool:
        """Say whether a part of the page is in frames of its own site, which a browser is there to read with it."""
        if page.rendered or not _is_web_page(page) or _FRAME not in page.body.lower():
            return False
        if self.settings.render == "never" or chromium.find(self.settings) is None:
            return False
        try:
            return frames.of_same_site(document_of(page), page)
        except ReadError:
            return False

    def _check_rendered(self, plain: Page, recorder: Recorder) -> tuple[Report, Opinion]:
        """Check the page as a browser shows it; where the browser fails, as it came, and say so."""
        try:
            recorder.page = self.render(plain)
        except ReadError as error:
            return self.judge_page(replace(plain, not_shown=str(error)))
        return self.judge_page(recorder.page)

    def _try_browser(self, source: str, error: ReadError, recorder: Recorder) -> tuple[Report, Opinion | None]:
        """Check in a browser what could not be read without one, where that is wanted and may help."""
        plain = recorder.page
        empty = plain is not None and not plain.rendered and error.code == "script_only" and _is_web_page(plain)
        shut = plain is None and error.code in _SHUT_TO_PROGRAMS and self.settings.render == "always"
        if not (empty or shut) or self.settings.render == "never" or chromium.find(self.settings) is None:
            return self.unread(source, error), None
        try:
            recorder.page = self.render(plain) if plain else self.browser.read(source)
            return self.judge_page(recorder.page)
        except ReadError as second:
            note = Note(code="render_failed", message=TRIED_TOO.format(error=second.message))
            return self.unread(source, error, (note,)), None

    def render(self, plain: Page) -> Page:
        """Return a page that was read from the web as a browser shows it.

        Raises ReadError, and SettingsError when there is no browser.
        """
        return self.browser.render(plain)

    def check_url(self, url: str) -> Report:
        """Check one web address; what cannot be read is in the report's error, never raised.

        Raises SettingsError only where a browser was asked for (``render`` is "always") and does not start.
        """
        if url.strip().lower().startswith(("http://", "https://")):
            return self.check(url.strip())
        return self.unread(url, ReadError("address", "unsupported_address", "Only http:// and https:// addresses can be read."))

    def check_archive(self, path: str, on_pdf: Callable[[str], None] | None = None) -> Iterator[Report]:
        """Check every page of a web archive; what cannot be read of it gives a report that says so.

        ``on_pdf`` is told the address of each PDF, which is passed over.
        """
        from checker.page.archive import pages

        for archived in pages(path, self.settings, on_pdf=on_pdf):
            if archived.page is not None:
                report = self.check_read(archived.page)
            elif archived.failure is not None:
                report = self.not_read(archived.source, archived.failure)
            else:
                continue
            moment = archived.recorded_at
            if archived.page is not None or moment is not None:  # else it is the archive itself that could not be read
                message = ARCHIVED.format(when=wire.rfc3339(moment)) if moment else ARCHIVED_SOME_DAY
                report = replace(report, notes=(Note(code="archived", message=message), *report.notes), recorded_at=moment)
            yield report

    def check_read(self, page: Page, *, seller: bool = False) -> Report:
        """Check a page that was read as `check_page` does; one that holds nothing to judge gives a report that says so."""
        try:
            return self.check_page(page, seller=seller)
        except ReadError as error:
            return replace(self.not_read(page.source, error.failure()), final_url=page.final_url)

    def check_html(self, html: str | bytes, source: str = "html", url: str | None = None) -> Report:
        """Check a page's HTML; ``source`` names it in the report, ``url`` is where it came from."""
        body = html.encode("utf-8", errors="replace") if isinstance(html, str) else html
        return self._check_body(body, source, url, "text/html", "utf-8" if isinstance(html, str) else None)

    def check_text(self, plain: str, source: str = "text") -> Report:
        """Check plain text; empty lines part its blocks."""
        return self._check_body(plain.encode("utf-8", errors="replace"), source, None, "text/plain", "utf-8")

    def _check_body(self, body: bytes, source: str, url: str | None, content_type: str, charset: str | None) -> Report:
        page = Page(
            source=source,
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            content_type=content_type,
            charset=charset,
            fetched_at=datetime.now(UTC),
            final_url=url,
        )
        try:
            return self.check_page(page)
        except ReadError as error:
            return self.unread(source, error)

    def check_page(self, page: Page, on_stage: Callable[[str], None] | None = None, *, seller: bool = False) -> Report:
        """Check a page that was read; raises ReadError when it holds nothing that can be judged.

        ``on_stage`` is told "registries" and "judging" as each begins; what it raises ends the check. ``seller`` says
        that the site's other pages show a seller, so that this page is one's too.
        """
        return self.judge_page(page, on_stage, seller=seller)[0]

    def judge_page(
        self, page: Page, on_stage: Callable[[str], None] | None = None, *, seller: bool = False
    ) -> tuple[Report, Opinion]:
        """Check a page as `check_page` does; the opinion lets reasons be told later without judging the page again."""
        document, statements, trials, judged = self._judged(page, on_stage or (lambda stage: None), seller=seller)
        found, kind = judged.findings, judged.opinion.kind
        verdict = judging.decide(kind, found)
        unread = frames.unread(document, page)
        if unread and verdict.level not in FLAGGED and _is_little(page, document):
            raise _only_a_frame(unread)
        report = Report(
            source=page.source,
            checked_at=datetime.now(UTC),
            verdict=verdict,
            versions=self.versions,
            final_url=page.final_url,
            title=document.title,
            language=document.language or "en",
            findings=found,
            trials=trials,
            notes=(
                *((PUBLISHER_GIVEN,) if self.sellers_only and judged.told else ()),
                *frames.notes(unread),
                *noting.of_findings(found),
                *noting.of_publishers(document.publishers),
                *find.study_wording(statements),
                *registry.notes(trials, self.lookup),
                *self._known(page, document, selling=judged.selling),
                *(scripts.notes(statements) if page.rendered else ()),
                *_page_notes(page, document),
            ),
            blocks=document.blocks,
        )
        return report, judged.opinion

    def _judged(
        self, page: Page, tell: Callable[[str], None], *, seller: bool
    ) -> tuple[Document, tuple[Statement, ...], tuple[RegistryCheck, ...], Judgement]:
        """Return what a page holds and what was said of it: its statements, its registry numbers, the judgement."""
        document = document_of(page)
        readable.require(document, page)
        plain = document_of(page.plain) if page.plain else None
        statements = scripts.mark(self.pipeline.statements(document.blocks), plain, document.framed)
        tell("registries")
        trials = registry.checks(statements, document.title, page.final_url, document.organizations, self.lookup)
        tell("judging")
        seller = seller or self.sellers_only
        judged = judgement.judge(document, statements, self.book, self.classifier, trials=trials, seller=seller)
        return document, statements, trials, judged

    def explain(self, source: str, words: str) -> Explanation:
        """Say why the statement of the source that holds (or comes closest to) the words was or was not flagged.

        Raises SettingsError when there are no words, or the source cannot be read.
        """
        if not words.split():
            raise SettingsError("Give the sentence, or a part of it.")
        report, opinion = self._checked(source, Recorder(), None)
        if report.error is not None:
            raise SettingsError(f"{report.error.message} {report.error.advice}")
        assert opinion is not None  # it comes with every page that was judged
        statements = self.pipeline.statements(report.blocks)
        if not statements:
            raise SettingsError("The source holds no statement.")
        judged = judgement.again(statements, report.findings, opinion, self.book)
        position, exact = judgement.closest(statements, words)
        return judgement.explain(judged, statements, position, self.book, self.classifier, exact=exact)

    def _known(self, page: Page, document: Document, *, selling: bool) -> tuple[Note, ...]:
        """Return what the tables hold of a page: official actions against its site, notices its state requires, old tables."""
        today = self.lookup.today
        if not selling:
            return knowledge.notes(today)
        text, own = ("\n".join(block.text for block in blocks) for blocks in (document.blocks, _own(document)))
        return (*knowledge.notes(today), *enforcement.notes(page.final_url), *notices.notes(text, today, own=own))

    def unread(self, source: str, error: ReadError, notes: tuple[Note, ...] = ()) -> Report:
        """Return the report of a source that could not be read."""
        return self.not_read(source, error.failure(), notes)

    def not_read(self, source: str, failure: Failure, notes: tuple[Note, ...] = ()) -> Report:
        """Return the report of a source that could not be read, from the failure as a value."""
        return Report(
            source=source,
            checked_at=datetime.now(UTC),
            verdict=Verdict(level=VerdictLevel.COULD_NOT_READ, publisher=None),
            versions=self.versions,
            notes=notes,
            error=failure,
        )


def _is_web_page(page: Page) -> bool:
    """Say whether a browser can be sent to the page."""
    return page.content_type in HTML_TYPES and page.source.lower().startswith(("http://", "https://"))


def _client(settings: Settings) -> Client:
    from checker.cachefile import default_folder
    from checker.trials.cache import Cache
    from checker.trials.client import Client

    return Client(settings, Cache(default_folder() / "registry.sqlite"))


def document_of(page: Page) -> Document:
    """Return the blocks of a page of any type; raises ReadError for one that cannot be parsed or holds too much."""
    if page.content_type == "application/pdf":
        return text.bounded(pdf.document_of_pdf(page.body))
    decoded = markup.decode(page.body, page.charset)
    plain = page.content_type == "text/plain"
    return text.bounded(text.document_of_text(decoded) if plain else blocks.document(markup.parse(decoded)))


def _page_notes(page: Page, document: Document) -> Sequence[Note]:
    given = [ADDRESS_GIVEN] if page.final_url is not None and page.status is None else []
    asked = [Note(code="robots_not_asked", message=NOT_ASKED)] if page.robots == "not_asked" else []
    failed = [Note(code="render_failed", message=NOT_SHOWN.format(error=page.not_shown))] if page.not_shown else []
    return (*given, *_little(page, document), *_unseen(page, document), *asked, *failed)


def _own(document: Document) -> Sequence[TextBlock]:
    """Return the blocks that tell no patient's story, whose home is not the clinic's."""
    return [block for block in document.blocks if block.zone is not Zone.TESTIMONIAL]


def _words(document: Document) -> int:
    return sum(len(block.text.split()) for block in document.blocks)


def _is_little(page: Page, document: Document) -> bool:
    return _words(document) < FEW_WORDS and page.content_type != "text/plain"


def _only_a_frame(addresses: Sequence[str]) -> ReadError:
    message = f"The page shows hardly anything but a frame with the page {addresses[0]} in it."
    advice = f"Check the frame's page by itself: {addresses[0]}"
    return ReadError("read", "empty", message, advice, notes=frames.notes(addresses))


def _little(page: Page, document: Document) -> Sequence[Note]:
    """Return a note for a page of which hardly anything could be read: it may be more than what was seen."""
    if not _is_little(page, document):
        return ()
    return (Note(code="little_text", message=LITTLE.format(count=_words(document))),)


def _unseen(page: Page, document: Document) -> Sequence[Note]:
    if page.content_type == "text/plain":
        return ()
    if page.content_type == "application/pdf":
        bare = ", ".join(map(str, document.pages_without_text))
        return (Note(code="pdf", message=f"{PDF} {PDF_BARE.format(pages=bare)}" if bare else PDF),)
    if page.rendered:
        return (Note(code="not_looked_at", message=PICTURES),)
    return (Note(code="not_looked_at", message=PICTURES_AND_SCRIPTS),)
