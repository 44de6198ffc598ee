"""Runs the application with uvicorn until it is told to stop, and beside it the one that is watched."""

from __future__ import annotations

import asyncio
import logging
import sys

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette

from checker.settings import Settings, WebSettings
from checker.web.app import create
from checker.web.meter import watch

#: The counts are for this machine only.
WATCH_HOST = "127.0.0.1"


def run(settings: Settings, web: WebSettings, host: str, port: int, watch_port: int | None = None) -> int:
    """Serve on an address and a port, /health and /metrics on another port of this machine; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    app = create(settings, web)
    servers = [_server(app, host, port)]
    if watch_port is not None:
        watched = watch(app.state.meter, lambda: bool(app.state.workshop.is_well and app.state.store.is_well))
        servers.append(_server(watched, WATCH_HOST, watch_port))
    print(f"The page is at http://{host}:{port}/ (Ctrl+C ends it).", file=sys.stderr, flush=True)  # noqa: T201
    asyncio.run(_serve(servers))
    return 0


async def _serve(servers: list[uvicorn.Server]) -> None:
    """Serve until the first of them ends; then end the others."""
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*tasks)


def _server(app: FastAPI | Starlette, host: str, port: int) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,  # our own log names routes, not addresses
            log_level="warning",
            server_header=False,
            proxy_headers=False,  # the application itself reads them, from the proxies of its settings only
            timeout_keep_alive=10,
            timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=16_384,
            limit_concurrency=400,
        )
    )
