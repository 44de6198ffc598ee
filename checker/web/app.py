"""Builds the web application from settings: store, workshop, guard and routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import checker
from checker.cachefile import default_folder
from checker.engine import Checker
from checker.settings import Settings, WebSettings
from checker.web import api, files, pages
from checker.web.guard import Guard
from checker.web.keep import CheckStore
from checker.web.meter import Meter
from checker.web.problem import Problem, answer
from checker.web.rates import Rates
from checker.web.work import Workshop

DESCRIPTION = """Reads one page of a clinic and says which statements promise approval or a cure, with exact quotes.

It is not medical or legal advice, gives no score, and says nothing about a page that it could not read. An answer that
took a check in, or refused it for the rate alone, has the headers RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset. A
check is deleted by itself."""


def create(settings: Settings, web: WebSettings, judge: Checker | None = None) -> FastAPI:
    """Return the application; ``judge`` is a loaded Checker where there is one already.

    Raises SettingsError for rates or a store that cannot be used.
    """
    settings = replace(settings, max_bytes=min(settings.max_bytes, web.page_bytes))
    rates = Rates(web)
    app = FastAPI(
        title="Clinic claim checker",
        description=DESCRIPTION,
        version=checker.__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
    )
    app.state.settings, app.state.web, app.state.rates, app.state.judge = settings, web, rates, judge
    app.state.meter = Meter()
    app.include_router(pages.router)
    app.include_router(files.router)
    app.include_router(api.router)
    app.add_middleware(Guard, web=web, rates=rates, meter=app.state.meter)
    if web.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(web.proxies))
    app.add_exception_handler(Problem, _of_problem)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """Open the store and start the workshop; at the end let running checks finish or keep for the next start."""
    state = app.state
    state.store = CheckStore(store_path(state.web))
    judge = state.judge or Checker(state.settings, thorough=True)
    state.workshop = Workshop(state.store, judge, state.settings, state.web, state.meter)
    state.workshop.start()
    yield
    state.workshop.stop()
    state.store.close()


def store_path(web: WebSettings) -> Path:
    """Return the file of checks."""
    return Path(web.store).expanduser() if web.store else default_folder() / "web.sqlite"


async def _of_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return answer(request, problem)


#: What the form's parser says of a text that is longer than a field may be.
_LONG_FIELD = "maximum size"


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    codes = {404: "not_found", 405: "not_allowed"}
    is_long = error.status_code == 400 and _LONG_FIELD in str(error.detail)
    problem = Problem(413, "too_large") if is_long else Problem(error.status_code, codes.get(error.status_code, "bad_request"))
    problem.headers.update(error.headers or {})
    if error.status_code == 405:
        problem.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return answer(request, problem)


def _methods(request: Request) -> set[str]:
    """Return the methods that the path of a request takes."""
    included = (route for part in (pages, files, api) for route in part.router.routes)
    fitting = (route for route in (*request.app.routes, *included) if route.matches(request.scope)[0] is not Match.NONE)
    return {method for route in fitting for method in getattr(route, "methods", None) or ()}


async def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    details = "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors()[:5])
    return answer(request, Problem(422, "bad_request", details=details))
