"""Draws for the model card how far probabilities hold, and how right the checker is when it may leave doubtful statements out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from checker.classifier.model import Classifier
from checker.classifier.outputs import CLAIM, OUTPUTS
from checker.errors import SettingsError
from checker.training import train
from checker.training.evaluate import share
from checker.training.train import Array, Trained
from checker.values import PROMISES, Label

RELIABILITY, COVERAGE = "reliability.svg", "coverage.svg"
#: Pixels around a picture: legends are wider where a reader's fonts are.
PADDING = {"left": 5, "top": 5, "right": 50, "bottom": 5}
#: Bins of probability, of the same width.
BINS = 10
#: A label with fewer true statements than this on the pages drawn says nothing in ten bins.
LEAST_TRUE = 30
#: A bin of fewer statements is not drawn: its share is chance.
LEAST_IN_BIN = 5
#: Points of a curve.
STEPS = 60
SIZE, COLUMNS = 150, 4
_INK, _QUIET, _LINE = "#1e2528", "#5c666b", "#33658a"


class Seen(NamedTuple):
    """What the checker gives statements of pages that it has not learned from, and the truth: shape (statements, OUTPUTS)."""

    probabilities: Array
    truth: Array


def seen(trained: Trained) -> Seen:
    """Return the statements of pages that sell and whose voices neither the linear models nor the reader had learned."""
    judge = Classifier(trained.content, trained.readers)
    pages = [i for i in train.held_out(trained.prepared) if trained.prepared[i].selling]
    read = [judge.read(trained.prepared[i].example.statements, trained.probabilities[i]) for i in pages]
    return Seen(np.vstack(read), np.vstack([trained.prepared[i].targets for i in pages]))


def write(trained: Trained, models: Path) -> None:
    """Write both pictures into models/; raises SettingsError without altair and vl-convert."""
    try:
        import altair
        import vl_convert
    except ImportError as error:
        raise SettingsError(
            "The card's pictures need altair and vl-convert-python: pip install 'clinic-claim-checker[export]'."
        ) from error
    found = seen(trained)
    charts = {
        RELIABILITY: _reliability(altair, list(bins(found))),
        COVERAGE: _coverage(altair, list(curves(found, trained.content["thresholds"]))),
    }
    for name, chart in charts.items():
        svg = str(vl_convert.vegalite_to_svg(chart.to_json()))
        (models / name).write_text(svg + "\n", encoding="utf-8")


def bins(found: Seen) -> Iterable[dict[str, Any]]:
    """Yield for each output with enough true statements its bins: mean probability, share that is true, interval, count."""
    for name in (CLAIM, *(label.value for label in Label)):
        column = OUTPUTS.index(name)
        given, truth = found.probabilities[:, column], found.truth[:, column]
        if truth.sum() < LEAST_TRUE:
            continue
        place = np.minimum((given * BINS).astype(int), BINS - 1)
        for inside in (place == i for i in range(BINS)):
            if inside.sum() < LEAST_IN_BIN:
                continue
            came_true = share(int(truth[inside].sum()), int(inside.sum()))
            yield {"label": _shown(name), "mean": float(given[inside].mean()), **came_true}


def curves(found: Seen, thresholds: dict[str, float]) -> Iterable[dict[str, Any]]:
    """Yield the share that is judged rightly of the surest statements, for growing shares of all statements."""
    for title, names in {"any claim": (CLAIM,), "approval or cure": tuple(sorted(PROMISES))}.items():
        columns = [OUTPUTS.index(name) for name in names]
        given, limits = found.probabilities[:, columns], np.array([thresholds[name] for name in names])
        sure = np.where(given >= limits, (given - limits) / (1 - limits), (limits - given) / limits)
        flagged = (given >= limits).any(axis=1)
        # A promise is as sure as its surest label, no promise as the least sure of all.
        certainty = np.where(flagged, np.where(given >= limits, sure, 0).max(axis=1), sure.min(axis=1))
        right = flagged == found.truth[:, columns].any(axis=1)
        running = np.cumsum(right[np.argsort(-certainty, kind="stable")])
        for count in np.unique(np.linspace(len(right) * 0.05, len(right), STEPS).astype(int)):
            yield {"question": title, "coverage": count / len(right), "right": float(running[count - 1] / count)}


def _shown(name: str) -> str:
    return "any claim" if name == CLAIM else name


def _reliability(altair: Any, rows: Sequence[dict[str, Any]]) -> Any:
    """Return one small chart for each label: points on the diagonal are probabilities that hold."""
    scale, axis = altair.Scale(domain=[0, 1]), altair.Axis(tickCount=5)
    base = altair.Chart().encode(
        x=altair.X("mean:Q", scale=scale, axis=axis, title="mean probability"),
        y=altair.Y("precision:Q", scale=scale, axis=axis, title="share that is true"),
    )
    ends = [{"mean": 0, "precision": 0}, {"mean": 1, "precision": 1}]
    diagonal = (
        altair.Chart(altair.Data(values=ends)).mark_line(color=_QUIET, strokeDash=[3, 3]).encode(x="mean:Q", y="precision:Q")
    )
    spans = base.mark_rule(color=_QUIET).encode(y=altair.Y("low:Q", title="share that is true"), y2="high:Q")
    points = base.mark_point(filled=True, opacity=1, color=_LINE).encode(
        size=altair.Size("n:Q", scale=altair.Scale(type="log", range=[15, 120]), title="statements")
    )
    order = list(dict.fromkeys(row["label"] for row in rows))
    facet = altair.Facet("label:N", sort=order, title=None)
    layers = altair.layer(diagonal, spans, points, data=altair.Data(values=list(rows))).properties(width=SIZE, height=SIZE)
    return _titled(altair, layers.facet(facet, columns=COLUMNS), "Probabilities and what came true, on voices not learned from")


def _coverage(altair: Any, rows: Sequence[dict[str, Any]]) -> Any:
    """Return the share that is right against the share of statements that is answered."""
    percent = altair.Axis(format="%", tickCount=5)
    line = altair.Chart(altair.Data(values=list(rows))).mark_line(strokeWidth=2)
    chart = line.encode(
        x=altair.X("coverage:Q", scale=altair.Scale(domain=[0, 1]), axis=percent, title="statements answered, the surest first"),
        y=altair.Y("right:Q", scale=altair.Scale(domain=[0.9, 1]), axis=percent, title="of these judged rightly"),
        color=altair.Color("question:N", scale=altair.Scale(range=[_LINE, "#a23b3b"]), title=None),
        strokeDash=altair.StrokeDash("question:N", title=None),
    ).properties(width=420, height=240)
    return _titled(altair, chart, "How right the checker is when it may leave doubtful statements out")


def _titled(altair: Any, chart: Any, title: str) -> Any:
    heading = altair.TitleParams(title, anchor="start", color=_INK)
    return chart.properties(title=heading, background="#ffffff", padding=PADDING)
