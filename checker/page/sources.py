"""Turns the argument of a check into a Page: an address, a file, or standard input."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from checker.errors import ReadError
from checker.page.fetch import fetch
from checker.settings import Settings
from checker.values import Page

STDIN = "-"
#: How the kinds of file begin that are no text: archives, pictures, office files, programs.
_BINARY_STARTS = (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ", b"\x1f\x8b", b"RIFF", b"\xd0\xcf\x11\xe0")
_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".mhtml")


def read(source: str, settings: Settings) -> Page:
    """Return the bytes behind a source; raises ReadError with the code that fits."""
    if source == STDIN:
        return _page(source, sys.stdin.buffer.read(settings.max_bytes + 1), settings)
    if source.lower().startswith(("http://", "https://")):
        return fetch(source, settings)
    if source.lower().startswith("file://"):
        return read(source[len("file://") :], settings)
    if "://" in source:
        raise ReadError("address", "unsupported_address", f"{source.split('://')[0]}:// addresses cannot be read.")
    return _page(source, _bytes(Path(source), settings), settings)


def _bytes(path: Path, settings: Settings) -> bytes:
    try:
        if path.is_dir():
            raise ReadError("read", "is_directory", f"{path} is a directory.")
        with path.open("rb") as file:
            return file.read(settings.max_bytes + 1)
    except FileNotFoundError as error:
        raise ReadError("read", "no_such_file", f"There is no file {path}.") from error
    except PermissionError as error:
        raise ReadError("read", "no_permission", f"The file {path} may not be read.") from error
    except (OSError, ValueError) as error:
        raise ReadError("read", "broken_file", f"The file {path} cannot be read ({error}).") from error


def _page(source: str, body: bytes, settings: Settings) -> Page:
    if len(body) > settings.max_bytes:
        raise ReadError("read", "too_large", f"The file is larger than {settings.max_bytes:,} bytes.")
    return Page(
        source=source,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        content_type=_kind(source, body),
        fetched_at=datetime.now(UTC),
    )


def _kind(source: str, body: bytes) -> str:
    """Return the content type by the file's first bytes, then its name."""
    if body[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    unicode_mark = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if body.startswith(_BINARY_STARTS) or (b"\0" in body[:4096] and not unicode_mark):
        raise ReadError("read", "wrong_type", "The file is no web page, text or PDF.")
    name = source.lower()
    start = body[:2048].lower()
    looks_like_html = name.endswith(_HTML_SUFFIXES) or b"<html" in start or b"<!doctype html" in start or b"<body" in start
    return "text/html" if looks_like_html or (not name.endswith(".txt") and start.count(b"</") > 2) else "text/plain"
