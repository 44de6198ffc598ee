"""Runs the application with uvicorn until it is told to stop."""

from __future__ import annotations

import logging
import sys

import uvicorn

from checker.settings import Settings, WebSettings
from checker.web.app import create


def run(settings: Settings, web: WebSettings, host: str, port: int) -> int:
    """Serve on an address and a port; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    config = uvicorn.Config(
        create(settings, web),
        host=host,
        port=port,
        access_log=False,  # our own log names routes, not addresses
        log_level="warning",
        server_header=False,
        proxy_headers=bool(web.proxies),
        forwarded_allow_ips=list(web.proxies),
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=16_384,
        limit_concurrency=400,
    )
    print(f"The page is at http://{host}:{port}/ (Ctrl+C ends it).", file=sys.stderr, flush=True)  # noqa: T201
    uvicorn.Server(config).run()
    return 0
