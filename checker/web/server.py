"""Runs the application with uvicorn until it is told to stop, and beside it the one that is watched."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
from contextlib import ExitStack

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette

from checker.errors import SettingsError
from checker.settings import Settings, WebSettings
from checker.web.app import create
from checker.web.meter import watch

#: The counts are for this machine only.
WATCH_HOST = "127.0.0.1"


def run(settings: Settings, web: WebSettings, host: str, port: int, watch_port: int | None = None) -> int:
    """Serve on an address and a port, /health and /metrics on another port of this machine; returns the exit code.

    Raises SettingsError for a port that cannot be had.
    """
    with ExitStack() as sockets:
        bound = [sockets.enter_context(_bound(host, port))]
        if watch_port is not None:
            bound.append(sockets.enter_context(_bound(WATCH_HOST, watch_port)))
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
        app = create(settings, web)
        servers = [_server(app)]
        if watch_port is not None:
            watched = watch(app.state.meter, lambda: bool(app.state.workshop.is_well and app.state.store.is_well))
            servers.append(_server(watched))
        print(f"The page is at http://{host}:{bound[0].getsockname()[1]}/ (Ctrl+C ends it).", file=sys.stderr, flush=True)  # noqa: T201
        asyncio.run(_serve(servers, bound))
    return 0


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to the port, on which nobody is answered yet; raises SettingsError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was left a moment ago is free
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        reason = "another program uses it" if error.errno == errno.EADDRINUSE else error.strerror
        raise SettingsError(f"The port {port} of {host} cannot be had: {reason}; give another one.") from error
    return bound


async def _serve(servers: list[uvicorn.Server], sockets: list[socket.socket]) -> None:
    """Serve, each on its socket, until the first of them ends; then end the others."""
    pairs = zip(servers, sockets, strict=True)
    tasks = [asyncio.create_task(server.serve(sockets=[bound])) for server, bound in pairs]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*tasks)


def _server(app: FastAPI | Starlette) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
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
