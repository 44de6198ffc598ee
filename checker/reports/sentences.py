"""Builds the sentences of a report from its values and the fixed words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from checker.reports import choose, words
from checker.values import (
    CAUTIONS,
    MODEL,
    PROMISES,
    Finding,
    Label,
    Note,
    Reason,
    Report,
    Statement,
    Strength,
    TextBlock,
    TrialCheck,
    VerdictLevel,
)

#: Puts a fixed text into the reader's language; `str` leaves it in English.
Say = Callable[[str], str]
_OF_NERVES = re.compile(r"\b(?:nerves?|neuropath\w*)\b", re.IGNORECASE)
#: Characters of a title that are shown.
TITLE_LENGTH = 200


def headline(report: Report, say: Say = str) -> str:
    """Return the sentences that say first what the page promises, in plain words."""
    level = report.verdict.level
    if level is VerdictLevel.COULD_NOT_READ:
        code = report.error.code if report.error else ""
        return say(words.UNREAD).format(why=say(words.UNREAD_WHY.get(code, words.UNREAD_OTHER)))
    named = [trial for trial in report.trials if not trial.linked]
    if level is VerdictLevel.TRIAL and any(trial.outcome in ("mismatched", "not_found") for trial in named):
        return f"{say(words.HEADLINES[level])} {say(words.TRIAL_DOES_NOT_FIT)}"
    if may_promise(level, report.findings):
        return f"{say(words.HEADLINES[level])} {say(words.MAY_PROMISE)}"
    if level in words.HEADLINES:
        return say(words.HEADLINES[level])
    return _caution(report, say) if level is VerdictLevel.CAUTION else _promises(report, say)


def may_promise(level: VerdictLevel, findings: Iterable[Finding]) -> bool:
    """Say whether what is called careful holds a promise that did not count because it is in doubt."""
    return level is VerdictLevel.CAREFUL and any(finding.label in PROMISES and finding.unsure for finding in findings)


def reasons(report: Report) -> list[Reason]:
    """Return the verdict's reasons that the headline does not give already."""
    said = headline(report)
    return [reason for reason in report.verdict.reasons if not said.startswith(reason.message)]


def _promises(report: Report, say: Say) -> str:
    level = report.verdict.level
    counted = [f for f in choose.promises(report) if f.about_nerves or level is VerdictLevel.ALARM_OTHER]
    kinds = {
        "end": [f for f in counted if f.label is Label.CURE and f.strength is not Strength.GUARANTEED],
        "guarantee": [f for f in counted if f.label is Label.CURE and f.strength is Strength.GUARANTEED],
        "approval": [f for f in counted if f.label is Label.FDA_APPROVED],
    }
    said: list[str] = []
    for kind, found in kinds.items():
        if found:
            frame, what = (words.NEXT_PROMISE, words.AGAIN) if said else (words.FIRST_PROMISE, words.WHAT[level])
            part = say(words.PROMISE[kind]).format(verbs=say(_verbs(found)), what=say(what))
            said.append(say(frame).format(part=part, statements=_statements(len(found), say)))
    return " ".join([*(said or [say(words.BARE_PROMISE)]), say(words.AFTER_PROMISE[level])])


def _statements(number: int, say: Say) -> str:
    return say(words.ONE_STATEMENT) if number == 1 else say(words.STATEMENTS).format(count=number)


def _verbs(found: Sequence[Finding]) -> str:
    reversals = [finding.strength is Strength.REVERSES for finding in found]
    return words.VERBS[any(reversals), not all(reversals)]


def _caution(report: Report, say: Say) -> str:
    counts = Counter(f.label for f in report.findings if f.label in CAUTIONS and not f.unsure)
    most = sorted(counts, key=lambda label: (-counts[label], list(words.LABELS).index(label)))[:3]
    does = joined([say(words.DOES[label]) for label in words.DOES if label in most], say(words.AND))
    said = say(words.CAUTION).format(does=does) if does else say(words.BARE_CAUTION)
    after = after_caution(report.findings)
    return f"{said} {say(after)}" if after else said


def after_caution(findings: Sequence[Finding]) -> str:
    """Return what is said of promises where claims alone decide; nothing where some are in doubt, which are told below."""
    promises = [f for f in findings if f.label in PROMISES]
    if any(f.shielded_by for f in promises):
        return words.SHIELDED_PROMISE
    return "" if promises else words.NO_PROMISE


def place(block: TextBlock, say: Say = str) -> str:
    """Return where a block stands, such as "heading, behind a click"."""
    page = say(words.PDF_PAGE).format(page=block.page) if block.page else ""
    parts = (words.ROLES[block.role], words.ZONES[block.zone], words.VISIBILITIES[block.visibility])
    role, zone, visibility = (say(part) if part else "" for part in parts)
    return ", ".join(filter(None, (role, page, zone, visibility)))


def place_of(statement: Statement, say: Say = str) -> str:
    """Return where a statement stands, and whether a script put it there, where that is known."""
    return ", ".join([place(statement.block, say), *([say(words.SCRIPTED)] if statement.needs_script else [])])


def context(statement: Statement, say: Say = str) -> list[str]:
    """Return what surrounds a statement: its trail of headings, the question it answers, the line before its list."""
    block = statement.block
    question = statement.asked
    trail = " › ".join(f"“{heading}”" for heading in block.headings)
    lines = [say(words.UNDER).format(trail=trail)] if trail else []
    if question and question not in block.headings:
        lines.append(say(words.ANSWERS).format(question=question))
    if block.lead and block.lead not in (*block.headings, question):
        lines.append(say(words.INTRODUCED).format(lead=block.lead))
    return lines


def told(finding: Finding) -> tuple[str, str]:
    """Return what the statement does, in a sentence, and what is known of it.

    A finding's ``why`` begins with its rule's message. The label's title stands for that where no rule decided,
    since the message would say more than the model knows, and where ``why`` is a single sentence.
    """
    does, _, known = finding.why.partition(". ")
    title = words.LABELS[finding.label]
    if not known:
        return title, finding.why
    return (title if finding.rule == MODEL else f"{does}."), known


def noted(finding: Finding) -> tuple[str, str, str]:
    """Return the title of a note, which is that of its label wherever it stands; what a rule says beyond it; what is known."""
    title = words.LABELS[finding.label]
    does, known = told(finding)
    return title, "" if _says_no_more(does, title) else does, known


def _says_no_more(does: str, title: str) -> bool:
    """Say whether what a rule says stands in the title of its label, but for what "it" and "the treatment" name."""
    return _plain(does) == _plain(title)


def _plain(text: str) -> str:
    return re.sub(r"\b(?:it|the treatment)\b", "", text.lower().rstrip(".")).strip()


def doubts(finding: Finding, say: Say = str) -> list[str]:
    """Return what speaks against counting a finding in full."""
    lines = [say(words.SHIELDED).format(trial=finding.shielded_by)] if finding.shielded_by else []
    return [*lines, say(words.UNSURE)] if finding.unsure else lines


def also(others: Sequence[choose.Numbered], say: Say = str) -> list[str]:
    """Return the line that says what else a statement does, by its other findings; nothing where there are none."""
    does = [say(words.LABELS[finding.label]) for _, finding in others]
    return [say(words.ALSO_DOES).format(does="; ".join(text[:1].lower() + text[1:] for text in does))] if does else []


def aside(finding: Finding, known: str, say: Say = str) -> list[str]:
    """Return the line that goes before what is known, where that is about nerve damage and the statement is not."""
    return [say(words.NERVES_ONLY)] if not finding.about_nerves and _OF_NERVES.search(known) else []


def note_quote(note: Note) -> str:
    """Return a note's quote, empty where its message holds it already."""
    return note.quote if note.quote and note.quote not in note.message else ""


def decided_by(finding: Finding, say: Say = str) -> str:
    """Return what decided a finding: its rule or the model, and the other rules that fired."""
    first = say(words.MODEL) if finding.rule == MODEL else say(words.RULE).format(rule=finding.rule)
    others = ", ".join(say(words.THE_MODEL) if rule == MODEL else rule for rule in finding.also if rule != finding.rule)
    return f"{first}, {say(words.ALSO).format(rules=others)}" if others else first


def trial(check: TrialCheck) -> list[str]:
    """Return what is known of a registry number, a sentence each; what its message says already is not said again."""
    lines = [check.message or words.OUTCOMES.get(check.outcome, "")]
    if check.mismatch_in and not check.message:
        lines.append(words.DIFFERS.format(parts=", ".join(words.DIFFERENCES.get(part, part) for part in check.mismatch_in)))
    status = (check.registry_status or "").replace("_", " ").lower()
    if status and f"“{status}”" not in check.message:
        lines.append(words.REGISTRY_STATUS.format(status=status, date=check.as_of))
    elif check.as_of and check.as_of not in check.message:
        lines.append(words.AS_OF.format(date=check.as_of))
    return [line for line in lines if line]


def questions(report: Report, say: Say = str) -> list[str]:
    """Return the questions that the findings call for, in the order of the groups; a few where no product was found."""
    if report.verdict.level is VerdictLevel.OUT_OF_SCOPE:
        return [say(text) for text in words.QUESTIONS_OUT_OF_SCOPE]
    labels = {finding.label for finding in report.findings}
    return [say(text) for label, text in words.QUESTIONS.items() if label in labels or (label is None and labels)]


def method(report: Report) -> tuple[str, ...]:
    """Return how the page was judged; nothing of a page that was not read."""
    if report.verdict.level is VerdictLevel.COULD_NOT_READ:
        return ()
    kind_only = report.verdict.level in choose.UNJUDGED
    return (*(words.METHOD_KIND if kind_only else words.METHOD), *words.METHOD_LIMITS)


def header(report: Report) -> list[str]:
    """Return the page's title, when a web archive recorded it, and when it was read."""
    titled = [words.TITLED.format(title=shortened(report.title, TITLE_LENGTH))] if report.title else []
    read = words.TRIED if report.verdict.level is VerdictLevel.COULD_NOT_READ else words.READ
    recorded = [words.RECORDED.format(when=when(report.recorded_at))] if report.recorded_at else []
    return [*titled, *recorded, read.format(when=when(report.checked_at))]


def shortened(text: str, limit: int) -> str:
    """Return the text, or its beginning and a sign that it goes on."""
    return text if len(text) <= limit else f"{text[:limit].rstrip()} {words.CUT_SHORT}"


def when(moment: datetime) -> str:
    """Return a moment such as "23 November 2026, 14:05 UTC"."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {words.MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} UTC"


def distinct(findings: Iterable[Finding]) -> int:
    """Return how many statements of a page carry findings."""
    return len({(finding.statement.block.index, finding.statement.start) for finding in findings})


def count(number: int, noun: str) -> str:
    """Return a counted noun: "one statement", "3 statements"."""
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def counted(number: int, noun: str) -> str:
    """Return a noun with its number in digits: "1 page", "1,200 pages"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def joined(parts: Sequence[str], last: str) -> str:
    """Return "a, b or c"."""
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
