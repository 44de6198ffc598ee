"""What can be downloaded of a report, and what our pages load."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

from fastapi import APIRouter, Request
from starlette.responses import Response

from checker.reports import html, jsonout
from checker.values import Report
from checker.web import pages, render
from checker.web.problem import Problem

router = APIRouter(include_in_schema=False)
#: Report formats: media type and writer.
FORMATS: dict[str, tuple[str, Callable[[Report, StringIO], None]]] = {
    "json": ("application/json", lambda report, stream: jsonout.write_json([report], stream)),
    "jsonl": ("application/x-ndjson", jsonout.write_jsonl),
    "html": ("text/html; charset=utf-8", html.write),
}


@router.get("/checks/{ident}/evidence.wacz")
def evidence(request: Request, ident: str) -> Response:
    """Return the evidence file: what was sent, received and judged."""
    pages.kept(request, ident)
    data = request.app.state.store.evidence(ident)
    if data is None:
        raise Problem(404, "not_found")
    headers = {"Content-Disposition": f'attachment; filename="evidence-{ident[:6]}.wacz"'}
    return Response(data, media_type="application/wacz", headers=headers)


@router.get("/checks/{ident}/report.{kind}")
def download(request: Request, ident: str, kind: str) -> Response:
    """Return the report as a file."""
    if kind not in FORMATS:
        raise Problem(404, "not_found")
    return file_of(pages.report_of(request, ident), kind, f"report-{ident[:6]}.{kind}")


def file_of(report: Report, kind: str, name: str | None = None) -> Response:
    """Return a report in one of FORMATS, as a download where a name is given."""
    media, write = FORMATS[kind]
    stream = StringIO()
    write(report, stream)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    return Response(stream.getvalue().encode("utf-8", "replace"), media_type=media, headers=headers)


@router.get("/static/{name}")
def static(name: str) -> Response:
    """Return what our pages load."""
    try:
        body = render.asset_bytes(name)
    except KeyError as error:
        raise Problem(404, "not_found") from error
    return Response(body, media_type=render.ASSETS[name][2], headers={"Cache-Control": "public, max-age=604800, immutable"})
