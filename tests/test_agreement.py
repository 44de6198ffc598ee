"""Cohen's kappa on cases that can be counted by hand."""

from __future__ import annotations

import pytest

from checker.training.agreement import kappa


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([True, False, True, False], [True, False, True, False], 1.0),
        ([True, True, False, False], [True, False, True, False], 0.0),
        ([True, True, True, False], [True, True, False, False], 0.5),
        ([False, False], [False, False], 1.0),
    ],
)
def test_kappa(first: list[bool], second: list[bool], expected: float) -> None:
    assert kappa(first, second) == pytest.approx(expected)
