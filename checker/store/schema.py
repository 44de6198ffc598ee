"""The tables of a scan database, as ordered migrations, with what every table and column means."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

#: The name under which sqlite-utils keeps the list of what has been applied; a file without it is not ours.
NAME = "clinic-checker"
migrations = Migrations(NAME)

_SCANS = """
CREATE TABLE scan (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    input TEXT NOT NULL,
    pages_per_site INTEGER NOT NULL CHECK (pages_per_site > 0),
    versions TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    extra TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'read', 'unread')),
    verdict TEXT,
    pages_read INTEGER NOT NULL DEFAULT 0,
    pages_unread INTEGER NOT NULL DEFAULT 0,
    started_at TEXT,
    finished_at TEXT,
    UNIQUE (scan_id, key)
);
CREATE INDEX site_state ON site(scan_id, state);
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT,
    verdict TEXT NOT NULL,
    publisher TEXT,
    language TEXT,
    checked_at TEXT NOT NULL,
    sha256 TEXT,
    bytes INTEGER,
    words BLOB,
    UNIQUE (site_id, key)
);
CREATE TABLE statement (
    id INTEGER PRIMARY KEY,
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    context TEXT NOT NULL DEFAULT '[]',
    role TEXT NOT NULL,
    zone TEXT NOT NULL,
    visibility TEXT NOT NULL,
    css_path TEXT NOT NULL
);
CREATE INDEX statement_page ON statement(page_id);
CREATE TABLE finding (
    id INTEGER PRIMARY KEY,
    statement_id INTEGER NOT NULL REFERENCES statement(id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    severity TEXT NOT NULL,
    confidence REAL NOT NULL,
    rule TEXT NOT NULL,
    also TEXT NOT NULL DEFAULT '[]',
    quote TEXT NOT NULL,
    why TEXT NOT NULL,
    strength TEXT,
    about_nerves INTEGER NOT NULL,
    unsure INTEGER NOT NULL,
    shielded_by TEXT,
    conditions TEXT NOT NULL DEFAULT '[]',
    products TEXT NOT NULL DEFAULT '[]',
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
);
CREATE INDEX finding_statement ON finding(statement_id);
CREATE INDEX finding_fingerprint ON finding(fingerprint);
CREATE TABLE trial_check (
    id INTEGER PRIMARY KEY,
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    trial TEXT NOT NULL,
    registry TEXT NOT NULL,
    outcome TEXT NOT NULL,
    mismatch_in TEXT NOT NULL DEFAULT '[]',
    registry_status TEXT,
    quote TEXT NOT NULL,
    message TEXT NOT NULL,
    source TEXT,
    as_of TEXT
);
CREATE INDEX trial_check_page ON trial_check(page_id);
CREATE TABLE failure (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
    page_id INTEGER REFERENCES page(id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    advice TEXT NOT NULL
);
CREATE INDEX failure_site ON failure(site_id);
CREATE INDEX failure_page ON failure(page_id);
CREATE TABLE about (
    "table" TEXT NOT NULL,
    "column" TEXT NOT NULL,
    meaning TEXT NOT NULL,
    PRIMARY KEY ("table", "column")
);
CREATE VIEW latest_findings AS
    SELECT site.name AS site, page.address, page.title, finding.label, statement.text AS statement, finding.severity,
           finding.confidence, finding.why, statement.role, statement.zone, page.checked_at, finding.fingerprint
    FROM finding JOIN statement ON statement.id = finding.statement_id JOIN page ON page.id = statement.page_id
         JOIN site ON site.id = page.site_id
    WHERE site.scan_id = (SELECT max(id) FROM scan)
    ORDER BY site.position, page.id, statement.id, finding.id;
"""
_SCANS_MEAN = {
    "scan": {
        "": "One run over a list of sites.",
        "started_at": "UTC",
        "finished_at": "UTC; empty while it runs, and after it was cut short",
        "input": "the file with the list, or - for standard input",
        "pages_per_site": "how many pages of a site were read at most",
        "versions": "of checker, rules, model and facts, as JSON",
    },
    "site": {
        "": "One site of the list, with its outcome.",
        "position": "its place in the list, from 1",
        "name": "as the list gives it",
        "key": "host and path, by which the same site is found again in other scans",
        "extra": "the other columns of the list, as JSON",
        "state": "waiting, read (at least one page was) or unread",
        "verdict": "the strongest verdict of its pages that were read; empty without one",
        "pages_read": "pages read and judged",
        "pages_unread": "pages that could not be read; the reasons are in failure",
        "started_at": "UTC",
        "finished_at": "UTC",
    },
    "page": {
        "": "One page, read or not.",
        "address": "where it was found after redirects, without fragment and visit parameters",
        "key": "address without scheme and www., by which the same page is found again in other scans",
        "title": "of the page",
        "verdict": "of the page: could_not_read, trial, informational, out_of_scope, alarm, alarm_other, caution or careful",
        "publisher": "provider, third_party or empty",
        "language": "BCP 47",
        "checked_at": "UTC",
        "sha256": "of the bytes that were judged",
        "bytes": "their number",
        "words": "the page's words in lower case, a sentence a line (zlib, UTF-8): says whether a statement still stands there",
    },
    "statement": {
        "": "A sentence or stand-alone block that carries a finding.",
        "text": "word for word",
        "context": "heading trail, question and list intro, as JSON",
        "role": "title, heading, paragraph, list_item, ...",
        "zone": "main, testimonial, faq, footer, ...",
        "visibility": "shown, behind_click, hidden or search_engine",
        "css_path": "finds the element again",
    },
    "finding": {
        "": "A label of a statement.",
        "label": "fda_approved, cure, benefit, ...",
        "fingerprint": "of label, statement and page; the same in every scan in which they are",
        "severity": "high, medium, low or info",
        "confidence": "0 to 1, calibrated",
        "rule": "what decided: a rule of the rule book, or model",
        "also": "what else fired, as JSON",
        "quote": "the part of the statement that decides",
        "why": "in plain words",
        "strength": "how much is promised: relieves to guaranteed",
        "about_nerves": "1 when nerve damage is meant",
        "unsure": "1 when the model alone decided, close to its threshold",
        "shielded_by": "the registry number of a matched trial",
        "conditions": "groups of conditions that the statement names, as JSON",
        "products": "groups of products that the statement names, as JSON",
        "start": "offset of the quote in its block, in code points",
        "end": "the offset after it",
    },
    "trial_check": {
        "": "A registry number on a page, and what is known of it.",
        "trial": "the number",
        "registry": "which registry",
        "outcome": "matched, mismatched, not_found or not_checked",
        "mismatch_in": "in what, as JSON",
        "registry_status": "the registry's own word",
        "quote": "as the page has it",
        "message": "in plain words",
        "source": "where the record stands",
        "as_of": "the date of what is known",
    },
    "failure": {
        "": "Why a page or a whole site could not be read.",
        "page_id": "empty when it is the whole site",
        "stage": "address, fetch, parse, read, judge, ...",
        "code": "an error code of the report format",
        "message": "what went wrong, in plain words",
        "advice": "what to do",
    },
    "latest_findings": {"": "The findings of the latest scan with their sites and pages (a view)."},
}


def describe(db: Database, meanings: Mapping[str, Mapping[str, str]]) -> None:
    """Write what tables and columns mean into the table ``about``; the column "" is the table itself."""
    rows = ((table, column, meaning) for table, columns in meanings.items() for column, meaning in columns.items())
    db.conn.executemany("INSERT OR REPLACE INTO about VALUES (?, ?, ?)", rows)


def run(db: Database, script: str) -> None:
    """Run statements one by one: executescript would commit the migration's transaction before it begins."""
    for statement in filter(str.strip, script.split(";")):
        db.execute(statement)


@migrations()
def m0001_scans(db: Database) -> None:
    """Make the tables of scans."""
    run(db, _SCANS)
    describe(db, _SCANS_MEAN)


_REVIEWS = """
CREATE TABLE review (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('confirmed', 'rejected')),
    note TEXT,
    decided_at TEXT NOT NULL,
    label TEXT NOT NULL,
    statement TEXT NOT NULL,
    page TEXT NOT NULL,
    CHECK (decision IS NOT NULL OR note IS NOT NULL)
);
CREATE INDEX review_fingerprint ON review(fingerprint);
CREATE VIEW decided AS
    SELECT fingerprint,
           (SELECT decision FROM review AS r WHERE r.fingerprint = review.fingerprint AND decision IS NOT NULL
            ORDER BY id DESC LIMIT 1) AS decision,
           (SELECT note FROM review AS r WHERE r.fingerprint = review.fingerprint AND note IS NOT NULL
            ORDER BY id DESC LIMIT 1) AS note
    FROM review GROUP BY fingerprint;
"""
_REVIEWS_MEAN = {
    "review": {
        "": "What a person decided of a finding; rows are only added, the latest counts.",
        "fingerprint": "of the finding, so that the decision holds in every scan",
        "decision": "confirmed, rejected, or empty for a note alone",
        "note": "the person's own words",
        "decided_at": "UTC",
        "label": "the finding's label, kept so that the decision can be read alone",
        "statement": "its statement",
        "page": "its page",
    },
    "decided": {"": "The decision and the note that count now, by fingerprint (a view)."},
}


@migrations()
def m0002_reviews(db: Database) -> None:
    """Make the table of a person's decisions."""
    run(db, _REVIEWS)
    describe(db, _REVIEWS_MEAN)


_NOTES = """
CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    page_id INTEGER NOT NULL REFERENCES page(id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    quote TEXT
);
CREATE INDEX note_page ON note(page_id);
"""
_NOTES_MEAN = {
    "note": {
        "": "Something worth showing that is no finding: official actions, contradictions, notices, what was not looked at.",
        "code": "which kind of note",
        "message": "in plain words",
        "quote": "the page's words it rests on",
    },
}


@migrations()
def m0003_notes(db: Database) -> None:
    """Make the table of notes."""
    run(db, _NOTES)
    describe(db, _NOTES_MEAN)


_EACH_ONCE = """
DROP VIEW latest_findings;
CREATE VIEW latest_findings AS
    SELECT site.name AS site, page.address, page.title, finding.label, statement.text AS statement, finding.severity,
           finding.confidence, finding.why, statement.role, statement.zone, page.checked_at, finding.fingerprint
    FROM finding JOIN statement ON statement.id = finding.statement_id JOIN page ON page.id = statement.page_id
         JOIN site ON site.id = page.site_id
    WHERE page.id IN (
        SELECT min(page.id) FROM page JOIN site ON site.id = page.site_id
        WHERE site.scan_id = (SELECT max(id) FROM scan) AND page.verdict != 'could_not_read'
        GROUP BY page.key
    )
    ORDER BY site.position, page.id, statement.id, finding.id;
"""
_EACH_ONCE_MEANS = {
    "latest_findings": {
        "": "The findings of the latest scan with their sites and pages (a view); a page that several sites led to is there once."
    },
}


@migrations()
def m0004_each_page_once(db: Database) -> None:
    """Show the findings of a page once, though several entries of the list led to it, as the exports do."""
    run(db, _EACH_ONCE)
    describe(db, _EACH_ONCE_MEANS)


_FRAGMENTS_MEAN = {
    "finding": {
        "fragment": "what leads a browser from the page's address to the quote; empty where it would not show it, and where an "
        "earlier version saved the finding",
    },
}


@migrations()
def m0005_fragments(db: Database) -> None:
    """Give findings what leads to their quotes."""
    run(db, "ALTER TABLE finding ADD COLUMN fragment TEXT")
    describe(db, _FRAGMENTS_MEAN)


_SELLERS_MEAN = {"scan": {"sellers": "1 when it was said that all pages are sellers' own (--seller), and they were judged so"}}


@migrations()
def m0006_sellers(db: Database) -> None:
    """Let scans say whether their sites were given as sellers'."""
    run(db, "ALTER TABLE scan ADD COLUMN sellers INTEGER NOT NULL DEFAULT 0")
    describe(db, _SELLERS_MEAN)


_COPIES = """
CREATE TABLE page_copy (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site(id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    key TEXT NOT NULL,
    original TEXT NOT NULL,
    UNIQUE (site_id, key)
);
"""
_COPIES_MEAN = {
    "page_copy": {
        "": "An address at which a page says nearly the same as another of the site, with not one claiming word more or less; it "
        "was not judged again, counts in no figure, and scans of earlier versions have none.",
        "address": "where it was found, as in page",
        "key": "as in page",
        "original": "the key of the page that was judged",
    },
}


@migrations()
def m0007_copies(db: Database) -> None:
    """Make the table of pages that say nearly the same as others."""
    run(db, _COPIES)
    describe(db, _COPIES_MEAN)
