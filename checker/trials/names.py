"""Says whether a sponsor or a facility of a trial is the publisher of a page, cautiously: yes, no, or cannot tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from checker import lexicon
from checker.trials.plain import plain
from checker.values import Statement, Zone

_LEGAL = frozenset("inc llc ltd limited co corp corporation company gmbh ag sa srl spa pty plc bv nv kg pllc pc pa lp".split())
_SMALL = frozenset("the of and for at in on de la le und y a an".split())
#: Words that say what kind of business it is and not whose; institutions (university, hospital) are not among them,
#: for "Cairo University" and "Cairo Stem Cell Clinic" share only the place.
_GENERIC = frozenset(
    """stem cell cells clinic clinics center centre centers centres medical medicine regenerative regeneration therapy
    therapies treatment treatments health healthcare group institute institutes research foundation pain nerve nerves
    neuropathy neurology neurological wellness care associates network services practice doctors physicians specialists
    spine joint orthopedic orthopaedic orthopedics surgery science sciences laboratory labs biologics biotech advanced
    integrative restorative therapeutics solutions chiropractic rehab physical home about us contact welcome our official
    site best new what is are you your how why faq blog page trial trials clinical study studies""".split()
)
#: Places whose names stand in sponsors' names; a place alone is no publisher. States of the US, large cities and
#: countries of the registry's sites.
_PLACES = frozenset(word for state in lexicon.heads("place")["state"] for word in state.split()) | frozenset(
    """miami houston dallas austin chicago boston phoenix denver atlanta tampa orlando seattle angeles los las vegas san diego
    francisco antonio beijing shanghai guangzhou shenzhen wuhan seoul cairo tehran istanbul ankara jakarta hanoi bangkok madrid
    barcelona london paris berlin tokyo delhi mumbai cancun tijuana bogota panama city american america national international
    global world united states north south east west central northern southern eastern western china korea egypt iran india
    spain turkey japan germany france british pacific atlantic""".split()
)
#: A single word is enough only when it is long and so likely coined ("stemgenex" has 9 letters).
_COINED = 7
_JOINED = 6
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"})
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright) ?(?:© ?)?(?:\d{4}(?: ?[-–] ?\d{4})?)?,? ?(?:by )?([^.|•·©\d\s][^.|•·©]{2,60})", re.IGNORECASE
)
_RESERVED = re.compile(r"[ ,]{0,3}all rights reserved.*$", re.IGNORECASE)


class PublisherNames(NamedTuple):
    """What a page says of who publishes it: names, and the telling part of its domain."""

    names: tuple[str, ...]
    domain: str


def publisher(
    title: str | None, url: str | None, organizations: Iterable[str], statements: Sequence[Statement]
) -> PublisherNames:
    """Return the names in the title, in what the page says of its organization, and in its copyright line."""
    parts = re.split(r" [-–—] | ?[|•·:»/] ?", title or "")
    lines = [s.block.text for s in statements if s.block.zone is Zone.FOOTER or "©" in s.text]
    copyrights = [_RESERVED.sub("", found) for line in dict.fromkeys(lines) for found in _COPYRIGHT.findall(line)]
    names = [name.strip() for name in (*organizations, title or "", *parts, *copyrights) if set(_tokens(name)) - _GENERIC]
    return PublisherNames(tuple(dict.fromkeys(names)), domain_label(url))


def domain_label(url: str | None) -> str:
    """Return the part of an address's host that its owner chose, without hyphens: "r3stemcell" of www.r3-stem-cell.co.uk."""
    host = (urlsplit(url).hostname or "") if url and "://" in url else ""
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:
        return ""
    deep = len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2
    return labels[-3 if deep else -2].replace("-", "")


def is_publisher(names: Iterable[str], page: PublisherNames) -> bool | None:
    """Say whether one of a trial's names is the page's publisher; None when names are alike, or the page names nobody."""
    if not page.names and not page.domain:
        return None
    answers = {_same(alternative, page) for name in names for alternative in _alternatives(name)}
    return True if True in answers else None if None in answers else False


def _alternatives(name: str) -> list[str]:
    """Return a name's parts: "A. Person (Some University)" and "Clinic A / Clinic B" are two names each."""
    parts = map(str.strip, re.split(r"[()/]", name))
    return [name, *(part for part in parts if part and part != name)]


def _same(name: str, page: PublisherNames) -> bool | None:
    answers = {_alike(_tokens(name), _tokens(other)) for other in page.names}
    answers.add(_on_domain(_tokens(name), page.domain))
    return True if True in answers else None if None in answers else False


def _tokens(name: str) -> tuple[str, ...]:
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=\w)\.(?=\w)|\.(?=\s|$|,)|'", "", plain(name)))
    return tuple(word for word in words if word not in _LEGAL and word not in _SMALL)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool | None:
    """Compare two names: equal, or one is the other with words of business added; None when one stands inside the other."""
    core, other_core = ([word for word in words if word not in _GENERIC] for words in (one, other))
    if not core or not other_core:
        return None if one == other and one else False
    if one == other:
        return True
    nested = set(one) <= set(other) or set(other) <= set(one)
    if core == other_core:
        return True if nested and _telling(core) else None if any(word not in _PLACES for word in core) else False
    return None if _telling(core) and f" {' '.join(one)} " in f" {' '.join(other)} " else False


def _telling(core: Sequence[str]) -> bool:
    words = [word for word in core if word not in _PLACES]
    return len(words) > 1 or any(len(word) >= _COINED for word in words)


def _on_domain(one: tuple[str, ...], domain: str) -> bool | None:
    """Compare a name with the domain: equal when written in one word; None when the domain holds a long name."""
    joined = "".join(one)
    if len(joined) < _JOINED or not domain:
        return False
    if joined == domain and set(one) - _GENERIC - _PLACES:
        return True
    return None if len(joined) > _COINED and joined in domain else False
