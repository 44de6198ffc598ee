"""A setting that cannot be is one clear line, before anything is read."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from checker.errors import SettingsError
from checker.settings import Settings, WebSettings

README = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")


def shown(default: object) -> str:
    """Return a default as the manual writes it."""
    if isinstance(default, tuple):
        return ",".join(default) or "none"
    return f"{default:,.0f}" if isinstance(default, int | float) else str(default)


def test_the_manual_s_table_and_the_page_s_settings_agree() -> None:
    table = README.partition("| `CLINIC_CHECKER_WEB_...` |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]
    named = {name: default for names, default, _ in rows for name in re.findall("`([A-Z_]+)`", names)}
    known = {field.name.upper(): field for field in fields(WebSettings)}
    assert sorted(named) == sorted(known)
    assert [name for name, default in named.items() if shown(known[name].default) not in default] == []


def test_the_manual_names_no_setting_that_is_not_there() -> None:
    known = {f"CLINIC_CHECKER_{field.name.upper()}" for field in fields(Settings)}
    known |= {f"CLINIC_CHECKER_WEB_{field.name.upper()}" for field in fields(WebSettings)}
    assert set(re.findall(r"CLINIC_CHECKER_[A-Z_]*[A-Z]", README)) - known == {"CLINIC_CHECKER_WEB"}
    assert [field.name for of in (Settings, WebSettings) for field in fields(of) if not field.metadata.get("help")] == []


def test_environment_and_options_override_field_by_field() -> None:
    environ = {
        "CLINIC_CHECKER_TOTAL_TIMEOUT": "60",
        "CLINIC_CHECKER_ALLOW_PRIVATE": "true",
        "CLINIC_CHECKER_ALLOW_ADDRESSES": "127.0.0.2/32, 127.1.0.0/16",
        "CLINIC_CHECKER_HOSTS": "Clinic.example=127.0.0.2",
        "PATH": "/bin",
    }
    settings = Settings.from_environment(environ, max_redirects=2, allow_private=None)
    assert (settings.total_timeout, settings.allow_private, settings.max_redirects) == (60.0, True, 2)
    assert settings.allow_addresses == ("127.0.0.2/32", "127.1.0.0/16")
    assert settings.hosts == (("clinic.example", "127.0.0.2"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOTAL_TIMEOUT", "soon"),
        ("TOTAL_TIMEOUT", "nan"),
        ("TOTAL_TIMEOUT", "-1"),
        ("MAX_BYTES", "5 MB"),
        ("ALLOW_PRIVATE", "maybe"),
        ("ALLOW_ADDRESSES", "everything"),
        ("HOSTS", "clinic.example"),
        ("HOSTS", "clinic.example=here"),
        ("COLOUR", "blue"),
    ],
)
def test_a_value_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CLINIC_CHECKER_{name}"):
        Settings.from_environment({f"CLINIC_CHECKER_{name}": value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOST_NAMES", ""),
        ("HOST_NAMES", "checks.example:8000"),
        ("HOST_NAMES", "https://checks.example/"),
        ("PROXIES", "nonsense"),
        ("WORKERS", "0"),
        ("QUEUE", "0"),
        ("KEEP_HOURS", "1e12"),
    ],
)
def test_settings_under_which_nothing_could_work_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CLINIC_CHECKER_WEB_{name}"):
        WebSettings.from_environment({f"CLINIC_CHECKER_WEB_{name}": value})


def test_names_of_hosts_have_no_capitals_and_paths_any_letter() -> None:
    given = {"HOST_NAMES": "Checks.Example, ::1", "STORE": "/tmp/jos\u00e9.sqlite", "PROXIES": "10.0.0.1, 10.1.0.0/16"}
    web = WebSettings.from_environment({f"CLINIC_CHECKER_WEB_{name}": value for name, value in given.items()})
    assert (web.host_names, web.store) == (("checks.example", "::1"), "/tmp/jos\u00e9.sqlite")
    assert web.proxies == ("10.0.0.1/32", "10.1.0.0/16")
