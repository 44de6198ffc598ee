"""Counts for Prometheus, and the little application that tells them, apart from the public one."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


class Meter:
    """The counts of one application; nothing in them tells who asked or for what."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        here = self.registry
        self.checks = Counter("clinic_checker_checks", "Checks by how they ended.", ["outcome"], registry=here)
        self.answers = Counter("clinic_checker_answers", "Answers by status.", ["status"], registry=here)
        buckets = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)
        self.seconds = Histogram("clinic_checker_check_seconds", "Seconds per check.", buckets=buckets, registry=here)
        self.waiting = Gauge("clinic_checker_waiting", "Checks that wait or are being done.", registry=here)


def watch(meter: Meter, is_well: Callable[[], bool]) -> Starlette:
    """Return the application with /health and /metrics."""

    def health(request: Request) -> Response:
        well = is_well()
        return PlainTextResponse("well\n" if well else "the store or the threads do not answer\n", 200 if well else 503)

    def metrics(request: Request) -> Response:
        return Response(generate_latest(meter.registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/health", health), Route("/metrics", metrics)])
