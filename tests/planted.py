"""Two editions of invented clinics' pages with known changes between them, scanned into one database without a network."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from checker.errors import ADVICE
from checker.scan.judge import judge
from checker.scan.run import Plan, run
from checker.scan.site import Judge
from checker.scan.visits import unread
from checker.store.compare import ChangeKind
from checker.store.outcome import ListedSite
from checker.store.store import Store
from checker.values import Failure, Page, Report
from tests import invented

PATHS = ("/", "/neuropathy")
#: One planted change a site; every other statement of the site stays, though its paragraph moves and its markup changes.
PLANTED = (ChangeKind.NEW, ChangeKind.REWORDED, ChangeKind.MOVED, ChangeKind.REMOVED, ChangeKind.NOT_READ)
_NEW = "Our {town} clinic cures every kind of numbness with exosomes, visit {n}."
_REWORD = (("our", "the"), ("clinic", "center"), ("patients", "clients"), ("nerves", "nerve fibers"), ("days", "weeks"))


@dataclass
class Editions:
    """What each page holds before and after, and which statements changed how."""

    before: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    after: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    planted: dict[tuple[int, str], ChangeKind] = field(default_factory=dict)
    down: set[int] = field(default_factory=set)


def plan(sites: int) -> Editions:
    """Return editions of so many sites, each with one change, the kinds in turn."""
    editions = Editions()
    for number in range(sites):
        pages = _distinct({path: invented.statements(number, path) for path in PATHS})
        editions.before |= {(number, path): list(texts) for path, texts in pages.items()}
        _plant(editions, number, pages, PLANTED[number % len(PLANTED)])
        editions.after |= {(number, path): list(reversed(texts)) for path, texts in pages.items()}
    return editions


def _distinct(pages: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the pages with each statement of the site once: one that stands twice cannot be told to have moved."""
    first = {text: path for path, texts in reversed(pages.items()) for text in texts}
    return {path: [text for text in dict.fromkeys(texts) if first[text] == path] for path, texts in pages.items()}


def _plant(editions: Editions, number: int, pages: dict[str, list[str]], kind: ChangeKind) -> None:
    """Change ``pages`` and note what was changed by site and statement, the later one where there are two."""
    chance = random.Random(f"plant {number}")
    home, other = (pages[path] for path in PATHS)
    if kind is ChangeKind.NOT_READ:
        editions.down.add(number)
        editions.planted |= {(number, text): kind for text in (*home, *other)}
        return
    if kind is ChangeKind.NEW:
        home.append(_NEW.format(town=chance.choice(("Alder", "Birch", "Cedar")), n=chance.randrange(9)))
        said = home[-1]
    else:
        said = home.pop(chance.randrange(len(home)))
    if kind is ChangeKind.MOVED:
        other.append(said)
    if kind is ChangeKind.REWORDED:
        said = reworded(said, chance)
        home.append(said)
    editions.planted[number, said] = kind


def reworded(text: str, chance: random.Random) -> str:
    """Return a statement with a word or two exchanged, or its end cut."""
    words = text.split()
    for one, two in chance.sample(_REWORD, len(_REWORD)):
        if one in words:
            return " ".join(two if word == one else word for word in words)
    return text.removesuffix(".") + " now."


def html(number: int, path: str, texts: list[str], edition: int) -> str:
    """Return a page; the second edition has the same words in other markup."""
    page = invented.html(f"Nerve clinic {number}", texts)
    return page if edition == 1 else page.replace("<p>", "<ul><li><span>").replace("</p>", "</span></li></ul>")


def scan_both(path: Path, editions: Editions, judging: Judge = judge, threads: int = 1) -> None:
    """Scan both editions into a database."""
    sites = sorted({number for number, _ in editions.before})
    listed = [ListedSite(position=n, name=f"https://{invented.host(n)}/", key=invented.host(n)) for n in sites]
    with Store.write(path, create=True) as store:
        for edition, pages in enumerate((editions.before, editions.after), 1):
            down = editions.down if edition == 2 else set()
            plan_ = Plan(
                visits=lambda name, _, pages=pages, down=down, edition=edition: _visits(name, pages, down, edition),
                judge=judging,
                threads=threads,
                watch=lambda *_: None,
            )
            assert run(store, store.begin_scan("planted", 2, listed), plan_)


def _visits(name: str, pages: dict[tuple[int, str], list[str]], down: set[int], edition: int) -> list[Page | Report]:
    number = int(name.removeprefix("https://clinic").partition(".")[0])
    if number in down:
        failure = Failure(stage="fetch", code="timeout", message="No answer.", advice=ADVICE["timeout"])
        return [unread(name, failure)]
    return [page_of(name.rstrip("/") + path, html(number, path, pages[number, path], edition)) for path in PATHS]


def page_of(url: str, text: str) -> Page:
    body = text.encode()
    return Page(
        source=url,
        body=body,
        sha256=sha256(body).hexdigest(),
        content_type="text/html",
        fetched_at=datetime.now(UTC),
        final_url=url,
    )
