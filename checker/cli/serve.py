"""The command `serve`: the page for patients and the JSON API."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.errors import SettingsError
from checker.settings import Settings, WebSettings


def serve(
    host: Annotated[str, typer.Option("--host", help="The network address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The port to listen on.")] = 8000,
    watch_port: Annotated[
        int | None, typer.Option("--watch-port", min=0, max=65_535, help="A port of 127.0.0.1 for /health and /metrics.")
    ] = None,
    debug: Annotated[bool | None, typer.Option("--debug", hidden=True)] = None,
) -> int:
    """Serve the page for patients, by default to this machine only; needs the extra named web."""
    settings = Settings.from_environment()
    if settings.allow_private or settings.allow_addresses or settings.hosts:
        raise SettingsError(
            "The web page never reads private addresses: unset CLINIC_CHECKER_ALLOW_PRIVATE, "
            "CLINIC_CHECKER_ALLOW_ADDRESSES and CLINIC_CHECKER_HOSTS."
        )
    web = WebSettings.from_environment(debug=debug)
    try:
        from checker.web import server
    except ImportError as error:
        missing = f"The web page needs more packages ({error.name})"
        raise SettingsError(f"{missing}: pip install 'clinic-claim-checker[web]'.") from error
    return server.run(settings, web, host, port, watch_port)
