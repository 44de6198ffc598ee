"""Turns a finding's label, statement and page into a short name that stays the same when only markup or place changes.

What of an address names its page and its site stands here too.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
import unicodedata
from functools import cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

from checker import lexicon

#: Hex digits of a fingerprint: 64 bits. Among a million findings two share one by chance once in 37 million such scans.
LENGTH = 16
#: The parameters that the lexicon lists, where a star stands for any letters.
_VISIT = re.compile(
    "|".join(fnmatch.translate(name) for head in ("tracking", "session") for name in lexicon.heads("address")[head]),
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+|[%$€£]")
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+")
_INDEX = re.compile(r"/(?:index\.(?:html?|php)|default\.aspx?)$", re.IGNORECASE)


def words(text: str) -> str:
    """Return the words of a text in lower case, one space between them: no punctuation, no unseen characters."""
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()))


def lines(text: str) -> str:
    """Return the words of each sentence of a text on a line of its own; a text that holds another's lines holds it whole."""
    return "\n".join(filter(None, map(words, _SENTENCE_END.split(text))))


def names_visit(parameter: str) -> bool:
    """Say whether a parameter of an address names a visit or a visitor and not a page, as ``utm_source`` and ``token`` do."""
    return _VISIT.fullmatch(parameter) is not None


def clean_address(url: str) -> str:
    """Return an address without its fragment and without what names a visit."""
    parts = _split(url)
    if parts is None or not (parts.query or parts.fragment):
        return url
    kept = [part for part in parts.query.split("&") if not names_visit(part.partition("=")[0])]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def page_key(url: str) -> str:
    """Return what two addresses of one page share: no scheme, no ``www.``, no index file, parameters in order."""
    parts = _split(clean_address(url))
    if parts is None or parts.scheme not in ("http", "https"):
        return url
    host = parts.netloc.lower().removeprefix("www.")
    path = _INDEX.sub("/", parts.path).rstrip("/")
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def registered_domain(url: str | None) -> str | None:
    """Return the part of an address that somebody registered (shop.clinic.co.uk -> clinic.co.uk), None without one."""
    if not url:
        return None
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("", "http", "https") or not host or ":" in host or host.replace(".", "").isdigit():
        return None
    found: str | None = _suffixes().privatesuffix(host)
    return found


def fingerprint(label: str, statement: str, page: str) -> str:
    """Return the fingerprint of a finding: 16 hex digits over label, normalised statement and page (address or source)."""
    parts = "\n".join((label, words(statement), page_key(page)))
    return hashlib.sha256(parts.encode("utf-8", errors="replace")).hexdigest()[:LENGTH]


def _split(url: str) -> SplitResult | None:
    """Return an address in parts, None when it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


@cache
def _suffixes() -> PublicSuffixList:
    """Return the public suffix list that comes with the package; nothing is fetched."""
    return PublicSuffixList()
