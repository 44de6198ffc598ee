"""Invented web archives for tests and benchmarks, the same bytes every time; and a judge that some pages kill."""

from __future__ import annotations

import gzip
import os
import random
import uuid
from importlib.resources import files
from pathlib import Path

from checker import wire
from checker.store.outcome import JudgedPage
from checker.values import Page, Report, Verdict, VerdictLevel

CLINIC = files("checker").joinpath("data/sample.html").read_bytes()
_WORDS = (
    "the of and to a in is it you that he was for on are with as they be at one have this from by had word but what some we can "
    "out other were all there when up use your how said an each she which do their time if will way about many then them would "
    "write like so these her long make thing see him two has look more day could go come did my sound no most number who over "
    "know water than call first people may down side been now find any new work part take get place made live where after back "
    "little only round man year came show every good give our under name very through just form much great think say help low "
    "line differ turn cause mean before move right boy old too same tell does set three want air well also play small end put "
    "home read hand port large spell add even land here must big high such follow act why ask men change went light kind off "
    "need house picture try us again animal point mother world near build self earth father head stand own page should country "
    "found answer school grow study still learn plant cover food sun four thought let keep eye never last door between city "
    "tree cross since hard start might story saw far sea draw left late run while press close night real life few stop open"
).split()


def record(body: bytes, number: int, kind: str = "response", media: str = "application/http; msgtype=response") -> bytes:
    """Return a WARC record, compressed by itself, of a page at an invented address."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body if kind == "response" else body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, str(number))}>\r\n"
        f"WARC-Target-URI: http://site{number}.example/page\r\nWARC-Date: 2026-03-05T10:00:00Z\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 4, mtime=0)


def other_page(number: int, size: int = 75_000) -> bytes:
    """Return a page of about ``size`` bytes that names no product in scope: a third of it text, as on usual pages."""
    chance = random.Random(number)
    title = f"<!doctype html><html lang=en><head><title>Page {number}</title><style>"
    parts = [title, _scripts(chance, size * 6 // 10), "</style></head>"]
    length = sum(map(len, parts))
    while length < size:
        text = " ".join(chance.choices(_WORDS, k=60))
        link = f'<a href="/p/{chance.randrange(10**6)}">{text[:30]}</a>'
        parts.append(f'<div class="row c{chance.randrange(99)}">{link}<p>{text}.</p></div>\n')
        length += len(parts[-1])
    return "".join([*parts, "</body></html>"]).encode()


def clinic_page(number: int, size: int = 75_000) -> bytes:
    """Return a page of about ``size`` bytes of an invented clinic: the bundled sample in a page of other words."""
    return other_page(number, size - len(CLINIC)).replace(b"</body></html>", CLINIC)


def _scripts(chance: random.Random, size: int) -> str:
    found = ""
    while len(found) < size:
        place, width, colour = chance.randrange(10**9), chance.randrange(99), chance.randrange(16**6)
        found += f".c{place}{{margin:{width}px;color:#{colour:06x}}}"
    return found


def write_archive(path: Path, first: int, pages: int, every: int, size: int = 75_000) -> None:
    """Write an archive of so many pages; one of ``every`` is a clinic's."""
    numbers = range(first, first + pages)
    path.write_bytes(b"".join(record((other_page if n % every else clinic_page)(n, size), n) for n in numbers))


#: What a page holds that ends the process which judges it.
FATAL = b"<!-- ends the process -->"


def judge_quickly(page: Page) -> JudgedPage:
    """Give every page the same report, where a test is about what runs where, and end the process for some pages."""
    if FATAL in page.body:
        os.abort()  # as a fault in a library would
    verdict = Verdict(level=VerdictLevel.ALARM, publisher=None)
    report = Report(source=page.source, checked_at=page.fetched_at, verdict=verdict, versions={}, final_url=page.final_url)
    return JudgedPage(report=wire.to_dict(report), sha256=page.sha256, size=len(page.body))
