"""Tells why statements of a checked page were or were not flagged, from what was kept of the check."""

from __future__ import annotations

from checker import judgement
from checker.engine import Checker
from checker.judgement import Opinion
from checker.values import Explanation, Report


def of_block(checker: Checker, report: Report, opinion: Opinion, index: int) -> tuple[Explanation, ...]:
    """Say why each statement of the report's block with this index was or was not flagged; empty without such a block.

    ``opinion`` came with the report; empty too where another version of the program made both and parted the text otherwise.
    """
    statements = checker.pipeline.statements(report.blocks)
    if len(statements) != len(opinion.probabilities):
        return ()
    judged = judgement.again(statements, report.findings, opinion, checker.book)
    return tuple(
        judgement.explain(judged, statements, position, checker.book, checker.classifier)
        for position, statement in enumerate(statements)
        if statement.block.index == index
    )
