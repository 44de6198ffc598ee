"""Reads the addresses in a site's sitemaps, whatever they hold: no entities, no network, bounded bytes, files and addresses."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from checker.crawl.site import Site
from checker.errors import ReadError
from checker.page.polite import Visitor

#: Sitemap files of one site that are read, and levels of files that name files.
MAX_FILES = 8
MAX_LEVELS = 2
#: Addresses taken from all of them and looked at in each; clinics' sites have under a thousand.
MAX_ADDRESSES = 5_000
#: Where a site without a word on it in robots.txt keeps its sitemap.
USUAL = "/sitemap.xml"
_GZIP = b"\x1f\x8b"
_LINE = re.compile(rb"https?://[^\s<>\"]+")


def addresses(site: Site, start: str, visitor: Visitor) -> Iterator[str]:
    """Yield the folded addresses of the site's pages in its sitemaps, in their order, each once.

    Files that cannot be read yield nothing: a sitemap is a help, not a page.
    """
    named = [found for href in visitor.robots(start).sitemaps if (found := site.file(start, href))]
    usual = site.file(start, USUAL)
    waiting = [(address, 0) for address in named[:MAX_FILES] or ([usual] if usual else [])]
    seen_files = {address for address, _ in waiting}
    seen: set[str] = set()
    for address, level in waiting:
        for href, is_file in _read(address, visitor):
            if is_file:
                file = site.file(address, href)
                if file and level < MAX_LEVELS and file not in seen_files and len(seen_files) < MAX_FILES:
                    seen_files.add(file)
                    waiting.append((file, level + 1))
            elif (found := site.link(address, href)) and found not in seen:
                seen.add(found)
                yield found
                if len(seen) == MAX_ADDRESSES:
                    return


def _read(address: str, visitor: Visitor) -> Iterator[tuple[str, bool]]:
    """Yield what one file names, and whether that is a sitemap itself."""
    try:
        body = unpacked(visitor.download(address), visitor.settings.max_bytes)
    except ReadError:
        return
    body = body.removeprefix(b"\xef\xbb\xbf")
    if body.lstrip()[:1] == b"<":
        yield from islice(entries(body), MAX_ADDRESSES)
    else:
        yield from ((found[0].decode("ascii", "replace"), False) for found in islice(_LINE.finditer(body), MAX_ADDRESSES))


def unpacked(body: bytes, max_bytes: int) -> bytes:
    """Return a file's bytes, unpacked up to a limit where it is gzip."""
    if not body.startswith(_GZIP):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, max_bytes)
    except zlib.error:
        return b""


def entries(body: bytes) -> Iterator[tuple[str, bool]]:
    """Yield the locations in a sitemap (False) or an index of sitemaps (True), as far as the XML can be read."""
    parser = etree.XMLPullParser(
        events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        for start in range(0, len(body), 65_536):
            parser.feed(body[start : start + 65_536])
            for _, element in parser.read_events():
                yield from _entry(element)
    except etree.XMLSyntaxError:
        return


def _entry(element: Any) -> Iterator[tuple[str, bool]]:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name not in ("url", "sitemap"):
        return
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname == "loc" and child.text:
            yield child.text.strip(), name == "sitemap"
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
