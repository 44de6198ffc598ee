"""Finds sentences that stand on several sites in the same or nearly the same words: copied marketing kits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checker.fingerprint import registered_domain, words
from checker.lists.people import is_story
from checker.store.rows import FindingRow, PageRow, SiteRow

#: Shorter sentences ("Call us today") are the same on many sites by chance.
LEAST_WORDS = 7
#: Words in a row that are compared.
SHINGLE = 3
#: Share of such runs of words from which two sentences are nearly the same. One word of twenty exchanged leaves 0.71.
NEAR = 0.7
#: Values in a sketch; the estimate of a share of 0.7 is within 0.08 in two of three cases, and exact shares decide.
SKETCH = 128
#: The estimate lets through what may be near; it must not lose a pair that is.
_LOOSE = 0.5
#: A statement with its page and site, as they are read from a scan.
Said = tuple[SiteRow, PageRow, FindingRow]


@dataclass(frozen=True, kw_only=True)
class Kit:
    """A sentence that several sites have, in its most frequent wording.

    ``story`` says that it is a patient's somewhere; ``sites`` stand in the order of the list.
    """

    statement: str
    labels: tuple[str, ...]
    story: bool
    wordings: int
    sites: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(kw_only=True)
class _Wording:
    """One wording with everything that has it."""

    key: str
    said: Counter[str]
    labels: Counter[str]
    sites: dict[str, SiteRow]
    pages: dict[str, None]
    story: bool = False


def kits(said: Iterable[Said]) -> list[Kit]:
    """Return the sentences that stand on at least two sites (registered domains), those on most sites first.

    Who had a sentence first cannot be told from a scan, and is not.
    """
    wordings = _wordings(said)
    groups = [[wordings[i] for i in group] for group in _groups([wording.key for wording in wordings])]
    found = [_kit(group) for group in groups if len({site for wording in group for site in wording.sites}) > 1]
    return sorted(found, key=lambda kit: (-len(kit.sites), kit.statement))


def _wordings(said: Iterable[Said]) -> list[_Wording]:
    found: dict[str, _Wording] = {}
    for site, page, finding in said:
        key = words(finding.statement)
        if key.count(" ") < LEAST_WORDS - 1:
            continue
        wording = found.setdefault(key, _Wording(key=key, said=Counter(), labels=Counter(), sites={}, pages={}))
        wording.said[finding.statement] += 1
        wording.labels[finding.label] += 1
        wording.story |= is_story(finding)
        wording.sites.setdefault(registered_domain(page.address) or site.host, site)
        wording.pages[page.address] = None
    return list(found.values())


def _groups(keys: list[str]) -> Iterator[list[int]]:
    """Yield the positions of keys that are nearly the same, directly or over others."""
    from datasketch import MinHash, MinHashLSH

    leads = list(range(len(keys)))

    def lead(position: int) -> int:
        while leads[position] != position:
            leads[position] = position = leads[leads[position]]
        return position

    shingles = [_shingles(key) for key in keys]
    index = MinHashLSH(threshold=_LOOSE, num_perm=SKETCH)
    empty = MinHash(num_perm=SKETCH)  # made once: its permutations cost more than a sketch
    for position, runs in enumerate(shingles):
        sketch = empty.copy()
        sketch.update_batch([run.encode() for run in runs])
        for other in index.query(sketch):
            if len(runs & shingles[other]) >= NEAR * len(runs | shingles[other]):
                leads[lead(position)] = lead(other)
        index.insert(position, sketch)
    groups: dict[int, list[int]] = {}
    for position in range(len(keys)):
        groups.setdefault(lead(position), []).append(position)
    yield from groups.values()


def _shingles(key: str) -> frozenset[str]:
    parts = key.split()
    return frozenset(" ".join(parts[start : start + SHINGLE]) for start in range(len(parts) - SHINGLE + 1))


def _kit(group: list[_Wording]) -> Kit:
    said: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    for wording in group:
        said += wording.said
        labels += wording.labels
    sites = {domain: site for wording in group for domain, site in wording.sites.items()}
    return Kit(
        statement=min(said, key=lambda text: (-said[text], text)),
        labels=tuple(sorted(labels, key=lambda label: (-labels[label], label))),
        story=any(wording.story for wording in group),
        wordings=len(group),
        sites=tuple(site.name for site in sorted(sites.values(), key=lambda site: site.position)),
        pages=tuple(page for wording in group for page in wording.pages),
    )
