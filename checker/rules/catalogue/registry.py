"""Family J: a registry number on the page that the registry's own record does not bear out (label science_halo).

The patterns only find the number; `findings` makes the finding when the look-up says that it does not fit or was not found.
"""

from __future__ import annotations

from checker.rules.catalogue.sources import SIPP_2017, TURNER_2017
from checker.rules.rule import Rule
from checker.values import Label, Severity

_NUMBER = r"\b(?:nct[ :#-]{0,3}\d|isrctn ?\d|chictr|eudract|actrn ?\d|jrct|ctri/|irct\d|drks\d)"
_TRIGGERS = ("nct", "isrctn", "chictr", "eudract", "actrn", "jrct", "ctri", "trial", "study", "registered", "registry")

RULES = (
    Rule(
        id="J101",
        title="Registry number that does not fit the page",
        label=Label.SCIENCE_HALO,
        pattern=_NUMBER,
        triggers=_TRIGGERS,
        severity=Severity.MEDIUM,
        message="Names a registered trial that does not fit this page.",
        why="A trial says something only of its own condition, product, sponsor and time; a listing is no approval.",
        sources=(SIPP_2017, TURNER_2017),
        decides=False,
        hits=("Our registered study is NCT 01234567.",),
        misses=("Our study room has number 0123.",),
    ),
    Rule(
        id="J102",
        title="Registry number that was not found",
        label=Label.SCIENCE_HALO,
        pattern=_NUMBER,
        triggers=_TRIGGERS,
        severity=Severity.MEDIUM,
        message="Names a registry number that we could not find.",
        why="A number that cannot be found tells nothing about a treatment; it may be a slip of the pen. A listing is no approval.",
        sources=(SIPP_2017, TURNER_2017),
        decides=False,
        hits=("Registered study, ISRCTN 12345678.",),
        misses=("The trial period of our app ends today.",),
    ),
)
