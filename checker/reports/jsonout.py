"""Writes reports as JSON and as JSON lines, in the shape of the report format."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, TextIO

from checker import wire
from checker.reports.visible import takes_all
from checker.values import Report, SiteReport

#: Characters that JSON may leave as they are, but that steer a terminal, end a line for some readers
#: or cannot be encoded; inside a JSON string an escape means the same.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def write_json(reports: Sequence[Report | SiteReport], stream: TextIO) -> None:
    """Write one report as an object, several (or none) as an array, indented."""
    data = [_data(report) for report in reports]
    stream.write(_dump(data[0] if len(data) == 1 else data, stream, indent=2) + "\n")


def write_jsonl(report: Report | SiteReport, stream: TextIO) -> None:
    """Write one report as one line."""
    stream.write(_dump(_data(report), stream) + "\n")


def _data(report: Report | SiteReport) -> dict[str, Any]:
    return wire.site_to_dict(report) if isinstance(report, SiteReport) else wire.to_dict(report)


def _dump(data: Any, stream: TextIO, indent: int | None = None) -> str:
    """Return JSON with letters as they are, or as escapes for a stream that cannot take them all."""
    text = json.dumps(data, ensure_ascii=not takes_all(stream), allow_nan=False, indent=indent)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
