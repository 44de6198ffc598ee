"""A setting that cannot be is one clear line, before anything is read."""

from __future__ import annotations

import pytest

from checker.errors import SettingsError
from checker.settings import Settings


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
