"""Counts how many claims planted on an invented clinic's pages are found, and with the right role, zone and visibility.

    python tests/bench/planted_claims.py             # a table; ends with 1 when a claim is missed or misplaced
    python tests/bench/planted_claims.py --browser   # also as a browser shows the page (needs the extra [browser])
    python tests/bench/planted_claims.py --missed    # also which claims each way of reading misses

Beside it, in the same run: what BeautifulSoup's get_text and pypdf's extract_text give, and what trafilatura keeps if it is
installed (pip install trafilatura lxml_html_clean). The pages are planted/landing.html and planted/brochure.pdf, the claims
planted/claims.jsonl, one a line. A claim without a role stands where nobody sees it, and must not be found.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

FOLDER = Path(__file__).with_name("planted")
PAGE, BROCHURE = "landing.html", "brochure.pdf"
#: What is asked of this program: every claim that the file itself shows, each in its place.
LEAST = 1.0


class Claim(NamedTuple):
    """A planted claim, where it stands, and as what it has to be found."""

    page: str
    text: str
    place: str
    role: str | None
    zone: str | None
    visibility: str | None
    question: str | None = None
    lead: str | None = None
    context: tuple[str, ...] = ()
    number: int | None = None
    only: str | None = None

    @property
    def is_seen(self) -> bool:
        """Say whether a visitor or a search engine can see it."""
        return self.visibility not in (None, "hidden")


class Row(NamedTuple):
    """What one way of reading found; ``placed`` is None where it knows no places."""

    name: str
    found: list[Claim]
    placed: list[Claim] | None = None


def claims() -> list[Claim]:
    """Return the planted claims."""
    lines = (FOLDER / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    return [Claim(**{**row, "context": tuple(row.get("context", ()))}) for row in map(json.loads, lines)]


def plain(text: str) -> str:
    """Return the text as it is compared: plain letters, no unseen characters, single spaces."""
    from checker.claims.normal import normalise

    return " ".join(normalise(text).text.split())


def by_text(name: str, wanted: Iterable[Claim], read: Callable[[str], str]) -> Row:
    """Return which claims stand in the text that a reader gives for each page."""
    texts = {page: plain(read(page)) for page in (PAGE, BROCHURE)}
    return Row(name, [claim for claim in wanted if plain(claim.text) in texts[claim.page]])


def by_blocks(name: str, wanted: Iterable[Claim], blocks: dict[str, Any]) -> Row:
    """Return which claims stand in our blocks, and which of them as what they are."""
    found: list[Claim] = []
    placed: list[Claim] = []
    for claim in wanted:
        hits = [block for block in blocks[claim.page] if plain(claim.text) in plain(block.text)]
        if hits:
            found.append(claim)
        if any(is_in_place(claim, block) for block in hits):
            placed.append(claim)
    return Row(name, found, placed)


def is_in_place(claim: Claim, block: Any) -> bool:
    """Say whether a block is what the claim has to be found as."""
    above = (block.lead, block.question, *block.headings)
    return (
        (block.role.value, block.zone.value, block.visibility.value) == (claim.role, claim.zone, claim.visibility)
        and (claim.question is None or block.question == claim.question)
        and (claim.lead is None or block.lead == claim.lead)
        and (claim.number is None or block.page == claim.number)
        and all(text in above for text in claim.context)
    )


def our_blocks(html: bytes) -> dict[str, Any]:
    """Return this program's blocks of both pages."""
    from checker.page import blocks, markup, pdf

    return {
        PAGE: blocks.document(markup.parse(markup.decode(html, None))).blocks,
        BROCHURE: pdf.document_of_pdf((FOLDER / BROCHURE).read_bytes()).blocks,
    }


def rendered() -> bytes:
    """Return the page as a browser shows it, served from loopback."""
    from checker.page.render import Browser
    from checker.settings import Settings
    from tests.server import Answer, LocalServer

    answer = Answer((FOLDER / PAGE).read_bytes())
    with LocalServer({"/": answer}) as server, Browser(Settings(allow_addresses=("127.0.0.2/32",))) as browser:
        return browser.read(server.url("/")).body


def soup_text(page: str) -> str:
    """Return what the usual one-liners give."""
    body = (FOLDER / page).read_bytes()
    if page == BROCHURE:
        from pypdf import PdfReader

        return "\n".join(part.extract_text() for part in PdfReader(io.BytesIO(body)).pages)
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(body, "lxml")
    return f"{soup.get_text(' ')}\n{soup.get_text()}"  # either finds some that the other joins or cuts


def trafilatura_text(page: str) -> str:
    """Return trafilatura's text with its most generous settings; it reads no PDF."""
    import trafilatura  # type: ignore[import-not-found,import-untyped,unused-ignore]

    if page == BROCHURE:
        return ""
    html = (FOLDER / page).read_text(encoding="utf-8")
    return trafilatura.extract(html, favor_recall=True, include_comments=True, include_tables=True, with_metadata=True) or ""


def rows(*, browser: bool) -> list[Row]:
    """Return what every way of reading found."""
    wanted = claims()
    made = [by_blocks("this program, from the file", wanted, our_blocks((FOLDER / PAGE).read_bytes()))]
    if browser:
        made.append(by_blocks("this program, in a browser", wanted, our_blocks(rendered())))
    try:
        made.append(by_text("trafilatura, with most recall", wanted, trafilatura_text))
    except ImportError:
        print("trafilatura is not installed and is left out: pip install trafilatura lxml_html_clean", file=sys.stderr)
    made.append(by_text("get_text and extract_text", wanted, soup_text))
    return made


def table(made: Iterable[Row]) -> list[str]:
    """Return the lines of the table."""
    wanted = claims()
    seen = [claim for claim in wanted if claim.is_seen]
    unseen = [claim for claim in wanted if claim.visibility == "hidden"]
    none = [claim for claim in wanted if claim.role is None]
    lines = [f"{'way of reading':<34}{'seen by someone':>18}{'in place':>12}{'hidden':>10}{'seen by none':>14}"]
    for row in made:
        parts = [sum(claim in row.found for claim in group) for group in (seen, unseen, none)]
        placed = "-" if row.placed is None else str(sum(claim in row.placed for claim in seen))
        share = f"{parts[0]} of {len(seen)} ({parts[0] / len(seen):.0%})"
        lines.append(
            f"{row.name:<34}{share:>18}{placed:>12}{f'{parts[1]} of {len(unseen)}':>10}{f'{parts[2]} of {len(none)}':>14}"
        )
    return lines


def main() -> int:
    """Print the table; 1 when a claim that the file shows is missed, misplaced, or one that nobody sees is found."""
    parser = argparse.ArgumentParser(description="Counts the planted claims that are found.")
    parser.add_argument("--browser", action="store_true", help="read the page in a browser too")
    parser.add_argument("--missed", action="store_true", help="print which claims are missed")
    asked = parser.parse_args()
    made = rows(browser=asked.browser)
    print(*table(made), sep="\n")
    for row in made if asked.missed else ():
        print(f"\n{row.name} misses:")
        print(*(f"  {claim.place}: {claim.text}" for claim in claims() if claim.is_seen and claim not in row.found), sep="\n")
    own = [claim for claim in claims() if claim.role is not None and claim.only is None]
    placed = made[0].placed or []
    good = len([claim for claim in own if claim in placed]) >= LEAST * len(own) and not any(c.role is None for c in made[0].found)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
