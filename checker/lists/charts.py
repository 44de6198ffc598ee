"""Draws the shares of a scan as bars with intervals, as SVG and PNG, without a browser or a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checker.errors import CheckFailed, SettingsError
from checker.lists.figures import parts
from checker.lists.summary import Share, Summary
from checker.lists.write import NEEDS_EXTRA

_SUFFIXES = ("svg", "png")
#: File names of the parts, in the order in which `parts` yields them when none is empty.
FILES = {
    "Sites that were read, by their strongest page": "verdicts",
    "Sites by what they say": "labels",
    "Sites by the condition that a claim names": "conditions",
    "Sites by the product that a claim names": "products",
    "Sites that promise approval or cure, by state": "states",
}
#: Pixels: the width of the bars, the height of a row, the widest name.
WIDTH, ROW, NAME = 420, 22, 320
#: Room around: a reader's fonts are wider or narrower than those by which names were measured.
PADDING = {"left": 60, "right": 30, "top": 8, "bottom": 8}
_INK, _QUIET, _BAR = "#1e2528", "#5c666b", "#8a9ba0"
#: How much larger than on the page a PNG is.
SCALE = 2.0


def charts(summary: Summary) -> dict[str, Any]:
    """Return a chart of each part of the figures by file name; raises SettingsError without altair and vl-convert."""
    try:
        import altair
        import vl_convert  # noqa: F401  # altair loads it when it saves
    except ImportError as error:
        raise SettingsError(NEEDS_EXTRA.format(package="altair and vl-convert-python")) from error
    drawn = {}
    for title, shares, names in parts(summary):
        rows = [_row(share, names) for share in shares if share.of]
        if rows:
            drawn[FILES[title]] = _chart(altair, title, rows, f"scan {summary.scan.id}, {summary.scan.started_at[:10]}")
    return drawn


def write(summary: Summary, folder: Path) -> list[Path]:
    """Write every chart as SVG and PNG into a folder; return the files. Of another scan's none is left beside them."""
    told = "Pictures cannot be written to {folder}: {why}."
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(told.format(folder=folder, why=error.strerror or error)) from error
    paths = []
    drawn = charts(summary)
    for name in FILES.values():
        if name not in drawn:
            for suffix in _SUFFIXES:
                (folder / f"{name}.{suffix}").unlink(missing_ok=True)
    for name, chart in drawn.items():
        for suffix in _SUFFIXES:
            paths.append(folder / f"{name}.{suffix}")
            try:
                chart.save(str(paths[-1]), scale_factor=SCALE if suffix == "png" else 1)
            except OSError as error:
                paths[-1].unlink(missing_ok=True)  # half a picture, or none
                raise CheckFailed(told.format(folder=folder, why=error.strerror or error)) from error
    return paths


def svg(chart: Any) -> str:
    """Return a chart as SVG."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_json()))


def _row(share: Share, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": names.get(share.name, share.name),
        "share": share.count / share.of,
        "low": share.low,
        "high": share.high,
        "count": f"{share.count:,} of {share.of:,}",
    }


def _chart(altair: Any, title: str, rows: list[dict[str, Any]], source: str) -> Any:
    """Return bars from 0 to 100 % with their intervals, in the order of the rows."""
    order = [row["name"] for row in rows]
    axis = altair.Axis(format="%", tickCount=5, title="share of sites, with 95 % interval")
    y = altair.Y("name:N", sort=order, title=None, axis=altair.Axis(labelLimit=NAME))
    base = altair.Chart(altair.Data(values=rows)).encode(y=y)
    bars = base.mark_bar(color=_BAR, height=ROW * 0.6).encode(x=altair.X("share:Q", scale=altair.Scale(domain=[0, 1]), axis=axis))
    spans = base.mark_rule(color=_INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    texts = base.mark_text(align="left", dx=6, color=_QUIET).encode(x="high:Q", text="count:N")
    heading = altair.TitleParams(title, subtitle=source, anchor="start", color=_INK, subtitleColor=_QUIET)
    size = {"width": WIDTH, "height": ROW * len(rows), "padding": PADDING}
    return altair.layer(bars, spans, texts).properties(**size, title=heading, background="#ffffff")
