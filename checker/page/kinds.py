"""Knows what the bytes of a page may be: the types and ports of the web, and what no text begins with or holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The types of a web page; some servers declare none.
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
#: How the names of web archives end.
ARCHIVE_SUFFIXES = (".warc", ".warc.gz")
DEFAULT_PORTS = {"http": 80, "https": 443}
#: Bytes at the beginning that tell what a body or a file is.
SNIFFED_BYTES = 4_096
#: Control bytes that no text holds (the "binary data bytes" of WHATWG MIME sniffing).
_CONTROLS = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
#: Random bytes hold about 10 % of them; a stray one in a page is no reason to refuse it.
_MAX_CONTROL_SHARE = 0.02


def declared_type(headers: Mapping[str, str]) -> str:
    """Return the content type without parameters, "" if none is declared (of several the first)."""
    return re.split("[;,]", headers.get("content-type", ""))[0].strip().lower()


def is_binary(start: bytes) -> bool:
    """Say whether the beginning of a body or a file holds more control bytes than a text does."""
    return len(start) - len(start.translate(None, _CONTROLS)) > _MAX_CONTROL_SHARE * len(start)
