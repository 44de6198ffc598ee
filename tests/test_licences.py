"""Whoever installs the package takes on no licence that binds their own program."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]

#: What may come along. MPL-2.0 (certifi, tqdm; hypothesis and pathspec among the test tools) binds only who changes
#: its own files, and we change none. LGPL would do as well for a package that is imported unchanged, but none here has
#: it: as with every licence that is not listed, somebody looks first. GPL and AGPL would bind the whole program: never.
#: The compilers' run-time libraries inside NumPy's and SciPy's wheels are GPL with the exception made for that use.
ALLOWED = frozenset(
    {"Apache-2.0", "MIT", "MIT-0", "BSD-3-Clause", "BSD-2-Clause", "BSD", "0BSD", "ISC", "PSF-2.0", "MPL-2.0", "MPL-1.1"}
    | {"Zlib", "CC0-1.0"}
)

#: Packages that offer a choice which their metadata do not write down: pyphen (of textstat, among the test tools) is
#: "GPL 2.0+/LGPL 2.1+/MPL 1.1", and MPL 1.1 is taken. regex has parts under Python's old, equally mild licence.
CHOSEN = {"pyphen": "MPL-1.1", "regex": "Apache-2.0"}

#: How older metadata and licence files name them.
NAMES = (
    (r"Affero|\bAGPL", "AGPL"),
    (r"Lesser General Public|Library General Public|\bLGPL", "LGPL"),
    (r"General Public License|\bGPL", "GPL"),
    (r"Apache", "Apache-2.0"),
    (r"Mozilla Public License 2\.0|\bMPL[- ]?2", "MPL-2.0"),
    (r"\bMIT\b", "MIT"),
    (r"BSD[- ]3|New BSD", "BSD-3-Clause"),
    (r"BSD[- ]2|Simplified BSD", "BSD-2-Clause"),
    (r"\bBSD\b|Redistribution and use in source and binary forms", "BSD"),
    (r"\bISC\b", "ISC"),
    (r"Python Software Foundation", "PSF-2.0"),
)


def closure(requirements: Iterable[str]) -> dict[str, Distribution]:
    """Return every installed package that the requirements bring along, theirs included, by name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        found[key[0]] = distribution(requirement.name)
        below = [Requirement(text) for text in found[key[0]].requires or ()]
        extras = ["", *requirement.extras]
        waiting += [r for r in below if r.marker is None or any(r.marker.evaluate({"extra": extra}) for extra in extras)]
    return found


def licence(package: Distribution) -> str:
    """Return the licence as an SPDX expression: as declared, else from its classifiers, its short text, its file."""
    if declared := package.metadata.get("License-Expression"):
        return str(declared)
    classifiers = [c for c in package.metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    if names := {name for text in classifiers if (name := named(text))}:
        return " AND ".join(sorted(names))
    short = (package.metadata.get("License") or "").strip()
    if short in ALLOWED or re.fullmatch(r"[\w.-]+(?: (?:AND|OR) [\w.-]+)+", short):
        return short
    return named(short[:200]) or named(licence_file(package)[:400]) or f"unknown ({short[:40]})"


def named(text: str) -> str | None:
    """Return the licence that a text names, the strictest first."""
    return next((name for pattern, name in NAMES if re.search(pattern, text)), None)


def licence_file(package: Distribution) -> str:
    """Return the text of the package's licence file, empty without one."""
    path = next((path for path in package.files or () if re.match(r"LICEN[CS]E|COPYING", path.name)), None)
    return path.read_text() if path else ""


def is_allowed(expression: str) -> bool:
    """Say whether one side of every choice in the expression holds allowed licences only."""
    plain = expression.replace("(", "").replace(")", "")
    return any(all(part.strip() in ALLOWED for part in choice.split(" AND ")) for choice in plain.split(" OR "))


@pytest.mark.parametrize("extra", ["core", *PROJECT["optional-dependencies"]])
def test_every_licence_is_one_that_was_looked_at(extra: str) -> None:
    wanted = PROJECT["dependencies"] if extra == "core" else PROJECT["optional-dependencies"][extra]
    try:
        licences = {name: CHOSEN.get(name) or licence(package) for name, package in sorted(closure(wanted).items())}
    except PackageNotFoundError as error:
        pytest.fail(f"{error}: install the package with its extras first, pip install -e '.[test]'")
    print(f"{extra}:", *(f"{name}: {text}" for name, text in licences.items()), sep="\n  ")
    assert len(licences) >= len(wanted)
    assert {name: text for name, text in licences.items() if not is_allowed(text)} == {}


@pytest.mark.parametrize("text", ["GPL-3.0-or-later", "AGPL-3.0-only", "MIT AND GPL-2.0-only", "LGPL-2.1-only", "unknown ()"])
def test_these_are_refused(text: str) -> None:
    assert not is_allowed(text)


@pytest.mark.parametrize("text", ["MIT", "Apache-2.0 OR GPL-2.0-only", "MPL-2.0 AND MIT", "(BSD-3-Clause AND Zlib)"])
def test_these_are_taken(text: str) -> None:
    assert is_allowed(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "GPL"),
        ("License :: OSI Approved :: GNU Affero General Public License v3", "AGPL"),
        ("License :: OSI Approved :: GNU Lesser General Public License v2 (LGPLv2)", "LGPL"),
        ("License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
        ("License :: OSI Approved", None),
    ],
)
def test_classifiers_are_read(text: str, name: str | None) -> None:
    assert named(text) == name
