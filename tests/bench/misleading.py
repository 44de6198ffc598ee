"""Judges short pages that were written to mislead the checker, and prints by phenomenon how many verdicts are right.

    python tests/bench/misleading.py            # the tables, and labels right, missed and false over all
    python tests/bench/misleading.py --wrong    # also each page with a wrong verdict

The pages stand in four files: HTML, publisher, verdict ("?" where the writer was in doubt) and the labels of the statements that
the page is about. `misleading.jsonl` was written and labelled by one language model against an earlier version; what it showed
was mended with it in view, so it says what is known to work and what is not. `misleading_unseen.jsonl` was written later by
another that did not know the checker, and a third labelled it blind; no rule, word or threshold was mended with it in view, but
its table was, beside others, when the deep reader's weights were chosen. `misleading_turned.jsonl` is 84 more of that kind, by
others again: two denials that undo each other, ours against others, short answers, idioms, promises beside limits or taken for
granted, lists without a colon. Where two labellers differ on a statement both labels are kept beside what was settled; on verdict
and publisher they never did. `misleading_hunted.jsonl` is 476 whole pages with every statement labelled, on the same mechanisms:
their writers ran the checker of the day and kept what it misread, with half as many that it read rightly, so its share of errors
says nothing of pages at large; a second run labelled them blind, and where both differed it was settled.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from checker.engine import Checker

FILES = ("misleading.jsonl", "misleading_unseen.jsonl", "misleading_turned.jsonl", "misleading_hunted.jsonl")
IN_DOUBT = "?"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Judge pages written to mislead.")
    parser.add_argument("--wrong", action="store_true", help="name each page with a wrong verdict")
    show = parser.parse_args().wrong
    checker = Checker(thorough=True)
    for name in FILES:
        sys.stdout.write(f"{name}\n\n{judged(checker, Path(__file__).with_name(name), show)}\n")


def judged(checker: Checker, file: Path, show: bool) -> str:
    """Return the table of a file's pages, by phenomenon and by label; ``show`` puts the pages with a wrong verdict before it."""
    lines = []
    right, pages = Counter[str](), Counter[str]()
    labels: dict[str, Counter[str]] = {"right": Counter(), "missed": Counter(), "false": Counter()}
    with file.open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            report = checker.check_html(row["html"], source=row["page"])
            found: dict[str, set[str]] = {}
            for finding in report.findings:
                found.setdefault(finding.statement.text, set()).add(finding.label.value)
            count(labels, row["statements"], found)
            if row["verdict"] == IN_DOUBT:
                continue
            is_right = report.verdict.level == row["verdict"]
            pages[row["phenomenon"]] += 1
            right[row["phenomenon"]] += is_right
            if show and not is_right:
                lines.append(f"{row['page']}: {report.verdict.level} for {row['verdict']}")
    lines += [f"{name:20s} {right[name]:3d} of {pages[name]:3d}" for name in pages]
    lines += [f"{'all':20s} {right.total():3d} of {pages.total():3d}", "", f"{'label':16s} {'  '.join(labels)}"]
    for label in sorted(set().union(*labels.values())):
        lines.append(f"{label:16s} " + "".join(f"{counted[label]:5d}   " for counted in labels.values()).rstrip())
    return "\n".join(lines) + "\n"


def count(labels: dict[str, Counter[str]], wanted: list[dict[str, Any]], found: dict[str, set[str]]) -> None:
    """Count the labels of a page's labelled statements: right, missed, false."""
    for statement in wanted:
        have, should = found.get(statement["text"], set()), set(statement["labels"])
        for name, those in (("right", have & should), ("missed", should - have), ("false", have - should)):
            labels[name].update(those)


if __name__ == "__main__":
    main()
