"""Fills the templates in; every text that was not built as markup here is escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from checker.reports import links
from checker.reports.markup import Html
from checker.reports.visible import visible
from checker.web import speech

#: What a page loads: package, path in it, media type.
ASSETS = {
    "report.css": ("checker.reports", "report.css", "text/css"),
    "web.css": ("checker.web", "static/web.css", "text/css"),
    "web.js": ("checker.web", "static/web.js", "text/javascript"),
    "icon.svg": ("checker.web", "static/icon.svg", "image/svg+xml"),
}


@cache
def environment(language: str) -> Environment:
    """Return the templates with the texts of a language."""
    made = Environment(
        loader=PackageLoader("checker.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(speech.translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {"language": language, "languages": speech.LANGUAGES, "is_web": links.is_web, "asset": asset}
    made.filters["moment"] = lambda when: speech.moment(when, language)
    made.filters["day"] = lambda when: speech.day(when, language)
    return made


def _shown(value: Any) -> Any:
    """Let markup that was built by us through; make characters that steer the direction of text visible."""
    if isinstance(value, Html):
        return Markup(value)
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def asset(name: str) -> str:
    """Return the address of a style sheet or script, with its digest, so that browsers may keep it."""
    return f"/static/{name}?{hashlib.sha256(asset_bytes(name)).hexdigest()[:10]}"


@cache
def asset_bytes(name: str) -> bytes:
    """Return what a page loads; raises KeyError for any other name."""
    package, path, _ = ASSETS[name]
    return files(package).joinpath(path).read_bytes()


def language_of(request: Request) -> str:
    """Return the language that a request asks for."""
    return speech.choose(request.query_params.get("lang"), request.headers.get("accept-language"))


def page(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """Return a page in the reader's language."""
    language = language_of(request)
    here = request.url.path if request.method == "GET" else "/"
    query = request.query_params.multi_items() if request.method == "GET" else []
    others = {
        code: f"{quote(here)}?{urlencode([*(pair for pair in query if pair[0] != 'lang'), ('lang', code)], errors='replace')}"
        for code in speech.LANGUAGES
        if code != language
    }
    text = environment(language).get_template(template).render(others=others, **values)
    given = {"Content-Language": language, "Vary": "Accept-Language", **(headers or {})}
    return HTMLResponse(text.encode("utf-8", "replace"), status_code=status, headers=given)
