"""Three invented sites, the same at every call: a clinic of 34 pages, a chain of some 300 with traps, an app made of scripts.

Each has pages that a reader wants to see (``telling``) and pages that a program must not ask for (``forbidden``).
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.server import Answer, Route, redirect

PLAIN = {"Content-Type": "text/plain"}
XML = {"Content-Type": "text/xml"}
TOWNS = "Ashford Birchwood Cedarvale Dunmore Eastbrook Fairhaven Glenwood Hartwell Ivydale Kingsmere Lakeside Millbrook".split()
_OPENERS = (
    "Last spring our team in {town} met a retired {job} who",
    "A reader from {town} writes that a neighbour, a {job},",
    "During the open day in {town} we spoke to a {job} who",
    "On a rainy Tuesday in {town} a {job}",
    "At the market in {town} we met a {job} who",
)
_MIDDLES = (
    "takes a slow walk along the river before breakfast",
    "has learned to check both feet every evening",
    "keeps a notebook of good and bad days",
    "bought wider shoes with a firm heel",
    "eats lentils and oats twice a week",
    "joined a balance class on Thursdays",
    "sleeps with a pillow under the blanket",
    "gave up driving at night",
    "drinks tea instead of wine",
    "swims ten lengths before work",
)
_ENDS = (
    "and says that mornings are easier.",
    "and still finds stairs hard.",
    "although winter makes it harder.",
    "and hopes to visit the coast again.",
    "because a grandchild asked for it.",
    "and would do it again.",
)
_JOBS = "teacher plumber nurse farmer clerk baker driver welder tailor gardener".split()


@dataclass(frozen=True)
class InventedSite:
    """A site by its host names: what answers under each address, and what to look for in a crawl of it."""

    host: str
    routes: dict[str, Route]
    telling: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


def all_sites(port: int) -> tuple[InventedSite, ...]:
    """Return the three sites as they answer on a port."""
    return clinic(), chain(port), app(port)


@dataclass(frozen=True)
class _Frame:
    """What all pages of a site share."""

    menu: str = ""
    footer: str = ""

    def page(self, title: str, body: str) -> Answer:
        inside = f"<nav>{self.menu}</nav><main><h1>{title}</h1>{body}</main><footer>{self.footer}</footer>"
        head = f"<!doctype html><html lang='en'><head><title>{title}</title></head>"
        return Answer(f"{head}<body>{inside}</body></html>".encode())


def _story(dice: random.Random, sentences: int) -> str:
    said = (
        f"{dice.choice(_OPENERS)} {dice.choice(_MIDDLES)} {dice.choice(_ENDS)}".format(
            town=dice.choice(TOWNS), job=dice.choice(_JOBS)
        )
        for _ in range(sentences)
    )
    return "".join(f"<p>{sentence}</p>" for sentence in said)


def _links(paths: Mapping[str, str]) -> str:
    return " ".join(f"<a href='{path}'>{text}</a>" for path, text in paths.items())


def _site(host: str, routes: Mapping[str, Route]) -> dict[str, Route]:
    return {host + path: route for path, route in routes.items()}


def _map(paths: Iterable[str], base: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{base}{path}</loc></url>' for path in paths)}</urlset>".encode()


def clinic() -> InventedSite:
    """Return one clinic: menus, questions, prices, patients' stories, links with tracking, broken links, a slow robots.txt."""
    dice = random.Random(1)
    menu = {
        "/": "Home",
        "/treatments/?utm_source=menu": "Treatments",
        "/faq.html?gclid=77": "Questions",
        "/our-patients": "Success stories",
        "/pricing;jsessionid=A1B2": "Prices",
        "/about/": "About us",
        "/journal/": "Journal",
        "/privacy": "Privacy",
        "/old-offer": "Offer",
    }
    footer = "Harbour Nerve Clinic offers stem cell therapy. Call us to book your free consultation. Results vary."
    frame = _Frame(_links(menu), footer)
    pages = {path: frame.page(title, body) for path, title, body in _clinic_pages(dice)}
    towns = [*TOWNS, *TOWNS[:8]]
    journal = {f"/journal/walk-{n}": f"Notes from {town}" for n, town in enumerate(towns, 1)}
    pages |= {path: frame.page(title, _story(dice, 14)) for path, title in journal.items()}
    pages["/journal/"] = frame.page("Journal", _links(journal))
    robots = Answer(b"User-agent: *\nDisallow: /private/\nCrawl-delay: 0.05\n", headers=PLAIN)
    more = {"/print/faq": pages["/faq.html"], "/private/results": frame.page("Results", "For staff."), "/robots.txt": robots}
    host = "www.harbour-nerve.example"
    telling = ("/treatments/", "/faq.html", "/our-patients", "/pricing")
    return InventedSite(host, _site(host, {**pages, **more}), telling, ("/private/results",))


def _clinic_pages(dice: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield path, title and body of the clinic's own pages."""
    start = "Our clinic offers stem cell therapy for people with neuropathy. Book a consultation with our doctors."
    yield "/", "Harbour Nerve Clinic", f"<p>{start}</p>"
    cure = "Our stem cell therapy reverses neuropathy and ends nerve pain for good. We treat numb feet every day."
    more = _links({"/treatments/exosomes": "Exosomes", "/treatments/shoes": "Shoes and care"})
    yield "/treatments/", "Stem cell therapy for neuropathy", f"<p>{cure}</p>{more}"
    yield "/treatments/exosomes", "Exosome therapy", "<p>Our exosome infusion may help nerves recover. Ask our doctors.</p>"
    yield "/treatments/shoes", "Shoes and daily care", _story(dice, 6)
    asked = "<h2>Is it approved?</h2><p>This therapy is not FDA approved.</p><h2>Is it safe?</h2>"
    yield "/faq.html", "Questions about our stem cell therapy", f"{asked}<p>Our stem cell therapy has no side effects.</p>"
    story = "After one infusion of stem cells at this clinic my neuropathy was gone and I threw away my cane."
    share = "90% of our patients walk without pain after our stem cell therapy."
    yield "/our-patients", "Success stories", f"<blockquote>{story}</blockquote><p>{share}</p>"
    yield "/pricing", "Prices", "<p>Stem cell therapy costs $4,900 at our clinic. Ten places are left this month.</p>"
    aside = _links({"/print/faq": "Print", "/private/results": "Results"})
    yield "/about/", "About us", f"<p>Our doctors opened the clinic in 2009.</p>{_story(dice, 5)}{aside}"
    yield "/privacy", "Privacy", f"<p>We keep your letters for a year.</p>{_story(dice, 3)}"


def chain(port: int) -> InventedSite:
    """Return a chain of clinics: a shop on its own host, a packed sitemap, a long blog, look-alike town pages, a calendar."""
    dice = random.Random(2)
    host, shop = "summit-cells.example", "shop.summit-cells.example"
    base, goods = f"http://{host}:{port}", f"http://{shop}:{port}/exosome-kit"
    menu = {
        "/": "Home",
        "/conditions": "What we treat",
        "/blog/": "Blog",
        "/towns": "Our clinics",
        "/events/2026/11": "Events",
        "/search?q=": "Search",
        "/go/booking": "Book",
        goods: "Exosome kit",
    }
    footer = "Summit Cells: our stem cell injections repair damaged nerves. Book your free consultation at our clinics."
    frame = _Frame(_links(menu), footer)
    posts = {f"/blog/post-{n}": f"Walking notes {n}" for n in range(200)}
    parts = {f"/blog/page/{n}": f"Blog, part {n}" for n in range(20)}
    pages = {path: frame.page(title, body) for path, title, body in (*_chain_pages(dice), *_town_pages())}
    pages |= {path: frame.page(title, _story(dice, 16)) for path, title in posts.items()}
    tens = [dict(list(posts.items())[n : n + 10]) for n in range(0, len(posts), 10)]
    pages |= {path: frame.page(title, _links(ten)) for (path, title), ten in zip(parts.items(), tens, strict=True)}
    pages["/blog/"] = frame.page("Blog", _links(parts))
    packed = gzip.compress(_map((f"{path}?utm_source=map" for path in pages), base), mtime=0)
    index = f"<sitemapindex><sitemap><loc>{base}/maps/pages.xml.gz</loc></sitemap></sitemapindex>".encode()
    robots = f"User-agent: *\nDisallow: /search\nSitemap: {base}/maps/index.xml\n".encode()
    more: dict[str, Route] = {
        "/robots.txt": Answer(robots, headers=PLAIN),
        "/maps/index.xml": Answer(index, headers=XML),
        "/maps/pages.xml.gz": Answer(packed, headers={"Content-Type": "application/gzip"}),
        "/go/booking": redirect("https://booking.example/summit"),
        "/go/home": redirect("/"),
        **{path: frame.page(title, body) for path, title, body in _calendar()},
    }
    kit = frame.page("Exosome kit", f"<p>Order our exosome kit for nerve pain: $890.</p><a href='http://{shop}:{port}/cart'>Cart</a>")
    sold = _site(shop, {"/robots.txt": Answer(b"User-agent: *\nDisallow: /cart\n", headers=PLAIN), "/exosome-kit": kit})
    telling = ("/conditions", "/conditions/neuropathy", "/conditions/fda", "/faq", "/reviews")
    return InventedSite(host, {**_site(host, {**pages, **more}), **sold}, telling, ("/search?q=", "/cart"), (shop,))


def _chain_pages(dice: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield path, title and body of the chain's own pages."""
    more = _links({"/faq": "Questions", "/reviews": "Reviews", "/go/home": "Start"})
    yield "/", "Summit Cells", f"<p>Summit Cells offers stem cell injections in {len(TOWNS)} towns.</p>{more}"
    topics = {"/conditions/neuropathy": "Neuropathy", "/conditions/fda": "FDA", "/conditions/knees": "Knees"}
    yield "/conditions", "What we treat", f"<p>Our stem cell injections treat nerve pain.</p>{_links(topics)}"
    cure = "Our stem cells reverse your neuropathy in six weeks. No other clinic in the state does this."
    yield "/conditions/neuropathy", "Stem cells for neuropathy", f"<p>{cure}</p>{_story(dice, 4)}"
    approved = "Our stem cell injections are FDA-approved for nerve damage. You need no surgery."
    yield "/conditions/fda", "Are our stem cells approved?", f"<p>{approved}</p>"
    yield "/conditions/knees", "Stem cells for knees", f"<p>Our stem cells may help sore knees.</p>{_story(dice, 4)}"
    yield "/faq", "Questions", "<p>Our stem cell therapy is experimental. Results vary, and it may not help you.</p>"
    story = "Two injections of stem cells at this clinic and the burning in my feet was gone."
    yield "/reviews", "Reviews", f"<blockquote>{story}</blockquote>"


def _town_pages() -> Iterator[tuple[str, str, str]]:
    """Yield a list of clinics and a page for each, which differ in the name only."""
    towns = [f"{town}-{side}" for town in TOWNS for side in ("north", "south", "east")]
    yield "/towns", "Our clinics", _links({f"/towns/{town}": town for town in towns})
    steps = "".join(f"<p>Step {n}: our team listens to you and writes down what you tell us on sheet {n}.</p>" for n in range(60))
    for town in towns:
        yield f"/towns/{town}", "A clinic near you", f"<p>Welcome in {town}.</p>{steps}"


def _calendar() -> Iterator[tuple[str, str, str]]:
    """Yield months that lead on and on; far more than any crawl reads."""
    for count in range(600):
        year, month = 2026 + count // 12, count % 12 + 1
        after = f"/events/{year + month // 12}/{month % 12 + 1}"
        body = f"{_story(random.Random(count), 6)}{_links({after: 'Next month', f'/events/{year + 1}/{month}': 'Next year'})}"
        yield f"/events/{year}/{month}", f"Events in month {month} of {year}", body


_CALL = "Our doctors treat patients at our clinics with stem cell injections every day. Call us to book your free consultation."
_SCRIPT = """
const menu = ["/", "/neuropathy", "/faq", ...Array.from({length: 5}, (_, n) => "/notes/" + n)];
fetch("/texts.json").then(answer => answer.json()).then(texts => {
  const links = menu.map(path => `<a href="${path}">${path.slice(1) || "home"}</a>`).join(" ");
  document.title = "Tidewater Cells " + location.pathname;
  document.getElementById("root").innerHTML =
    `<nav>${links}</nav><main><h1>Tidewater Cells</h1><p>${texts[location.pathname]}</p></main>`;
});"""
_SHELL = (
    b"<!doctype html><html lang='en'><head><title>Tidewater</title></head>"
    b"<body><div id='root'></div><script src='/app.js'></script></body></html>"
)


def app(port: int) -> InventedSite:
    """Return a clinic whose pages are all one empty shell; scripts fetch the texts and make the links."""
    dice = random.Random(3)
    host = "tidewater-cells.example"
    claims = {
        "/": f"Our clinic offers stem cell therapy. {_CALL}",
        "/neuropathy": f"Our FDA-approved stem cell therapy reverses neuropathy for good. {_CALL}",
        "/faq": f"Our stem cell therapy is experimental. Results vary. {_CALL}",
    }
    texts = {**claims, **{f"/notes/{n}": _story(dice, 8) for n in range(27)}}
    routes: dict[str, Route] = dict.fromkeys(texts, Answer(_SHELL))
    routes["/app.js"] = Answer(_SCRIPT.encode(), headers={"Content-Type": "text/javascript"})
    routes["/texts.json"] = Answer(json.dumps(texts).encode(), headers={"Content-Type": "application/json"})
    routes["/sitemap.xml"] = Answer(_map(texts, f"http://{host}:{port}"), headers=XML)
    return InventedSite(host, _site(host, routes), ("/neuropathy", "/faq"))
