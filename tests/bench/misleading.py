"""Judges short pages that were written to mislead the checker, and prints by phenomenon how many verdicts are right.

    python tests/bench/misleading.py            # the table, and labels right, missed and false over all
    python tests/bench/misleading.py --wrong    # also each page with a wrong verdict

The pages stand in misleading.jsonl: HTML, publisher, verdict ("?" where the writer was in doubt) and the labels of the statements
that the page is about. One language model wrote and labelled them against an earlier version; what they showed was mended with
them in view, so the figures say what is known to work and what is known not to, nothing of pages unseen.
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

PAGES = Path(__file__).with_name("misleading.jsonl")
IN_DOUBT = "?"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Judge pages written to mislead.")
    parser.add_argument("--wrong", action="store_true", help="name each page with a wrong verdict")
    show = parser.parse_args().wrong
    checker = Checker(thorough=True)
    right, pages = Counter[str](), Counter[str]()
    labels: dict[str, Counter[str]] = {"right": Counter(), "missed": Counter(), "false": Counter()}
    with PAGES.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
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
                sys.stdout.write(f"{row['page']}: {report.verdict.level} for {row['verdict']}\n")
    sys.stdout.write("".join(f"{name:20s} {right[name]:3d} of {pages[name]:3d}\n" for name in pages))
    sys.stdout.write(f"{'all':20s} {right.total():3d} of {pages.total():3d}\n\n{'label':16s} {'  '.join(labels)}\n")
    for label in sorted(set().union(*labels.values())):
        sys.stdout.write(f"{label:16s} " + "".join(f"{counted[label]:5d}   " for counted in labels.values()).rstrip() + "\n")


def count(labels: dict[str, Counter[str]], wanted: list[dict[str, Any]], found: dict[str, set[str]]) -> None:
    """Count the labels of a page's labelled statements: right, missed, false."""
    for statement in wanted:
        have, should = found.get(statement["text"], set()), set(statement["labels"])
        for name, those in (("right", have & should), ("missed", should - have), ("false", have - should)):
            labels[name].update(those)


if __name__ == "__main__":
    main()
