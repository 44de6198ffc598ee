"""Reports show what the values hold: first things first, every quote found again, nothing of the page interpreted."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from checker import knowledge
from checker.crawl.report import grouped, site_report
from checker.errors import ADVICE
from checker.reports import choose, html, jsonout, links, sentences, site, site_html, terminal, words
from checker.reports.marks import Span, marked
from checker.reports.visible import visible
from checker.values import (
    Failure,
    Finding,
    Label,
    Note,
    Publisher,
    Reason,
    Report,
    Role,
    Severity,
    Source,
    Statement,
    Strength,
    TextBlock,
    TrialCheck,
    Verdict,
    VerdictLevel,
    Visibility,
    Zone,
)

INJECTIONS = (
    "<script>alert(1)</script> stem cells cure neuropathy",
    "</style></title><img src=x onerror=alert(1)> cures",
    '" onmouseover="alert(1)" x=\' onfocus=alert(1) cures',
    "[bold]cures[/bold] [link=https://evil.example]here[/link] :warning:",
    "\x1b[31mcures\x1b[0m \x1b]8;;https://evil.example\x07here\x1b]8;;\x07 \x9b31m \x07\x08",
    "cures \u202eyhtaporuen\u202c \u2066x\u2069 \u200f and \u2028 more",
    "&lt;b&gt; &amp; cures <!-- --> <![CDATA[ ]]>",
)
SOURCE = Source(title="FDA, Consumer alert", url="https://www.fda.gov/alert", date="2020-07-22")
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def make_block(index: int, text: str, **given: Any) -> TextBlock:
    return TextBlock(index=index, text=text, **{"role": Role.PARAGRAPH, **given})


def make_statement(block: TextBlock, text: str | None = None) -> Statement:
    text = block.text if text is None else text
    start = block.text.index(text)
    return Statement(
        index=0,
        block=block,
        start=start,
        end=start + len(text),
        text=text,
        match_text=text.lower(),
        words=tuple(text.lower().split()),
    )


def make_finding(block: TextBlock, label: Label, quote: str | None = None, **given: Any) -> Finding:
    quote = block.text if quote is None else quote
    start = block.text.index(quote)
    values: dict[str, Any] = {
        "rule": "X101",
        "also": (),
        "severity": Severity.HIGH,
        "confidence": 0.9,
        "statement": make_statement(block),
        "why": f"Says {label.value}. What is known of {label.value}.",
        "sources": (SOURCE,),
    }
    return Finding(label=label, quote=quote, start=start, end=start + len(quote), **{**values, **given})


def make_report(level: VerdictLevel, findings: tuple[Finding, ...] = (), **given: Any) -> Report:
    publisher = None if level is VerdictLevel.COULD_NOT_READ else Publisher.PROVIDER
    blocks = {f.statement.block.index: f.statement.block for f in findings}
    values: dict[str, Any] = {
        "source": "clinic.example/page",
        "final_url": "https://clinic.example/page",
        "checked_at": datetime(2026, 11, 23, 14, 5, tzinfo=UTC),
        "title": "Nerve Center",
        "verdict": Verdict(
            level=level,
            publisher=publisher,
            reasons=(Reason(code="claims", message="The page says that it works.", findings=tuple(range(len(findings)))),),
        ),
        "versions": {"checker": "0.1.0", "rules": "0.1.0"},
        "findings": findings,
        "blocks": tuple(blocks.values()),
    }
    return Report(**{**values, **given})


def unread(code: str = "bot_wall") -> Report:
    error = Failure(stage="fetch", code=code, message="The site shows a visitor check.", advice=ADVICE[code])
    return make_report(VerdictLevel.COULD_NOT_READ, error=error, final_url=None, title=None)


def everything() -> Report:
    """Return a report with every label, role and visibility, a trial and notes."""
    roles, zones, seen = list(Role), list(Zone), list(Visibility)
    findings = tuple(
        make_finding(
            make_block(
                n,
                f"Words of the clinic, number {n}.",
                role=roles[n],
                zone=zones[n % len(zones)],
                visibility=seen[n % len(seen)],
                headings=("Results", "Nerves"),
                question="Does it work?",
                lead="You can expect:",
                page=n or None,
            ),
            label,
            strength=list(Strength)[n % 6],
            about_nerves=True,
            unsure=n % 2 == 0,
        )
        for n, label in enumerate(Label)
    )
    trial_block = make_block(40, "Our study is NCT01234567.")
    trial = TrialCheck(
        id="NCT01234567",
        registry="ClinicalTrials.gov",
        statement=make_statement(trial_block),
        start=13,
        end=24,
        outcome="mismatched",
        mismatch_in=("condition",),
        registry_status="withdrawn",
        source="https://clinicaltrials.gov/study/NCT01234567",
        as_of="2026-11-01",
    )
    notes = (
        Note(code="pair", message="A promise and its limit.", quote="Results vary."),
        Note(code="plain", message="A plain note."),
    )
    return make_report(VerdictLevel.ALARM, findings, trials=(trial,), notes=notes)


def many() -> Report:
    blocks = [make_block(n, f"Stem cells cure neuropathy, way {n}.") for n in range(60)]
    return make_report(VerdictLevel.ALARM, tuple(make_finding(b, Label.CURE, about_nerves=True) for b in blocks))


def hostile() -> Report:
    findings = tuple(
        make_finding(make_block(n, text, headings=(text,), question=text, lead=text), Label.CURE, about_nerves=True, why=text)
        for n, text in enumerate(INJECTIONS)
    )
    bad = Source(title=INJECTIONS[0], url="javascript:alert(1)", date=INJECTIONS[2])
    findings += (make_finding(make_block(50, "Cures."), Label.CURE, sources=(bad,)),)
    return make_report(
        VerdictLevel.ALARM,
        findings,
        final_url="javascript:alert(document.domain)//https://clinic.example",
        title=" ".join(INJECTIONS),
        notes=tuple(Note(code="x", message=text, quote=text) for text in INJECTIONS),
        versions={"model": INJECTIONS[0]},
    )


def long_words() -> Report:
    text = "cures" * 400 + " 神経" * 300
    return make_report(
        VerdictLevel.ALARM_OTHER,
        (make_finding(make_block(0, text), Label.CURE),),
        title=text,
        final_url="https://a.example/" + "x" * 500,
    )


REPORTS = {
    **{level.value: make_report(level) for level in VerdictLevel},
    "unread": unread(),
    "everything": everything(),
    "many": many(),
    "hostile": hostile(),
    "long_words": long_words(),
}
all_reports = pytest.mark.parametrize("report", [pytest.param(report, id=name) for name, report in REPORTS.items()])


def as_terminal(report: Report, **options: Any) -> str:
    stream = io.StringIO()
    terminal.write(report, stream, **options)
    return stream.getvalue()


def as_html(report: Report) -> str:
    stream = io.StringIO()
    html.write(report, stream)
    return stream.getvalue()


def as_soup(report: Report) -> BeautifulSoup:
    return BeautifulSoup(as_html(report), "html.parser")


def folded(text: str) -> str:
    return " ".join(text.split())


# Words


def test_careful_says_exactly_the_sentence() -> None:
    assert sentences.headline(make_report(VerdictLevel.CAREFUL)) == (
        "We found no promise of approval or cure in the parts we could read. "
        "This says nothing about whether the treatment works, is safe or is allowed."
    )


def test_alarm_counts_what_is_promised_of_nerves() -> None:
    block = partial(make_block, 0)
    findings = (
        make_finding(block("We reverse neuropathy."), Label.CURE, strength=Strength.REVERSES, about_nerves=True),
        make_finding(block("It ends nerve pain."), Label.CURE, strength=Strength.CURES, about_nerves=True),
        make_finding(block("Approved for neuropathy."), Label.FDA_APPROVED, about_nerves=True),
        make_finding(block("Relief is guaranteed."), Label.CURE, strength=Strength.GUARANTEED, about_nerves=True),
        make_finding(block("It cures baldness."), Label.CURE, strength=Strength.CURES),
        make_finding(block("Join our trial, which cures."), Label.CURE, about_nerves=True, shielded_by="NCT01234567"),
    )
    assert sentences.headline(make_report(VerdictLevel.ALARM, findings)) == (
        "This page promises to cure, reverse or end nerve damage, in 2 statements. "
        "It also promises a guaranteed result for it, in one statement. "
        "It also promises an approved treatment for it, in one statement. "
        "No such treatment is approved, as far as we know."
    )


def test_a_promise_of_which_we_are_unsure_stands_after_those_that_count_and_is_told_as_such() -> None:
    unsure = make_finding(make_block(0, "No pain, no burning."), Label.CURE, rule="model", unsure=True, about_nerves=True)
    nerves = make_finding(make_block(1, "It ends nerve pain."), Label.CURE, about_nerves=True)
    other = make_finding(make_block(2, "Approved for sore knees."), Label.FDA_APPROVED)
    report = make_report(VerdictLevel.ALARM, (unsure, nerves, other))
    assert sentences.headline(report) == (
        "This page promises to cure or end nerve damage, in one statement. No such treatment is approved, as far as we know."
    )
    assert [finding for _, finding in choose.strongest(report)] == [nerves, other, unsure]
    assert [group.finding for group in grouped([report])] == [nerves, other, unsure]
    for text in (as_terminal(report), as_soup(report).select(".card")[2].get_text()):
        assert words.UNSURE in text


def test_findings_of_one_block_stand_together_with_their_numbers() -> None:
    one, two = make_block(3, "It cures, with no risk."), make_block(1, "It helps.")
    found = (make_finding(one, Label.CURE), make_finding(two, Label.BENEFIT), make_finding(one, Label.SAFETY))
    assert choose.by_block(make_report(VerdictLevel.ALARM_OTHER, found)) == {
        3: [(0, found[0]), (2, found[2])],
        1: [(1, found[1])],
    }


def test_what_the_model_found_is_told_by_its_label() -> None:
    why = "Promises a cure. No cure is known. Studies are small."
    known = "No cure is known. Studies are small."
    block = make_block(0, "Cures.")
    assert sentences.told(make_finding(block, Label.CURE, why=why)) == ("Promises a cure.", known)
    assert sentences.told(make_finding(block, Label.CURE, why=why, rule="model")) == (words.LABELS[Label.CURE], known)
    assert sentences.told(make_finding(block, Label.CURE, why="One.")) == (words.LABELS[Label.CURE], "One.")


def test_caution_names_what_the_page_does_most() -> None:
    labels = (Label.BENEFIT, Label.BENEFIT, Label.SAFETY, Label.SAFETY, Label.TESTIMONIAL, Label.FDA_HALO, Label.FDA_HALO)
    findings = tuple(make_finding(make_block(n, f"Words {n}"), label) for n, label in enumerate(labels))
    assert sentences.headline(make_report(VerdictLevel.CAUTION, findings)) == (
        "This page says that the treatment works, calls the treatment safe and borrows a regulator's name. "
        "We found no promise of approval or cure in the parts we could read."
    )


def test_what_did_not_count_is_not_in_the_headline() -> None:
    findings = (
        make_finding(make_block(0, "It works."), Label.BENEFIT),
        make_finding(make_block(1, "Our cells are allowed by the FDA."), Label.FDA_HALO, unsure=True),
    )
    said = sentences.headline(make_report(VerdictLevel.CAUTION, findings))
    assert said.startswith("This page says that the treatment works. We found no promise")


def test_statements_are_counted_and_not_their_marks() -> None:
    block = make_block(0, "Our FDA-approved cells reverse neuropathy.")
    findings = tuple(make_finding(block, label, about_nerves=True) for label in (Label.FDA_APPROVED, Label.CURE))
    assert "(one statement)" in folded(as_terminal(make_report(VerdictLevel.ALARM, findings)))


def test_words_on_other_than_nerves_are_told_to_be_in_the_terminal_too() -> None:
    known = "Promises a cure. No treatment is known to cure or reverse neuropathy."
    for about_nerves in (True, False):
        finding = make_finding(make_block(0, "It cures knees."), Label.CURE, why=known, about_nerves=about_nerves)
        said = folded(as_terminal(make_report(VerdictLevel.ALARM_OTHER, (finding,))))
        assert (words.NERVES_ONLY in said) is not about_nerves


def test_caution_speaks_of_a_trial_only_where_one_was_found() -> None:
    benefit, promise = make_block(0, "It helps."), make_block(1, "It cures.")
    shielded = make_finding(promise, Label.CURE, shielded_by="NCT01234567")
    unsure = make_finding(promise, Label.CURE, unsure=True)
    said = [
        sentences.headline(make_report(VerdictLevel.CAUTION, (make_finding(benefit, Label.BENEFIT), finding)))
        for finding in (shielded, unsure)
    ]
    assert said[0].endswith(words.SHIELDED_PROMISE)
    assert said[1] == "This page says that the treatment works."


def test_a_careful_page_with_a_doubtful_promise_does_not_say_only_that_there_is_none() -> None:
    doubtful = make_finding(make_block(0, "Insurance won't pay for our approved cells."), Label.FDA_APPROVED, unsure=True)
    reason = Reason(code="no_promise", message=words.NO_PROMISE)
    report = make_report(VerdictLevel.CAREFUL, (doubtful,))
    report = replace(report, verdict=replace(report.verdict, reasons=(reason,)))
    assert sentences.headline(report) == f"{words.HEADLINES[VerdictLevel.CAREFUL]} {words.MAY_PROMISE}"
    assert sentences.reasons(report) == []
    assert site.headline(site_report("clinic.example", [report])).endswith(words.MAY_PROMISE)


@all_reports
def test_headline_is_of_the_kind_that_the_verdict_asks_for(report: Report) -> None:
    said = sentences.headline(report)
    level = report.verdict.level
    assert said.startswith("This page promises ") == (level in (VerdictLevel.ALARM, VerdictLevel.ALARM_OTHER))
    assert said.startswith("We could not read this page: ") == (level is VerdictLevel.COULD_NOT_READ)


@pytest.mark.parametrize("code", ADVICE)
def test_every_error_says_why(code: str) -> None:
    assert words.UNREAD_OTHER not in sentences.headline(unread(code))


@pytest.mark.parametrize(
    ("enum", "texts"), [(Label, words.LABELS), (Strength, words.STRENGTHS), (Role, words.ROLES), (Zone, words.ZONES)]
)
def test_every_member_has_words(enum: Any, texts: dict[Any, str]) -> None:
    assert set(texts) == set(enum)


def test_every_label_has_a_pencil_mark() -> None:
    assert set(words.FAMILY_OF) == set(Label)


# Terminal


@all_reports
@pytest.mark.parametrize("show_all", [False, True])
def test_terminal_keeps_to_80_columns(report: Report, show_all: bool) -> None:
    assert max(cell_len(line) for line in as_terminal(report, show_all=show_all).split("\n")) <= 80


@all_reports
def test_terminal_begins_with_the_headline(report: Report) -> None:
    text = as_terminal(report)
    assert folded(text).startswith(sentences.headline(report))
    assert text.split("\n\n")[0].replace("\n", " ") == sentences.headline(report)


@all_reports
def test_no_steering_character_reaches_a_plain_terminal(report: Report) -> None:
    assert not STEERING.search(as_terminal(report))


def test_terminal_shows_steering_characters_and_markup_as_text() -> None:
    text = folded(as_terminal(hostile(), show_all=True))
    assert "[bold]cures[/bold] [link=https://evil.example]here[/link] :warning:" in text
    assert r"\x1b[31mcures\x1b[0m" in text and r"\x9b31m" in text and r"\u202eyhtaporuen\u202c" in text


def test_color_holds_only_our_own_escapes() -> None:
    text = as_terminal(everything(), color=True)
    assert "\x1b[" in text
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert [line.rstrip() for line in plain.splitlines()] == as_terminal(everything(), color=False).splitlines()
    assert set(re.findall(r"\x1b.", as_terminal(hostile(), color=True))) == {"\x1b["}


def test_groups_stand_in_order() -> None:
    text = as_terminal(everything())
    order = (
        "fda_approved cure fda_halo science_halo success_rate safety testimonial replaces_care "
        "benefit hedged_benefit pressure disclaimer"
    )
    places = [text.index(f"\n{words.LABELS[Label(name)]} (1)\n") for name in order.split()]
    assert places == sorted(places)


def test_terminal_tells_place_rule_strength_trial_and_notes() -> None:
    text = folded(as_terminal(everything()))
    for expected in (
        "page title · rule X101 · speaks of relief",
        "under “Results” › “Nerves”",
        "answers “Does it work?”",
        "after “You can expect:”",
        "for search engines or screen readers only",
        "behind a click",
        "[1] FDA, Consumer alert (2020-07-22)",
        "NCT01234567 (ClinicalTrials.gov)",
        "It differs in: the condition.",
        "Status in the registry: withdrawn, as of 2026-11-01.",
        "- A promise and its limit. “Results vary.”",
        "Versions: checker 0.1.0, rules 0.1.0",
        "not medical or legal advice",
        "Do not stop a medicine because of a page.",
    ):
        assert expected in text


def test_long_groups_are_shortened_unless_all_is_asked_for() -> None:
    short, whole = as_terminal(many()), as_terminal(many(), show_all=True)
    assert short.count("“Stem cells cure neuropathy, way") == 8
    assert "and 52 more (--all shows them)" in short
    assert whole.count("“Stem cells cure neuropathy, way") == 60
    assert "--all" not in whole


def test_unread_says_why_and_what_to_do() -> None:
    text = folded(as_terminal(unread()))
    assert text.startswith("We could not read this page: it turns programs away, or asks visitors to prove")
    assert "The site shows a visitor check." in text and ADVICE["bot_wall"] in text


@all_reports
def test_names_of_verdicts_are_not_shown(report: Report) -> None:
    for text in (as_terminal(report), as_soup(report).get_text(" ")):
        assert not re.search(r"\b(?:alarm|alarm_other|caution|careful|could_not_read|out_of_scope|informational)\b", text)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_stream_of_few_characters_gets_escapes(encoding: str) -> None:
    for write in (terminal.write, html.write, jsonout.write_jsonl):
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding=encoding)
        write(long_words(), stream)
        stream.flush()
        assert "神" not in raw.getvalue().decode(encoding)


# JSON

KEYS = "format_version source final_url checked_at title language publisher verdict reasons findings trials notes versions"
FINDING_KEYS = (
    "label fingerprint rule also severity confidence statement context quote why sources strength about_nerves unsure "
    "conditions products place"
)
PLACE_KEYS = "role zone visibility css_path start end page needs_script link"
TRIAL_KEYS = "id registry quote place outcome mismatch_in registry_status source as_of message reason answers"


def as_jsonl(report: Report) -> str:
    stream = io.StringIO()
    jsonout.write_jsonl(report, stream)
    return stream.getvalue()


def as_json(reports: list[Report]) -> Any:
    stream = io.StringIO()
    jsonout.write_json(reports, stream)
    return json.loads(stream.getvalue())


def test_json_has_the_keys_of_the_format() -> None:
    data = as_json([everything()])
    assert list(data) == KEYS.split()
    assert all(list(finding) == FINDING_KEYS.split() for finding in data["findings"])
    assert all(list(finding["place"]) == PLACE_KEYS.split() for finding in data["findings"])
    assert list(data["trials"][0]) == TRIAL_KEYS.split()
    assert [list(note) for note in data["notes"]] == [["code", "message", "quote"], ["code", "message"]]


def test_json_has_an_error_only_when_unread() -> None:
    data = as_json([unread()])
    assert list(data) == [*KEYS.split(), "error"]
    assert list(data["error"]) == ["stage", "code", "message", "advice"]
    assert data["verdict"] == "could_not_read" and data["publisher"] is None


def test_json_names_the_trial_that_shields() -> None:
    finding = make_finding(make_block(0, "Join our trial."), Label.CURE, shielded_by="NCT01234567")
    assert as_json([make_report(VerdictLevel.CAUTION, (finding,))])["findings"][0]["shielded_by"] == "NCT01234567"


def test_json_is_an_object_for_one_and_an_array_for_others() -> None:
    assert isinstance(as_json([unread()]), dict)
    assert [entry["verdict"] for entry in as_json([unread(), many()])] == ["could_not_read", "alarm"]
    assert as_json([]) == []


@all_reports
def test_a_line_of_json_is_one_line_and_says_the_same(report: Report) -> None:
    line = as_jsonl(report)
    assert len(line.splitlines()) == 1 and not STEERING.search(line)
    assert json.loads(line) == as_json([report])
    assert [finding["quote"] for finding in json.loads(line)["findings"]] == [finding.quote for finding in report.findings]


def test_json_keeps_letters_as_they_are() -> None:
    finding = make_finding(make_block(0, "Heilt Nerven — 神経"), Label.CURE)
    assert "Heilt Nerven — 神経" in as_jsonl(make_report(VerdictLevel.ALARM, (finding,)))


def test_a_lone_surrogate_can_be_written() -> None:
    assert r'"title":"broken \ud83d"' in as_jsonl(make_report(VerdictLevel.CAREFUL, title="broken \ud83d")).replace(": ", ":")


# HTML


@all_reports
def test_html_is_one_file_that_runs_and_fetches_nothing(report: Report) -> None:
    soup = as_soup(report)
    assert not soup.find_all(["script", "link", "img", "iframe", "object", "embed", "form", "svg", "base"])
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            assert not name.startswith("on") and name not in ("style", "src", "srcset", "action")
            assert name != "href" or str(value).startswith(("https://", "http://", "#"))
    css = soup.style.string if soup.style else ""
    assert "url(" not in str(css) and "@import" not in str(css)


@all_reports
def test_the_policy_allows_this_style_and_nothing_else(report: Report) -> None:
    soup = as_soup(report)
    assert soup.style and soup.style.string
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    assert policy["content"] == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@all_reports
def test_html_is_well_formed(report: Report) -> None:
    """Every element is closed in order: a strict reader of the same tags finds nothing left over."""
    open_tags: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z][a-z0-9]*)\b", as_html(report).split("</style>")[1]):
        if name in ("meta", "br"):
            continue
        if closing:
            assert open_tags.pop() == name if open_tags else name in ("head", "html")
        else:
            open_tags.append(name)
    assert open_tags == []
    soup = as_soup(report)
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for a in soup.find_all("a", href=re.compile("^#"))} <= set(ids)


@all_reports
def test_every_quote_is_found_again_in_the_text(report: Report) -> None:
    soup = as_soup(report)
    for number, finding in enumerate(report.findings, start=1):
        pieces = soup.select(f'.paper mark[data-note="{number}"]')
        assert "".join(piece.get_text() for piece in pieces) == visible(finding.quote)
        assert soup.select_one(f"#n{number}") and pieces[0]["id"] == f"q{number}"
        assert [piece for piece in pieces if piece.get("data-last")] == pieces[-1:]


@all_reports
def test_html_begins_with_the_headline_and_tells_what_it_is_not(report: Report) -> None:
    soup = as_soup(report)
    assert soup.h1 and soup.h1.get_text() == sentences.headline(report)
    for line in words.ADVICE:
        assert line in soup.get_text()
    assert not STEERING.search(soup.get_text())


@pytest.mark.parametrize("text", INJECTIONS)
def test_hostile_text_comes_out_as_text(text: str) -> None:
    said = [row.get_text() for row in as_soup(hostile()).select(".paper .said")]
    assert any(visible(text) in row for row in said)


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    soup = as_soup(hostile())
    assert "javascript:alert(document.domain)" in soup.get_text()
    assert all(not str(a["href"]).lower().startswith("javascript") for a in soup.find_all("a"))


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "-",
        "page.html",
        "//clinic.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://[::1",
        "https://a.example/ b",
        "https://a.example/\u202e",
        "java\nscript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_only_plain_web_addresses_become_links(address: str | None) -> None:
    assert not links.is_web(address)


def test_the_three_strongest_are_varied_and_shown_with_what_is_known() -> None:
    block = partial(make_block, 0)
    findings = (
        make_finding(make_block(0, "It works."), Label.BENEFIT, severity=Severity.MEDIUM),
        make_finding(make_block(1, "Reverse neuropathy."), Label.CURE, about_nerves=True),
        make_finding(make_block(2, "Reverse neuropathy in ten weeks."), Label.CURE, about_nerves=True),
        make_finding(make_block(3, "End nerve pain."), Label.CURE, about_nerves=True),
        make_finding(make_block(4, "Cure numb feet."), Label.CURE, about_nerves=True),
        make_finding(make_block(5, "Approved.", visibility=Visibility.SEARCH_ENGINE), Label.FDA_APPROVED),
        make_finding(block("Book now."), Label.PRESSURE),
    )
    soup = as_soup(make_report(VerdictLevel.ALARM, findings))
    assert [quote.get_text() for quote in soup.select("blockquote")] == ["Reverse neuropathy.", "End nerve pain.", "Approved."]
    card = soup.select(".card")[0]
    assert card.find("a", string="FDA, Consumer alert", href="https://www.fda.gov/alert")
    assert card.find("a", string=words.SEE_PAGE, href="https://clinic.example/page#:~:text=Reverse%20neuropathy.")
    assert not soup.select(".card")[2].find("a", string=words.SEE_PAGE)


def test_a_card_names_every_label_of_its_statement() -> None:
    blocks = [make_block(n, text) for n, text in enumerate(("Studies prove that it ends nerve pain safely.", "It works."))]
    labels = (Label.SAFETY, Label.CURE, Label.SCIENCE_HALO)
    findings = (
        *(make_finding(blocks[0], label, about_nerves=True) for label in labels),
        make_finding(blocks[1], Label.BENEFIT, severity=Severity.LOW),
    )
    report = make_report(VerdictLevel.ALARM, findings)
    stream = io.StringIO()
    site_html.write(site_report("clinic.example", [report]), stream)
    for found in (as_soup(report), BeautifulSoup(stream.getvalue(), "html.parser")):
        first, other = found.select(".card .beside")
        assert "Also: says that it is safe; leans on science." in first.get_text(" ")
        assert words.LABELS[Label.CURE] in first.get_text(" ")
        assert "Also" not in other.get_text(" ")


def test_a_note_bears_its_labels_title_whatever_decided() -> None:
    why = "Names a registry number that we could not find. A number is no proof."
    findings = tuple(
        make_finding(make_block(n, f"See it, {n}."), Label.SCIENCE_HALO, rule=rule, why=why)
        for n, rule in enumerate(("J102", "model"))
    )
    soup = as_soup(make_report(VerdictLevel.CAUTION, findings))
    assert {title.get_text() for title in soup.select(".card b, .margin b")} == {words.LABELS[Label.SCIENCE_HALO]}
    assert "Names a registry number that we could not find." in soup.select(".card .beside")[0].get_text()


def test_the_file_says_what_the_page_leans_on_and_where_to_report() -> None:
    finding = make_finding(make_block(0, "An FDA-registered laboratory."), Label.FDA_HALO)
    soup = as_soup(make_report(VerdictLevel.CAUTION, (finding,)))
    leans, where = (soup.find("section", attrs={"aria-labelledby": f"{name}-heading"}) for name in ("leans", "where"))
    assert isinstance(leans, Tag) and isinstance(where, Tag)
    known = knowledge.tables().known_of(Label.FDA_HALO)
    assert known and known.text in leans.get_text() and "An FDA-registered laboratory." in leans.get_text()
    for row in knowledge.tables().reporting.rows:
        assert row.name in where.get_text() and (row.phone or "") in where.get_text()
        assert not row.address or where.find("a", href=row.address)
    assert as_html(make_report(VerdictLevel.INFORMATIONAL)).count("FDA MedWatch") == 0


def test_what_is_said_carefully_has_its_own_place() -> None:
    findings = tuple(
        make_finding(make_block(n, f"It may help, {n}."), Label.HEDGED_BENEFIT if n % 2 else Label.DISCLAIMER) for n in range(9)
    )
    soup = as_soup(make_report(VerdictLevel.CAREFUL, findings))
    assert not soup.select("blockquote")
    assert [q.get_text() for q in soup.select(".quotes q")] == [f"It may help, {n}." for n in range(6)]
    assert words.MORE_BELOW in soup.get_text()


def test_how_a_page_was_fetched_is_told_among_how_it_was_judged() -> None:
    notes = (Note(code="robots_not_asked", message="Not asked."), Note(code="pdf", message="A PDF."))
    soup = as_soup(make_report(VerdictLevel.CAREFUL, notes=notes))
    assert [li.get_text() for li in soup.select("[aria-labelledby=notes-heading] li")] == ["A PDF."]
    assert "Not asked." in soup.select("[aria-labelledby=judged-heading]")[0].get_text()


def test_a_number_is_told_in_words_with_one_date_and_nothing_twice() -> None:
    status = "Its status as of 2026-11 is “active not recruiting”: it takes nobody new."
    trial = replace(everything().trials[0], registry_status="ACTIVE_NOT_RECRUITING", as_of="2026-11", message=status)
    assert sentences.trial(trial) == [status]
    bare = replace(trial, message="", mismatch_in=("sponsor_or_site",))
    assert " ".join(sentences.trial(bare)).endswith(
        "It differs in: the sponsor or the place. Status in the registry: active not recruiting, as of 2026-11."
    )


def test_a_trials_page_with_a_number_that_does_not_fit_says_so_first() -> None:
    (trial,) = everything().trials
    assert words.TRIAL_DOES_NOT_FIT in sentences.headline(make_report(VerdictLevel.TRIAL, trials=(trial,)))
    for other in (replace(trial, outcome="matched", mismatch_in=()), replace(trial, linked=True)):
        assert words.TRIAL_DOES_NOT_FIT not in sentences.headline(make_report(VerdictLevel.TRIAL, trials=(other,)))


def test_questions_follow_from_the_findings() -> None:
    finding = make_finding(make_block(0, "90% get better."), Label.SUCCESS_RATE)
    asked = [li.get_text() for li in as_soup(make_report(VerdictLevel.CAUTION, (finding,))).select(".checklist li")]
    assert asked == [words.QUESTIONS[Label.SUCCESS_RATE], words.QUESTIONS[None]]
    assert not as_soup(make_report(VerdictLevel.INFORMATIONAL)).select(".checklist")


def test_the_legend_names_the_marks_in_use() -> None:
    block = make_block(0, "It works and is approved.")
    findings = (make_finding(block, Label.BENEFIT), make_finding(block, Label.FDA_APPROVED, "is approved"))
    legend = as_soup(make_report(VerdictLevel.ALARM_OTHER, findings)).select(".legend li span")
    assert [item["class"] for item in legend] == [["m", "approval"], ["m", "works"]]


# Marks


spans = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30)), max_size=12)


@given(text=st.text("ab<&", max_size=25), pairs=spans)
def test_marks_nest_and_cover_exactly_their_spans(text: str, pairs: list[tuple[int, int]]) -> None:
    given_spans = [Span(start, end, number, "cure") for number, (start, end) in enumerate(pairs)]
    soup = BeautifulSoup(marked(text, given_spans), "html.parser")
    assert soup.get_text() == text
    for span in given_spans:
        pieces = soup.select(f'mark[data-note="{span.number}"]')
        assert "".join(piece.get_text() for piece in pieces) == text[max(0, span.start) : max(0, span.end)]
        assert len([piece for piece in pieces if piece.get("id")]) == len(pieces[:1])


def test_a_span_inside_another_stays_whole() -> None:
    assert marked("abcdef", [Span(0, 6, 1, "works"), Span(2, 4, 2, "cure")]) == (
        '<mark class="m works" id="q1" data-note="1" data-last="1">ab'
        '<mark class="m cure" id="q2" data-note="2" data-last="2">cd</mark>ef</mark>'
    )


def test_spans_that_cross_are_split() -> None:
    soup = BeautifulSoup(marked("abcdef", [Span(0, 4, 1, "works"), Span(2, 6, 2, "cure")]), "html.parser")
    assert [mark.get_text() for mark in soup.select("mark")] == ["abcd", "cd", "ef"]
    assert [mark.get("id") for mark in soup.select("mark")] == ["q1", "q2", None]


# Visible


@given(st.text())
def test_visible_text_steers_nothing(text: str) -> None:
    assert not STEERING.search(visible(text))


def test_plain_text_stays_as_it_is() -> None:
    assert visible("Nerven — 神経 \u200d é") == "Nerven — 神経 \u200d é"
    assert visible("a\tb\nc\x00\U000e0041") == r"a b c\x00\U000e0041"


def test_what_a_script_put_there_is_told_in_both_reports() -> None:
    finding = make_finding(make_block(1, "Stem cells cure neuropathy."), Label.CURE)
    scripted = replace(finding, statement=replace(finding.statement, needs_script=True))
    for one, told in [(finding, False), (scripted, True)]:
        report = make_report(VerdictLevel.ALARM, (one,))
        assert (words.SCRIPTED in folded(as_terminal(report))) is told
        assert (words.SCRIPTED in as_html(report)) is told
