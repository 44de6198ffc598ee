"""Turns an answer that is no success into the error that says why there is no page, by its status and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from checker.errors import BY_STATUS, ReadError
from checker.page import blocks, markup, readable

#: What an error page can be beside one: the others say no more than the status does.
_MORE_THAN_AN_ERROR = frozenset({"bot_wall", "login_wall", "cookie_wall", "parked", "coming_soon", "rate_limited"})
_BY_STATUS = {
    401: ("login_wall", "The text is behind a login (HTTP 401).", None),
    429: ("rate_limited", "The site asks for fewer visits (HTTP 429).", None),
    451: (
        "http_status",
        "The site does not show this page where the reader is, for legal reasons (HTTP 451).",
        "The page may be shown in other countries. Ask somebody there to save it, and check the file.",
    ),
}


def refusal(status: int, headers: Mapping[str, str], start: bytes) -> ReadError:
    """Return the error for an answer with a status that is no success; ``start`` is the beginning of its body."""
    code, message, advice = _BY_STATUS.get(status) or _by_text(status, headers, start)
    return ReadError("fetch", code, message, advice, status=status, retry_after=headers.get("retry-after", ""))


def _by_text(status: int, headers: Mapping[str, str], start: bytes) -> tuple[str, str, str | None]:
    if headers.get("cf-mitigated") == "challenge":
        return "bot_wall", f"The site asks visitors to prove that they are human (HTTP {status}).", None
    with suppress(ReadError):  # more tags than are parsed
        found = readable.wall(blocks.document(markup.parse(markup.decode(start, None))), start)
        if found is not None and found.code in _MORE_THAN_AN_ERROR:
            return found.code, f"{found.message.removesuffix('.')} (HTTP {status}).", found.advice
    return "http_status", BY_STATUS.format(status=status), None
