"""Every state of the page for patients, as paths on a running site; the pages and clinics in them are invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker import knowledge
from checker.errors import ADVICE, ReadError
from checker.values import Report, TrialCheck
from checker.web.keep import Asked, Given, State
from tests.web_site import Site, judge

SELLS = "<p>Book your free stem cell consultation at our clinic today.</p>"


def page(title: str, *parts: str) -> str:
    """Return a page of an invented clinic."""
    body = "\n".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    return f'<!doctype html><html lang="en"><title>{title}</title><body><main><h1>{title}</h1>{body}{SELLS}</main></html>'


ALARM = page(
    "Stem Cell Therapy for Neuropathy | Fernbrook Nerve Center",
    "Our FDA-approved stem cells reverse neuropathy and end burning feet for good.",
    "<h2>Why our patients come back</h2>",
    "Nine out of ten of our patients walk without pain after one visit. There are no side effects.",
    "Clinically proven stem cell therapy repairs damaged nerves, made in our FDA-registered laboratory.",
    "<details><summary>Is it for me?</summary><p>Cells may help some people. It is experimental.</p></details>",
    "<section class='testimonials'><q>After my stem cell visit the numbness was gone and I drive again.</q></section>",
    "Stop taking gabapentin and avoid surgery: our stem cells go to the root of the problem.",
)
CAUTION = page(
    "Cell therapy at Larkspur Clinic",
    "Our stem cell therapy relieves nerve pain and improves feeling in the feet.",
    "Our stem cell treatment is completely safe. More than 90% of our patients felt better.",
)
CAREFUL = page(
    "Cell therapy at Maplewood Clinic",
    "We offer cell therapy with stem cells from bone marrow. It may help some people with neuropathy.",
    "This therapy is experimental and is not approved by the FDA. Infection and bleeding can occur.",
)
NEWS = (
    '<!doctype html><html lang="en"><title>Health desk: what to know about stem cell clinics</title><body><article>'
    "<h1>What to know about stem cell clinics</h1><p>Reporters of this newspaper looked at advertisements for stem cells. "
    "The agency has warned consumers for years that no such product is approved for neuropathy. Regulators said in a letter that "
    "the statements were not backed by evidence. Researchers at a university who were not involved called for more trials.</p>"
    "<p>Patients told the newspaper that they had paid thousands of dollars. By a staff writer.</p></article></html>"
)
NAILS = (
    '<!doctype html><html lang="en"><title>Riverside Foot Care</title><h1>Nail care and shoes</h1>'
    "<p>Our podiatrists trim nails and fit shoes. Call for an appointment with our team today. </p></html>"
)
MANY = page(
    "Regenerative Medicine for Every Nerve | Goldfinch Institute",
    *(
        f"<h2>Part {n}</h2><p>Our stem cell therapy reverses neuropathy in the {part}. Patients report relief.</p>"
        for n, part in enumerate(["feet", "hands", "legs", "arms", "toes"] * 6, 1)
    ),
)
LONG = page(
    "Neuropathy" * 12,
    "Our stem cell therapy reverses neuropathy " + "and restores every nerve from the toes to the knees, again, " * 14 + ".",
    "Donaudampfschifffahrtsgesellschaftskapitaen" * 5 + " says that our stem cells reverse neuropathy.",
)
TRIALS = page(
    "Stem cells for neuropathy at Birchfield Center",
    "Our stem cell study NCT02387749 reverses neuropathy.",
    "We also take part in NCT00000000 with stem cells.",
)


def keep(site: Site, report: Report, name: str = "page.html") -> str:
    """Put a report into the site's store and return its path."""
    store = site.app.state.store
    ident: str = store.add(Asked(kind=Given.FILE, name=name))
    store.finish(ident, report)
    return f"/checks/{ident}"


def checked(site: Site, markup: str) -> str:
    """Let the site check a page and return the path of its report."""
    path = site.ask(file=("page.html", markup.encode())).split("?")[0]
    site.ended(path)
    return path


def advertised(site: Site) -> str:
    """Let the site check an advertisement with links in it and return the path of its report."""
    links = " and ".join(f"https://clinic.example/{'very-long-path' * n}" for n in (1, 12))
    path = site.ask(f"FDA-approved stem cells reverse neuropathy! Book your visit to our clinic today: {links}").split("?")[0]
    site.ended(path)
    return path


def with_trials(report: Report) -> Report:
    """Return the report with a number of each outcome."""
    outcomes = ("matched", "mismatched", "not_found", "not_checked")
    first: TrialCheck = report.trials[0]
    return replace(report, trials=tuple(replace(first, outcome=outcome) for outcome in outcomes))


def reports() -> Iterator[tuple[str, Report]]:
    """Yield a name and a report for each state that a report can be in."""
    check = judge().check_html
    acted = next(row for row in knowledge.tables().enforcement.rows if row.may_be_shown)
    yield "alarm", check(ALARM, url="https://clinic.example/neuropathy")
    yield "caution", check(CAUTION, url="https://clinic.example/")
    yield "careful", check(CAREFUL)
    yield "informational", check(NEWS)
    yield "nothing in scope", check(NAILS)
    yield "many findings", check(MANY)
    yield "long words", check(LONG, url="https://clinic.example/" + "very-long-path/" * 12)
    yield "trials", with_trials(check(TRIALS))
    yield "official paper", check(CAREFUL, url=f"https://{acted.domain}/neuropathy")


def unread() -> Iterator[tuple[str, Report]]:
    """Yield a name and a report for each reason why a page is not read."""
    for code in ADVICE:
        error = ReadError("fetch", code, "The site answered in a way that we could not use.")
        yield f"unread {code}", judge().unread("https://clinic.example/", error)


def paths(site: Site) -> dict[str, str]:
    """Return the path of every state that needs no special server."""
    found = {name: keep(site, report) for name, report in [*reports(), *unread()]}
    alarm = found["alarm"]
    block = next(f.statement.block.index for f in site.app.state.store.report(alarm[8:]).findings)
    return {
        "start": "/",
        "start filled": "/?address=https%3A%2F%2Fclinic.example%2F",
        "known": "/known",
        "about": "/about",
        "deleted": "/deleted",
        "gone": "/checks/aaaaaaaaaaaaaaaaaaaaaaaa",
        **found,
        "filter": f"{alarm}?show=cure",
        "why": f"{checked(site, ALARM)}/why?block={block}",
        "why not": f"{checked(site, CAREFUL)}/why?block=1",
        "complaint": f"{alarm}/complaint",
        "complaint mistake": f"{alarm}/complaint?checked=yes",
        "complaint text": f"{alarm}/complaint?checked=yes&q=1&q=2&q=3",
        **{f"stage {stage}": waiting(site, stage) for stage in (State.WAITING, State.READING, State.REGISTRIES, State.JUDGING)},
        "link left out": advertised(site),
        "cancelled": ended(site, State.CANCELLED),
        "our own error": ended(site, State.FAILED),
    }


def waiting(site: Site, stage: State) -> str:
    """Return the path of a check that has come to a stage and stays there."""
    ident: str = site.app.state.store.add(Asked(kind=Given.ADDRESS, name="https://clinic.example/"))
    site.app.state.store.move(ident, stage)
    return f"/checks/{ident}"


def ended(site: Site, state: State) -> str:
    """Return the path of a check that ended without a report."""
    path = waiting(site, State.READING)
    site.app.state.store.move(path[8:], state, error="0badcafe" if state is State.FAILED else None)
    return path
