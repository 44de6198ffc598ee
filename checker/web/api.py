"""The JSON API for programs: ask for a check, follow it, fetch the report in every format."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from checker import wire
from checker.web import files, given, pages
from checker.web.keep import KeptCheck, State
from checker.web.problem import Problem
from checker.web.rates import visitor

#: Seconds for which a stream of events lives, and between two looks.
_STREAM = 120.0
_LOOK = 0.1
_EXAMPLE = "https://clinic.example/neuropathy"
_EXAMPLE_TEXT = "Our clinic offers FDA-approved stem cell therapy that reverses neuropathy. Book your free consultation."
_SELLER = "The page is a clinic's or another seller's own: judge it so even where it does not show it."


class Format(StrEnum):
    """The formats of a report."""

    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"


class NewAddress(BaseModel):
    """A page to check, by its address."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"address": _EXAMPLE}]})
    address: str = Field(max_length=8_000, description="An address; without a scheme https is tried, then http.")
    seller: StrictBool = Field(default=False, description=_SELLER)


class NewText(BaseModel):
    """A page to check, by its text."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": _EXAMPLE_TEXT}]})
    text: str = Field(description="The text of a page in English, or its HTML.")
    seller: StrictBool = Field(default=False, description=_SELLER)


class Links(BaseModel):
    """Where the check can be followed."""

    self: str = Field(description="This check.")
    events: str = Field(description="Its progress as server-sent events.")
    report: str = Field(description="Its report, once it is done.")
    page: str = Field(description="The page for people.")


class CheckState(BaseModel):
    """How far a check has come."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "3mN2vZsX0kPq8R1tB5yLwC7d",
                    "state": "judging",
                    "created": "2026-11-26T08:00:00Z",
                    "deleted_at": "2026-11-27T08:00:00Z",
                    "error": None,
                    "links": {
                        "self": "/api/checks/3mN2vZsX0kPq8R1tB5yLwC7d",
                        "events": "/api/checks/3mN2vZsX0kPq8R1tB5yLwC7d/events",
                        "report": "/api/checks/3mN2vZsX0kPq8R1tB5yLwC7d/report",
                        "page": "/checks/3mN2vZsX0kPq8R1tB5yLwC7d",
                    },
                }
            ]
        }
    )
    id: str = Field(description="Nobody can guess it; whoever has it can read and delete the check.")
    state: State = Field(description="done, cancelled and failed are final.")
    created: str
    deleted_at: str = Field(description="When the check is deleted by itself.")
    error: str | None = Field(description="The number of an error of ours, when the check failed.")
    links: Links


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str
    message: str
    id: str | None = Field(default=None, description="The number of an error of ours.")
    retry_after: int | None = Field(default=None, description="Seconds to wait.")


class Error(BaseModel):
    """The one shape of errors."""

    error: ErrorBody


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    names = {
        400: "The request cannot be understood.",
        403: "Another site sent this.",
        404: "There is no such check (any more).",
        409: "The report is not ready.",
        413: "Too large.",
        422: "This cannot be checked.",
        429: "Too many requests; retry_after says when.",
        503: "The queue is full; retry_after says when.",
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"content": content, "description": names[status]} for status in (400, 429, *statuses)}


Ident = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{10,64}$", examples=["3mN2vZsX0kPq8R1tB5yLwC7d"])]
router = APIRouter(prefix="/api", tags=["checks"])


def _kept(request: Request, ident: Ident) -> KeptCheck:
    return pages.kept(request, ident)


Kept = Annotated[KeptCheck, Depends(_kept)]


@router.post("/checks", status_code=202, responses=_errors(403, 413, 422, 503))
def create(request: Request, response: Response, new: NewAddress | NewText) -> CheckState:
    """Ask for a check of an address or a text. The answer comes at once; follow its links."""
    web = request.app.state.web
    try:
        asked = given.of_address(new.address) if isinstance(new, NewAddress) else given.of_text(new.text, web)
    except given.CannotCheckError as error:
        raise Problem(422, error.code, details=str(error)) from error
    ident = pages.take_in(request, replace(asked, seller=new.seller))
    response.headers.update(request.app.state.rates.headers(visitor(request.scope)))
    response.headers["Location"] = f"/api/checks/{ident}"
    return _state(request, pages.kept(request, ident))


# One route names the model, which puts its schema into the document; the others refer to it.
@router.get("/checks/{ident}", responses={**_errors(422), 404: {"model": Error, "description": "There is no such check."}})
def get(request: Request, check: Kept) -> CheckState:
    """Say how far a check has come."""
    return _state(request, check)


@router.delete("/checks/{ident}", status_code=204, responses=_errors(403, 404, 422))
def delete(request: Request, check: Kept) -> None:
    """Delete a check and its report for good; a check that is not done ends."""
    request.app.state.store.delete(check.id)


@router.get("/checks/{ident}/events", response_class=EventSourceResponse, responses=_errors(404, 422))
async def events(request: Request, check: Kept) -> AsyncIterable[ServerSentEvent]:
    """Follow a check: an event "state" for each change, the last one final; the stream ends after two minutes."""
    until, told = time.monotonic() + _STREAM, None
    while time.monotonic() < until:
        now: KeptCheck | None = request.app.state.store.get(check.id)
        state = now.state if now else State.CANCELLED
        if state is not told:
            told = state
            yield ServerSentEvent(event="state", data={"state": state.value, "ended": now is None or now.ended})
        if now is None or now.ended:
            return
        await asyncio.sleep(_LOOK)


@router.get(
    "/checks/{ident}/report",
    responses={
        200: {
            "description": "The report, in the shape of the command line's formats.",
            "content": {
                "application/json": {"schema": {"type": "object"}},
                "application/x-ndjson": {"schema": {"type": "string"}},
                "text/html": {"schema": {"type": "string"}},
            },
        },
        **_errors(404, 409, 422),
    },
    response_class=Response,
)
def report(request: Request, check: Kept, format: Format = Format.JSON) -> Response:  # noqa: A002  # the API's own word
    """Return the report of a check that is done."""
    return files.file_of(pages.report_of(request, check.id), format.value)


def _state(request: Request, check: KeptCheck) -> CheckState:
    hours = request.app.state.web.keep_hours
    here = f"/api/checks/{check.id}"
    return CheckState(
        id=check.id,
        state=check.state,
        created=_moment(check.created),
        deleted_at=_moment(check.created + hours * 3_600),
        error=check.error,
        links=Links(self=here, events=f"{here}/events", report=f"{here}/report", page=f"/checks/{check.id}"),
    )


def _moment(seconds: float) -> str:
    return wire.rfc3339(datetime.fromtimestamp(seconds, UTC))
