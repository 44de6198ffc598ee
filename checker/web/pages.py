"""The pages for people: start, progress, report, and what can be done with a report."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from checker import knowledge
from checker.page.address import MAX_LENGTH
from checker.values import Label, Report
from checker.web import complaint, given, reason, render, told
from checker.web.keep import Asked, Given, KeptCheck, State
from checker.web.problem import MESSAGES, Problem
from checker.web.rates import Rates, visitor
from checker.web.view import View
from checker.web.work import BusyError, Workshop

router = APIRouter(include_in_schema=False)
#: Seconds for which the page of a running check waits, since most checks end within them; then it shows the stage.
PATIENCE = 1.5
_STEP = 0.05

COMPLAINT_MISTAKE = "Please tick the quotes that you found on the page, and the last line."
#: What is being done, in words; the steps are those that a reader sees from the start.
STAGES = {
    State.WAITING: "Your check waits for its turn.",
    State.READING: "We fetch and read the page.",
    State.REGISTRIES: "We look up trial numbers.",
    State.JUDGING: "We compare each sentence with our rules.",
}
STEPS = ((State.READING, "Read the page"), (State.REGISTRIES, "Look up trial numbers"), (State.JUDGING, "Judge each sentence"))


@router.get("/")
def start(
    request: Request,
    address: Annotated[str, Query(max_length=MAX_LENGTH)] = "",
    seller: str = "",
    again: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Show the one box; a bookmarklet fills it in, and so does a report that asks whether the page is a seller's.

    ``again`` is the check of a pasted text, which stands in the box again with the address that was given beside it.
    """
    report: Report | None = request.app.state.store.report(again) if again else None
    typed = "\n\n".join(block.text for block in report.blocks) if report else address
    url = (report.final_url or "") if report else ""
    return render.page(request, "start.html", typed=typed, url=url, seller=seller, mistake="", fill={})


@router.post("/checks")
async def submit(
    request: Request,
    what: Annotated[str, Form()] = "",
    sample: Annotated[str, Form()] = "",
    seller: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    page: Annotated[UploadFile | None, Form()] = None,
) -> Response:
    """Take a check in and lead to its page."""
    typed = {"typed": what, "url": url, "seller": seller}
    try:
        asked = replace(await _asked(request, what, sample, page, url), seller=bool(seller))
    except given.CannotCheckError as error:
        return _again(request, typed, Problem(422, error.code))
    try:
        ident = take_in(request, asked)
    except Problem as problem:
        return _again(request, typed, problem)
    return RedirectResponse(f"/checks/{ident}?lang={render.language_of(request)}", status_code=303)


def _again(request: Request, typed: dict[str, str], problem: Problem) -> Response:
    """Show the form again with what was typed in it, and why it was not taken."""
    shown = {**typed, "mistake": MESSAGES[problem.code], "fill": problem.fill}
    return render.page(request, "start.html", problem.status, problem.headers, **shown)


async def _asked(request: Request, what: str, sample: str, page: UploadFile | None, url: str) -> Asked:
    web = request.app.state.web
    if sample:
        return Asked(kind=Given.SAMPLE, name="sample")
    if page is not None and page.filename:
        return await run_in_threadpool(given.of_upload, given.of_file(page.filename, await page.read(), web), what, url)
    return await run_in_threadpool(given.of_form, what, url, web)


def take_in(request: Request, asked: Asked) -> str:
    """Put a check into the queue, count it and return its id; raises Problem, and counts nothing, when that is too much."""
    rates: Rates = request.app.state.rates
    workshop: Workshop = request.app.state.workshop
    who = visitor(request.scope)
    with rates.checking:
        if seconds := rates.wait_for_check(who):
            problem = Problem(429, "rate", seconds=seconds)
            problem.headers.update(rates.headers(who))
            raise problem
        try:
            ident = workshop.submit(asked)
        except BusyError as error:
            raise Problem(503, "busy", seconds=error.seconds) from error
        rates.count_check(who)
    return ident


@router.get("/checks/{ident}")
async def show(request: Request, ident: str, show: str = "") -> Response:
    """Show how far a check has come, or its report."""
    check = await ended(request, ident, PATIENCE)
    if check.state is State.DONE:
        return await run_in_threadpool(_report, request, check, show)
    if check.state is State.FAILED:
        raise Problem(500, "internal", number=check.error or "")
    order = {state: number for number, state in enumerate(State)}
    return render.page(request, "progress.html", check=check, State=State, stages=STAGES, steps=STEPS, order=order)


async def ended(request: Request, ident: str, patience: float) -> KeptCheck:
    """Return a check, as soon as it has ended or after some seconds; raises Problem when there is none."""
    for _ in range(max(1, round(patience / _STEP))):
        check = kept(request, ident)
        if check.ended:
            return check
        await asyncio.sleep(_STEP)
    return kept(request, ident)


def kept(request: Request, ident: str) -> KeptCheck:
    """Return a check; raises Problem when there is none."""
    check: KeptCheck | None = request.app.state.store.get(ident)
    if check is None:
        raise Problem(404, "not_found")
    return check


def report_of(request: Request, ident: str) -> Report:
    """Return the report of a check; raises Problem when there is none (yet)."""
    check = kept(request, ident)
    if check.state is State.FAILED:
        raise Problem(500, "internal", number=check.error or "")
    report: Report | None = request.app.state.store.report(ident)
    if report is None:
        raise Problem(404, "not_found") if check.ended else Problem(409, "not_ready", seconds=2)
    return report


def _report(request: Request, check: KeptCheck, show: str) -> Response:
    report = report_of(request, check.id)
    label = Label(show) if show in set(Label) else None
    view = View(report, render.language_of(request), label)
    has_evidence = request.app.state.store.evidence(check.id) is not None
    state = request.app.state
    shown = {"check": check, "report": report, "view": view, "web": state.web, "has_evidence": has_evidence}
    if report.error:
        advice = told.advice(report.error.code, uploaded=check.kind is Given.FILE)
        return render.page(request, "unread.html", advice=advice, **shown)
    return render.page(request, "report.html", floors=told.floors(), contact=state.settings.contact, **shown)


@router.get("/checks/{ident}/why")
def why(request: Request, ident: str, block: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> Response:
    """Say why each sentence of a block was or was not marked."""
    report = report_of(request, ident)
    if seconds := request.app.state.rates.why(visitor(request.scope)):
        raise Problem(429, "rate", seconds=seconds)
    explained = request.app.state.workshop.explain(ident, report, block)
    if not explained:
        raise Problem(404, "not_found")
    language = render.language_of(request)
    items = [reason.of(explanation, language) for explanation in explained]
    return render.page(request, "why.html", ident=ident, items=items, report=report)


@router.get("/checks/{ident}/complaint")
def prepare(
    request: Request, ident: str, q: Annotated[list[int] | None, Query(max_length=50)] = None, checked: str = ""
) -> Response:
    """Offer the quotes for a text to an agency, and show the text once a person has checked them."""
    check, report = kept(request, ident), report_of(request, ident)
    chosen = q or []
    lines = complaint.text(report, check.kind, chosen) if checked else []
    view = View(report, render.language_of(request))
    quotes = [view.quote(number, finding) for number, finding in complaint.offered(report)]
    mistake = "" if lines or not (checked or q) else COMPLAINT_MISTAKE
    return render.page(
        request, "complaint.html", ident=ident, view=view, quotes=quotes, chosen=chosen, lines=lines, mistake=mistake
    )


@router.get("/known")
def known(request: Request) -> Response:
    """Show what is known, with sources and dates."""
    tables = knowledge.tables()
    return render.page(request, "known.html", topics=told.by_topic(render.language_of(request)), as_of=tables.known.as_of)


@router.get("/about")
def about(request: Request) -> Response:
    """Say how the tool works, how often it errs, what it keeps, and how to ask for a correction."""
    state = request.app.state
    base = str(request.base_url)
    return render.page(request, "about.html", web=state.web, floors=told.floors(), contact=state.settings.contact, base=base)


@router.post("/checks/{ident}/cancel")
def cancel(request: Request, ident: str) -> Response:
    """End a check that is not done."""
    kept(request, ident)
    request.app.state.store.move(ident, State.CANCELLED)
    return RedirectResponse(f"/checks/{ident}?lang={render.language_of(request)}", status_code=303)


@router.post("/checks/{ident}/delete")
def delete(request: Request, ident: str) -> Response:
    """Delete a check for good."""
    request.app.state.store.delete(ident)
    return RedirectResponse(f"/deleted?lang={render.language_of(request)}", status_code=303)


@router.get("/deleted")
def deleted(request: Request) -> Response:
    """Say that a report is gone."""
    return render.page(request, "deleted.html")
