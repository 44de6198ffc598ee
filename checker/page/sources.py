"""Turns the argument of a check into a Page: an address, a file, or standard input."""

from __future__ import annotations

import email
import hashlib
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from urllib.parse import unquote, urlsplit

from checker.errors import ReadError
from checker.page.address import check_address
from checker.page.kinds import SNIFFED_BYTES, is_binary
from checker.page.polite import read_one
from checker.page.record import Recorder
from checker.settings import Settings
from checker.values import Page

STDIN = "-"
#: How the kinds of file begin that are no text: archives, pictures, office files, programs.
_BINARY_STARTS = (
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ\x90",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)
_HTML_SUFFIXES = (".html", ".htm", ".xhtml")
_HTML = re.compile(
    rb"^\s*<(?:[!?/]|[a-z][a-z0-9]*[\s/>])|<html|<!doctype html|<body|</(?:p|div|li|h[1-6]|a|title)>", re.IGNORECASE
)
_ARCHIVE = re.compile(rb"^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*content-type:\s*multipart/related", re.IGNORECASE)


def read(source: str, settings: Settings, recorder: Recorder | None = None, url: str | None = None) -> Page:
    """Return the bytes behind a source; raises ReadError with the code that fits.

    The recorder keeps what went over the net. ``url`` says where a saved page came from; nothing is read from there.
    """
    page = _read(source, settings, recorder)
    return page if url is None else replace(page, final_url=check_address(url))


def _read(source: str, settings: Settings, recorder: Recorder | None) -> Page:
    if source == STDIN:
        return of_bytes(source, source, sys.stdin.buffer.read(settings.max_bytes + 1), settings)
    lower = source.lower()
    if lower.startswith(("http://", "https://")):
        return read_one(source, settings, recorder)
    if lower.startswith("file://"):
        name = _name(source)
        return of_bytes(source, name, _bytes(Path(name), settings), settings)
    if "://" in source:
        raise ReadError("address", "unsupported_address", f"{source.split('://')[0][:30]}:// addresses cannot be read.")
    return of_bytes(source, source, _bytes(Path(source), settings), settings)


def _name(address: str) -> str:
    """Return the path in a file:// address of this machine."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise ReadError("address", "unsupported_address", "The address is malformed.") from error
    if parts.netloc.lower() not in ("", "localhost") or not parts.path:
        raise ReadError("address", "unsupported_address", "Only file:/// addresses of this machine can be read.")
    return unquote(parts.path)


def _bytes(path: Path, settings: Settings) -> bytes:
    try:
        if path.is_dir():
            raise ReadError("read", "is_directory", f"{path} is a directory.")
        with path.open("rb") as file:
            return file.read(settings.max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReadError("read", "no_such_file", f"There is no file {path}.") from error
    except PermissionError as error:
        raise ReadError("read", "no_permission", f"The file {path} may not be read.") from error
    except OSError as error:
        raise ReadError("read", "broken_file", f"The file {path} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise ReadError("read", "no_such_file", "A file's name holds no zero character.") from error


def of_bytes(source: str, name: str, body: bytes, settings: Settings) -> Page:
    """Return a file's bytes as a Page; what they are is told by their beginning, then by the name. Raises ReadError."""
    return _page(source, body, _kind_of_file(name.lower(), body), settings)


def of_pasted(source: str, body: bytes, settings: Settings) -> Page:
    """Return a pasted text in UTF-8 as a Page: plain or markup, however like another kind of file it begins. Raises ReadError."""
    return _page(source, body, _kind_of_text(body[:SNIFFED_BYTES]), settings)


def _page(source: str, body: bytes, kind: str, settings: Settings) -> Page:
    if len(body) > settings.max_bytes:
        raise ReadError("read", "too_large", f"The file is larger than {settings.max_bytes:,} bytes.")
    digest = hashlib.sha256(body).hexdigest()
    page = Page(source=source, body=body, sha256=digest, content_type=kind, fetched_at=datetime.now(UTC))
    return _main_part(page) if kind == "multipart/related" else page


def _kind_of_file(name: str, body: bytes) -> str:
    """Return the content type by the file's first bytes, then its name."""
    start = body[:SNIFFED_BYTES]
    if start.lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\0", b"")
    if start.startswith(_BINARY_STARTS) or b"\0" in start or is_binary(start):
        raise ReadError("read", "wrong_type", "The file is no web page, text or PDF.")
    kind = _kind_of_text(start)
    return "text/html" if kind == "text/plain" and name.endswith(_HTML_SUFFIXES) else kind


def _kind_of_text(start: bytes) -> str:
    """Return the content type of what begins like this and is some kind of text."""
    if _ARCHIVE.match(start):
        return "multipart/related"
    return "text/html" if _HTML.search(start.removeprefix(b"\xef\xbb\xbf")) else "text/plain"


def _main_part(archive: Page) -> Page:
    """Return the web page in a browser's one-file archive (MHTML)."""
    try:
        parts = [part for part in email.message_from_bytes(archive.body).walk() if part.get_content_type() == "text/html"]
    except RecursionError as error:
        raise ReadError("parse", "broken_file", "The archive is nested too deep.") from error
    body = _payload(parts[0]) if parts else b""
    if not body:
        raise ReadError("parse", "broken_file", "The archive holds no web page.")
    charset = parts[0].get_content_charset()
    return replace(archive, body=body, sha256=hashlib.sha256(body).hexdigest(), content_type="text/html", charset=charset)


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
