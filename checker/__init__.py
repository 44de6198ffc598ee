"""Reads a clinic's web page and says which statements promise approval or a cure of nerve damage, with exact quotes.

    import checker

    report = checker.check_url("https://clinic.example/neuropathy")
    print(report.verdict.level)

For many pages, or other settings, build one ``Checker`` and keep it. Importing this package is cheap: spaCy,
scikit-learn and the model load with the first Checker.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checker.engine import Checker
    from checker.values import Report

__version__ = "0.1.0"
__all__ = ["Checker", "Report", "__version__", "check_html", "check_text", "check_url"]

_LOADING = Lock()
_HOMES = {"Checker": "checker.engine", "Report": "checker.values"}


def check_url(url: str) -> Report:
    """Check one web address; what cannot be read is in the report's error, never raised.

    Raises SettingsError only where a browser was asked for (``render`` is "always") and does not start.
    """
    return _shared().check_url(url)


def check_html(html: str | bytes, source: str = "html", url: str | None = None) -> Report:
    """Check a page's HTML; ``source`` names it in the report, ``url`` is where it came from."""
    return _shared().check_html(html, source, url)


def check_text(plain: str, source: str = "text") -> Report:
    """Check plain text; empty lines part its blocks."""
    return _shared().check_text(plain, source)


def _shared() -> Checker:
    """Return the Checker behind the functions above, with default settings; loading takes seconds, once for all threads."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Checker:
    from checker.engine import Checker

    return Checker()


def __getattr__(name: str) -> Any:
    """Load ``Checker`` or ``Report`` when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
