"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

WithNames = Annotated[
    bool, typer.Option("--with-names", help="Show people's names, e-mail addresses and telephone numbers as the pages have them.")
]
