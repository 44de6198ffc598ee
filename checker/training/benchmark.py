"""Runs the public benchmark of tests/bench: the shipped checker beside simpler and other systems, and what each part adds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from checker.claims.pipeline import Pipeline
from checker.classifier import features
from checker.classifier.model import Classifier, load
from checker.classifier.outputs import OUTPUTS
from checker.rules.book import Book
from checker.training import scorer, sheets, systems, train
from checker.training.scorer import Answers
from checker.training.sheets import Sheet
from checker.training.systems import Set
from checker.values import PROMISES

SHIPPED = "rules, linear and readers (shipped)"
#: Answers of systems that do not run here, with the command that made them in the folder's README.
OUTSIDE = "outside.jsonl"
EVEN = dict.fromkeys(OUTPUTS, 0.5)


def run(root: Path, learn: bool = True, outside: Path | None = None) -> str:
    """Return the tables of the benchmark as text, with the answers kept beside it and those of the file ``outside``.

    ``learn`` says whether systems are trained for it, which takes minutes.
    """
    book, classifier = Book(), load(root / "models" / "classifier.skops")
    given = ready(root / "tests" / "bench", book)
    answers = [*_here(given, book, classifier), *(_learned(root, given, book, classifier) if learn else ())]
    kept = root / "tests" / "bench" / OUTSIDE
    for file in ((kept,) if kept.is_file() else ()) + ((outside,) if outside else ()):
        answers += scorer.read(file, given.sheets)
    head = f"model {classifier.digest[:16]} from data {classifier.data_digest[:16]}"
    return f"{head}\n\n{_written(root / 'tests' / 'bench', given.sheets, answers)}"


def write_items(root: Path, file: Path) -> str:
    """Write what is to be judged, without labels, and say where."""
    count = sheets.write(sheets.read(root / "tests" / "bench", Pipeline()), file)
    return f"{count} statements written to {file}"


def ready(bench: Path, book: Book) -> Set:
    """Return the benchmark as the checker reads it, with the time that each step took."""
    times = [time.perf_counter()]
    read = sheets.read(bench, Pipeline())
    times.append(time.perf_counter())
    for sheet in read:
        for statement in sheet.example.statements:
            book.hits(statement)
    times.append(time.perf_counter())
    prepared = train.prepare([sheet.example for sheet in read], book)
    times.append(time.perf_counter())
    reading, rules, both = (end - begin for begin, end in pairwise(times))
    return Set(sheets=read, prepared=prepared, reading=reading, rules=rules, features=both)


def _here(given: Set, book: Book, classifier: Classifier) -> list[Answers]:
    """Return the answers of everything that is there without training."""
    linear, both = systems.by_linear(classifier), systems.by_both(classifier)
    fast, deep = systems.by_reader(classifier.readers.fast), systems.by_reader(classifier.readers.deep)
    kept, full = classifier.thresholds, given.reading + given.features
    return [
        systems.answer("keyword list", systems.keywords, given),
        systems.answer("rules", systems.rules, given, given.reading + given.rules),
        systems.answer("linear", systems.checker(linear, book, kept, with_rules=False), given, full),
        systems.answer("fast reader", systems.checker(fast, book, EVEN, with_rules=False), given, given.reading),
        systems.answer("deep reader", systems.checker(deep, book, EVEN, with_rules=False), given, given.reading),
        systems.answer("linear and readers", systems.checker(both, book, kept, with_rules=False), given, full),
        systems.answer("rules and linear", systems.checker(linear, book, kept, with_rules=True), given, full),
        systems.answer(SHIPPED, systems.checker(systems.by_both(classifier, book), book, kept, with_rules=True), given, full),
    ]


def _learned(root: Path, given: Set, book: Book, classifier: Classifier) -> list[Answers]:
    """Return the answers of a gradient-boosted stack, and of linear models without each group of features."""
    from checker.training import stack

    whole, extra = train.data(root / "training_data")
    full = given.reading + given.features
    stacked = systems.checker(stack.learned(whole, classifier), book, EVEN, with_rules=False)
    answers = [systems.answer("gradient-boosted stack", stacked, given, full)]
    for left_out in ("nothing", *features.GROUPS):
        system = systems.retrained([*whole, *extra], [group for group in features.GROUPS if group != left_out])
        answers.append(systems.answer(f"linear, learned without {left_out}", system, given, full))
    return answers


def _written(bench: Path, read: Sequence[Sheet], answers: Sequence[Answers]) -> str:
    single, whole = [sheet for sheet in read if not sheet.verdict], [sheet for sheet in read if sheet.verdict]
    core = single[: sheets.core_part(bench)]
    parts = ((f"{len(core)} hard statements about approval and cure", core), (f"All {len(single)} hard statements", single))
    pages = f"{len(whole)} hard pages", whole
    shipped = next(each for each in answers if each.system == SHIPPED)
    return "\n\n".join(
        [
            *(
                f"{name}, {_promises(part)}\n{scorer.table([scorer.score(a, part) for a in answers])}"
                for name, part in (*parts, pages)
            ),
            "Known misses on approval and cure, hard statements",
            "\n".join(misses(shipped, single)),
        ]
    )


def _promises(part: Sequence[Sheet]) -> str:
    """Say how many lines there are, and how many promise approval or cure."""
    wanted = [labels for sheet in part for labels in sheet.labels.values()]
    return f"{sum(bool(labels & PROMISES) for labels in wanted)} of {len(wanted)} lines promise approval or cure"


def misses(answers: Answers, read: Sequence[Sheet]) -> list[str]:
    """Return the single statements that were wrongly judged on approval and cure, each with its labels."""
    lines = []
    for sheet in read:
        wanted = sheet.labels[sheet.name]
        if bool(answers.labels[sheet.name] & PROMISES) != bool(wanted & PROMISES):
            kind = "missed" if wanted & PROMISES else "wrong"
            lines.append(f"{kind:7s}{','.join(sorted(wanted)) or '-':30s}{sheet.example.document.blocks[0].text}")
    return lines
