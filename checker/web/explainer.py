"""Tells why statements of a checked page were or were not flagged, from what was kept of the check."""

from __future__ import annotations

from checker import judgement
from checker.claims.pipeline import Pipeline
from checker.engine import Checker
from checker.judgement import Opinion
from checker.values import Document, Explanation, Report


class Explainer:
    """Explains with a checker's rules and model and a pipeline of its own: it need not wait while that checker judges a page."""

    def __init__(self, checker: Checker) -> None:
        self._pipeline = Pipeline()
        self._book = checker.book
        self._classifier = checker.classifier

    def explain_block(self, report: Report, opinion: Opinion, index: int) -> tuple[Explanation, ...]:
        """Say why each statement of the report's block with this index was or was not flagged; empty without such a block.

        ``opinion`` came with the report; empty too where another version of the program made both and parted the text otherwise.
        One thread at a time.
        """
        document = Document(title=report.title, language=report.language, blocks=report.blocks)
        statements = self._pipeline.statements(document.blocks)
        if len(statements) != len(opinion.probabilities):
            return ()
        judged = judgement.again(statements, report.findings, opinion, self._book)
        return tuple(
            judgement.explain(judged, statements, position, self._book, self._classifier)
            for position, statement in enumerate(statements)
            if statement.block.index == index
        )
