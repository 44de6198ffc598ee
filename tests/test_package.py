"""The package as others meet it: cheap to import, typed, one version, and honest about what it needs."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import checker
from checker import engine, values
from checker.classifier.model import FILE_NAME, model_folder

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HEAVY = ("spacy", "sklearn", "skops", "scipy", "numpy", "bs4", "requests", "pypdf")


def test_the_manual_s_table_names_every_room() -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition("| room | what it does |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(?:checker/)?(\w+(?:\.py)?)`", table))
    rooms = {path.name for path in (ROOT / "checker").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms - named == {"__init__.py", "__main__.py"}


def run(*arguments: str) -> str:
    """Run this Python on the checkout and return what it printed; any other end than 0 is an error."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_after(code: str) -> set[str]:
    """Return the heavy packages that are loaded after the code ran in a fresh Python."""
    said = run("-c", f"{code}\nimport sys\nprint('loaded:', *[name for name in {HEAVY} if name in sys.modules])")
    return set(said.partition("loaded:")[2].split())


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import checker", id="import"),
        pytest.param("from checker import Report, check_url", id="names"),
        pytest.param("from checker.cli.main import main\nassert main(['--help']) == 0", id="help"),
        pytest.param("from checker.cli.main import main\nassert main(['check', '--help']) == 0", id="help of check"),
        pytest.param("from checker.cli.main import main\nassert main(['--version']) == 0", id="version"),
        pytest.param("from checker.cli.main import main\nassert main(['no-such-command']) == 2", id="wrong use"),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str) -> None:
    assert loaded_after(code) == set()


def test_the_heavy_packages_are_seen_when_they_load() -> None:
    assert {"spacy", "bs4"} <= loaded_after("from checker import Checker")


def test_help_comes_at_once() -> None:
    def seconds() -> float:
        start = time.perf_counter()
        assert "check" in run("-m", "checker", "--help")
        return time.perf_counter() - start

    # The best of three: a machine that does something else for a moment is no fault of ours.
    assert min(seconds() for _ in range(3)) < 1.5


def test_public_names_lead_to_the_real_things() -> None:
    assert checker.Checker is engine.Checker
    assert checker.Report is values.Report
    assert set(checker.__all__) <= set(dir(checker))
    assert all(getattr(checker, name) for name in checker.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'check_everything'"):
        checker.check_everything  # noqa: B018  # the access is the test


@pytest.mark.parametrize("name", ["check_url", "check_html", "check_text"])
def test_functions_are_the_methods_of_a_checker(name: str) -> None:
    method = inspect.signature(getattr(engine.Checker, name))
    function = inspect.signature(getattr(checker, name))
    assert function.return_annotation == method.return_annotation
    assert list(function.parameters.values()) == list(method.parameters.values())[1:]
    assert inspect.getdoc(getattr(checker, name)) == inspect.getdoc(getattr(engine.Checker, name))


def test_functions_share_one_checker(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, ...]] = []

    def build() -> SimpleNamespace:
        calls.append(("built",))
        names = ("check_url", "check_html", "check_text")
        return SimpleNamespace(**{name: lambda *given, name=name: calls.append((name, *given)) for name in names})

    monkeypatch.setattr(engine, "Checker", build)
    checker._loaded.cache_clear()
    try:
        checker.check_text("one", "a")
        checker.check_html("<p>two", url="https://clinic.example/")
        checker.check_url("https://clinic.example/three")
    finally:
        checker._loaded.cache_clear()
    assert calls == [
        ("built",),
        ("check_text", "one", "a"),
        ("check_html", "<p>two", "html", "https://clinic.example/"),
        ("check_url", "https://clinic.example/three"),
    ]


def test_the_package_is_typed() -> None:
    assert files("checker").joinpath("py.typed").is_file()


def test_the_model_is_found() -> None:
    assert (model_folder() / FILE_NAME).is_file()


def test_one_version_everywhere() -> None:
    assert run("-m", "checker", "--version").strip() == checker.__version__
    assert f"## [{checker.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_installed_command_is_the_module() -> None:
    script = Path(sys.executable).parent / "clinic-checker"
    if not script.is_file():
        pytest.skip("the package is not installed here: pip install -e '.[test]'")
    said = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    assert said == run("-m", "checker", "--version")
    assert importlib.metadata.version(PROJECT["name"]) == checker.__version__


def imported() -> Iterator[str]:
    """Yield the top-level name of every import in the package, wherever it stands."""
    for path in (ROOT / "checker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


#: Only `model train-reader` needs them, gigabytes outside of every extra; its help says what to install.
TO_LEARN_THE_READER = ("torch", "transformers")


def test_dependencies_are_what_the_package_imports() -> None:
    owners = importlib.metadata.packages_distributions()
    own = {"checker", *TO_LEARN_THE_READER, *sys.stdlib_module_names}
    foreign = {name for name in imported() if name not in own}
    needed = {canonicalize_name(owners[name][0]) for name in foreign}
    extras = PROJECT["optional-dependencies"]
    declared = names([*PROJECT["dependencies"], *(text for extra in extras if extra != "test" for text in extras[extra])])
    # BeautifulSoup loads lxml by its name, and FastAPI python-multipart, not by an import of ours.
    assert declared == needed | {"lxml", "python-multipart"}


def test_the_lock_pins_everything_that_is_declared() -> None:
    lines = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    pinned = dict(line.split("==") for line in lines)
    extras = PROJECT["optional-dependencies"].values()
    for text in [*PROJECT["dependencies"], *(text for extra in extras for text in extra)]:
        requirement = Requirement(text)
        if requirement.name == PROJECT["name"]:
            continue
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), text
