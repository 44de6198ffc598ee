"""Compares two scans: which statements are new, unchanged, reworded, moved or removed, and what was not read this time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from checker.errors import SettingsError
from checker.fingerprint import lines, words
from checker.store.outcome import Scan
from checker.store.rows import FindingRow, PageRow, SiteRow, copies, findings, host_of, joined, pages, sites
from checker.store.store import Store

#: Two statements of one page are one reworded from this share of common words on (difflib's ratio over words). With half of
#: the words exchanged it is 0.5; planted rewordings of up to three words in ten stay above 0.65.
NEAR = 0.6


class ChangeKind(StrEnum):
    """What became of a statement that carries a finding in one of the scans."""

    NEW = "new"
    REWORDED = "reworded"
    MOVED = "moved"
    REMOVED = "removed"
    RELABELLED = "relabelled"
    UNCHANGED = "unchanged"
    PAGE_GONE = "page_gone"
    NOT_READ = "not_read"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, kw_only=True)
class PlacedStatement:
    """A statement on a page with all its findings; ``words`` is its normal form."""

    page: PageRow
    words: str
    findings: tuple[FindingRow, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Its page's key and its words: where it is found in a scan."""
        return self.page.key, self.words

    @property
    def labels(self) -> frozenset[str]:
        """The labels of the statement."""
        return frozenset(finding.label for finding in self.findings)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What became of a statement of a site, with the reason where that needs one.

    ``unchanged``: the same words with at least one label in common; what stands around a statement can add another.
    ``relabelled``: the words stand on the page as before, and only the label came or went. ``moved``: they stand on another
    page of the site now, whether theirs can still be read or not. ``page_gone``: the site says that it has no such page (HTTP
    404 or 410, or in words). ``not_read``: the page or the site was not read in the later scan, so nothing is known.
    ``not_listed``: the site was not on the later list.
    """

    kind: ChangeKind
    site: SiteRow
    before: PlacedStatement | None = None
    after: PlacedStatement | None = None
    reason: str = ""

    @property
    def shown(self) -> PlacedStatement:
        """The later one, else the earlier one."""
        placed = self.after or self.before
        assert placed is not None
        return placed


@dataclass(frozen=True, kw_only=True)
class LostPage:
    """A page that was read before and not this time; ``code`` says why, null when not visited.

    ``is_gone``: the site says that it has no such page. ``led_to`` is the host to which the site's address leads now, null where
    it is the same.
    """

    site: SiteRow
    address: str
    code: str | None
    is_gone: bool
    led_to: str | None


@dataclass(frozen=True, kw_only=True)
class _Side:
    """A site in one scan: its pages by key, its statements by page key and words.

    ``copies`` leads from the key of a page that said nearly the same as another to that one's.
    """

    site: SiteRow
    pages: dict[str, PageRow]
    places: dict[tuple[str, str], PlacedStatement]
    copies: dict[str, str]

    def page(self, key: str) -> PageRow | None:
        """Return the page with a key, or the one whose copy it is."""
        return self.pages.get(key) or self.pages.get(self.copies.get(key, ""))

    def place(self, key: tuple[str, str]) -> PlacedStatement | None:
        """Return the statement with these words on the page with a key, or on the one whose copy it is."""
        page, words = key
        return self.places.get(key) or self.places.get((self.copies.get(page, ""), words))


def baseline(scans: Sequence[Scan], since: str | None, number: int | None = None) -> tuple[Scan, Scan]:
    """Return the scans to compare: the latest, and the last finished one before it that began on or before a day (ISO).

    Without a day the last finished one; a scan that was broken off is taken only by its number. Raises SettingsError when
    there are not two, none that old, or none with that number.
    """
    if len(scans) < 2:
        raise SettingsError("There is only one scan to compare; scan the list again first." if scans else "There is no scan yet.")
    *earlier, latest = scans
    if number is not None:
        return _numbered(earlier, number), latest
    finished = [scan for scan in earlier if scan.finished_at is not None]
    if not finished:
        advice = f"--baseline {earlier[-1].id} compares with one that was broken off"
        raise SettingsError(f"No scan before scan {latest.id} was finished; {advice}.")
    before = [scan for scan in finished if since is None or scan.started_at[:10] <= since]
    if not before:
        first = finished[0].started_at[:10]
        raise SettingsError(f"There is no finished scan of {since} or before to compare with; the first is of {first}.")
    return before[-1], latest


def passed_over(scans: Sequence[Scan], before: Scan, since: str | None) -> list[Scan]:
    """Return the scans that were broken off and would else have been the baseline in place of ``before``."""
    later = [scan for scan in scans[:-1] if scan.id > before.id and scan.finished_at is None]
    return [scan for scan in later if since is None or scan.started_at[:10] <= since]


def _numbered(earlier: Sequence[Scan], number: int) -> Scan:
    for scan in earlier:
        if scan.id == number:
            return scan
    known = ", ".join(str(scan.id) for scan in earlier)
    raise SettingsError(f"There is no scan {number} to compare with; earlier ones are {known}.")


def compare(store: Store, before: Scan, after: Scan) -> Iterator[Change]:
    """Yield what became of every finding, site by site in the order of the later list, then the sites it lacks."""
    pairs, unpaired = _pairs(store, before, after)
    listed = store.keys(before)
    for old, new in pairs:
        known = any(entry.key in listed for entry in new.entries)
        yield from _compare_site(_side(store, old), _side(store, new)) if old else _first_seen(_side(store, new), known=known)
    absent = {site.id for site in _absent(store, unpaired, after)}
    for site in unpaired:
        kind = ChangeKind.NOT_LISTED if site.id in absent else ChangeKind.NOT_READ
        reason = "the site is not on the later list" if site.id in absent else "the later scan has no outcome for the site"
        yield from _lost(_side(store, site), reason, kind)


def absent_sites(store: Store, before: Scan, after: Scan) -> list[SiteRow]:
    """Return the sites that were read before and are not on the later list."""
    _, unpaired = _pairs(store, before, after)
    return [site for site in _absent(store, unpaired, after) if site.state == "read"]


def lost_pages(store: Store, before: Scan, after: Scan) -> list[LostPage]:
    """Return the pages that were read before and not this time; of sites that could not be read only those that are gone."""
    pairs, _ = _pairs(store, before, after)
    lost = [page for old, new in pairs if old for page in _lost_pages(store, old, new)]
    return [page for page in lost if page.is_gone or page.site.state == "read"]


def _lost_pages(store: Store, old: SiteRow, new: SiteRow) -> Iterator[LostPage]:
    now, same = {page.key: page for page in pages(store, new)}, copies(store, new)
    for page in pages(store, old):
        later = now.get(page.key) or now.get(same.get(page.key, ""))
        if page.is_read and not (later and later.is_read):
            code, led_to = (later.error_code, None) if later else (None, _led_to(page, now))
            is_gone = later is not None and later.is_gone
            yield LostPage(site=new, address=page.address, code=code, is_gone=is_gone, led_to=led_to)


def _absent(store: Store, unpaired: Sequence[SiteRow], after: Scan) -> list[SiteRow]:
    """Return those of the sites that no entry of the later list names."""
    listed = store.keys(after)
    return [site for site in unpaired if not any(entry.key in listed for entry in site.entries)]


def unread_sites(store: Store, before: Scan, after: Scan) -> list[SiteRow]:
    """Return the sites of the later scan that could not be read, though they were before."""
    pairs, _ = _pairs(store, before, after)
    return [new for old, new in pairs if old and old.state == "read" and new.state == "unread"]


def _pairs(store: Store, before: Scan, after: Scan) -> tuple[list[tuple[SiteRow | None, SiteRow]], list[SiteRow]]:
    """Return each site of the later scan with the same one of the earlier, and those of the earlier that have none.

    A site is found again by its own key, and by that of any entry of the list that led to it. Several of the earlier scan
    that lead to one site now are one row.
    """
    later = sites(store, after)
    rest = {site.key: site for site in sites(store, before)}
    same = {site.id: [rest.pop(site.key)] for site in later if site.key in rest}
    by_entry = {entry.key: site for site in rest.values() for entry in site.entries}
    for site in later:
        for met in [by_entry[entry.key] for entry in site.entries if entry.key in by_entry]:
            if rest.pop(met.key, None):
                same.setdefault(site.id, []).append(met)
    return [(joined(*_lead(same[site.id])) if site.id in same else None, site) for site in later], list(rest.values())


def _lead(group: Sequence[SiteRow]) -> tuple[SiteRow, list[SiteRow]]:
    """Return the first of some sites, and all other entries of the list that are one of them."""
    lead, *others = group
    return lead, [*lead.others, *(entry for other in others for entry in other.entries)]


def _side(store: Store, site: SiteRow) -> _Side:
    found = {page.id: page for page in pages(store, site)}
    rows: dict[tuple[str, str], list[FindingRow]] = {}
    for row in findings(store, site):
        rows.setdefault((found[row.page_id].key, words(row.statement)), []).append(row)
    by_key = {page.key: page for page in found.values()}
    light = {key: replace(page, words="") for key, page in by_key.items()}  # places outlive their site
    places = {key: PlacedStatement(page=light[key[0]], words=key[1], findings=tuple(group)) for key, group in rows.items()}
    return _Side(site=site, pages=by_key, places=places, copies=copies(store, site))


def _first_seen(new: _Side, *, known: bool) -> Iterator[Change]:
    """Yield the statements of a site of which the earlier scan has nothing, though its list may have named it."""
    reason = "the site was not read before" if known else "the site is new"
    return (Change(kind=ChangeKind.NEW, site=new.site, after=placed, reason=reason) for placed in new.places.values())


def _compare_site(old: _Side, new: _Side) -> Iterator[Change]:
    if new.site.state == "unread":
        reason = f"the site could not be read ({_why(new)})"
        yield from (_unread(new, placed, reason) for placed in old.places.values())
    else:
        yield from _compare_pages(old, new)


def _lost(old: _Side, reason: str, kind: ChangeKind = ChangeKind.NOT_READ) -> Iterator[Change]:
    return (Change(kind=kind, site=old.site, before=placed, reason=reason) for placed in old.places.values())


def _unread(new: _Side, placed: PlacedStatement, reason: str) -> Change:
    """Return what became of a statement whose page was not read: it went with its page where the site says so."""
    if _is_gone(new, placed):
        return Change(kind=ChangeKind.PAGE_GONE, site=new.site, before=placed, reason="the site says that it has no such page")
    return Change(kind=ChangeKind.NOT_READ, site=new.site, before=placed, reason=reason)


def _why(side: _Side) -> str:
    codes = [failure["code"] for failure in side.site.failures] + [page.error_code or "" for page in side.pages.values()]
    return ", ".join(dict.fromkeys(filter(None, codes))) or "no page found"


def _compare_pages(old: _Side, new: _Side) -> Iterator[Change]:
    """Compare a site that was read both times: first what is the same, then what is left over on both sides."""
    site = new.site
    kept = list(_kept(old, new))
    for before, after in kept:
        kind = ChangeKind.UNCHANGED if before.labels & after.labels else ChangeKind.RELABELLED
        yield Change(kind=kind, site=site, before=before, after=after)
    # What stood on two like pages and was taken down from one that was read again is told of that one too.
    told = {before.key for before, after in kept if before.page.key == after.page.key or not _is_read(new, before)}
    found = {after.key for _, after in kept}
    left = [placed for placed in old.places.values() if placed.key not in told]
    rest = _Rest(
        # What is known to be gone is the first to be found again.
        before=sorted(left, key=lambda placed: not _is_known(new, placed)),
        after=[placed for placed in new.places.values() if placed.key not in found],
    )
    yield from _relabelled(rest, old, new)
    yield from _moved(rest, old, new)
    for placed in [placed for placed in rest.before if not _is_read(new, placed)]:
        rest.before.remove(placed)
        yield _unread(new, placed, _missed(new, placed))
    for before, after in rest.pairs(_nearness):
        yield Change(kind=ChangeKind.REWORDED, site=site, before=before, after=after)
    yield from (Change(kind=ChangeKind.REMOVED, site=site, before=placed) for placed in rest.before)
    for placed in rest.after:
        reason = "" if _is_read(old, placed) else _not_judged_before(old, placed)
        yield Change(kind=ChangeKind.NEW, site=site, after=placed, reason=reason)


def _kept(old: _Side, new: _Side) -> Iterator[tuple[PlacedStatement, PlacedStatement]]:
    """Yield the statements that stand on their pages both times, also where a page was a copy of another one time."""
    met: set[tuple[str, str]] = set()
    for key, before in old.places.items():
        if after := new.place(key):
            met.add(after.key)
            yield before, after
    for key, placed in new.places.items():
        if key not in met and (stood := old.place(key)):
            yield stood, placed


@dataclass(frozen=True, kw_only=True)
class _Rest:
    """The statements of a site that only one of the scans has."""

    before: list[PlacedStatement]
    after: list[PlacedStatement]

    def pairs(
        self, nearness: Callable[[PlacedStatement, PlacedStatement], float]
    ) -> Iterator[tuple[PlacedStatement, PlacedStatement]]:
        """Take out and yield the nearest pairs first; a nearness of 0 is no pair."""
        old, new = list(self.before), list(self.after)
        scored = [(nearness(before, after), i, j) for i, before in enumerate(old) for j, after in enumerate(new)]
        taken: set[tuple[str, int]] = set()
        for score, i, j in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
            if score and not {("old", i), ("new", j)} & taken:
                taken |= {("old", i), ("new", j)}
                self.before.remove(old[i])
                self.after.remove(new[j])
                yield old[i], new[j]


def _is_read(side: _Side, placed: PlacedStatement) -> bool:
    page = side.pages.get(placed.page.key)
    return page is not None and page.is_read


def _is_gone(side: _Side, placed: PlacedStatement) -> bool:
    page = side.pages.get(placed.page.key)
    return page is not None and page.is_gone


def _is_known(side: _Side, placed: PlacedStatement) -> bool:
    return _is_read(side, placed) or _is_gone(side, placed)


def _missed(side: _Side, placed: PlacedStatement) -> str:
    page = side.pages.get(placed.page.key)
    if page is not None:
        return f"the page could not be read ({page.error_code})"
    if (like := side.page(placed.page.key)) is not None:
        return f"the page says nearly the same as {like.address} now and was not judged by itself"
    host = _led_to(placed.page, side.pages)
    return f"the site's address leads to {host} now" if host else "no page was read at its address"


def _not_judged_before(old: _Side, placed: PlacedStatement) -> str:
    like = old.page(placed.page.key) if placed.page.key in old.copies else None
    if like is None:
        return "the page was not read before"
    return f"the page said nearly the same as {like.address} before and was not judged by itself"


def _led_to(page: PageRow, now: Iterable[str]) -> str | None:
    """Return the host to which a site's address leads now (by the keys of its pages), None where a page is on the same host."""
    hosts = [host_of(key) for key in now]
    return hosts[0] if hosts and host_of(page.key) not in hosts else None


def _relabelled(rest: _Rest, old: _Side, new: _Side) -> Iterator[Change]:
    """Yield statements whose words stand on the page as before: the checker judges them otherwise, the clinic changed nothing."""
    for placed in [placed for placed in rest.before if _stands(new, placed)]:
        rest.before.remove(placed)
        reason = "the words still stand there; the label is no longer given"
        yield Change(kind=ChangeKind.RELABELLED, site=new.site, before=placed, reason=reason)
    for placed in [placed for placed in rest.after if _stands(old, placed)]:
        rest.after.remove(placed)
        reason = "the words stood there before; the label was not given"
        yield Change(kind=ChangeKind.RELABELLED, site=new.site, after=placed, reason=reason)


def _moved(rest: _Rest, old: _Side, new: _Side) -> Iterator[Change]:
    """Yield statements that stand on another page now, also those whose own page could not be read any more."""
    for before, after in rest.pairs(_same_words):
        yield Change(kind=ChangeKind.MOVED, site=new.site, before=before, after=after)
    for placed, page in [(placed, page) for placed in rest.before if (page := _elsewhere(placed, old, new))]:
        rest.before.remove(placed)
        found = new.places.get((page.key, placed.words))  # the same words stood on several pages and stand on one now
        reason = "" if found else f"it stands on {page.address} now, where it was not labelled"
        yield Change(kind=ChangeKind.MOVED, site=new.site, before=placed, after=found, reason=reason)


def _stands(side: _Side, placed: PlacedStatement, key: str | None = None) -> bool:
    """Say whether a statement's words stand on its page in that scan, or on the page with another key."""
    page = side.page(key or placed.page.key)
    return page is not None and page.is_read and f"\n{lines(placed.findings[0].statement)}\n" in f"\n{page.words}\n"


def _elsewhere(placed: PlacedStatement, old: _Side, new: _Side) -> PageRow | None:
    """Return another page on which a statement stands now and did not stand before."""
    return next((page for key, page in new.pages.items() if _stands(new, placed, key) and not _stands(old, placed, key)), None)


def _same_words(before: PlacedStatement, after: PlacedStatement) -> float:
    """Return 1 for the same statement, which now stands on another page."""
    return float(before.words == after.words)


def _nearness(before: PlacedStatement, after: PlacedStatement) -> float:
    """Return how alike two statements of one page are, 0 for too little."""
    if before.page.key != after.page.key:
        return 0.0
    matcher = SequenceMatcher(None, before.words.split(), after.words.split(), autojunk=False)
    if matcher.quick_ratio() < NEAR or (ratio := matcher.ratio()) < NEAR:
        return 0.0
    return ratio
