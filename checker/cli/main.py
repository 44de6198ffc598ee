"""The entry point of `clinic-checker` and `python -m checker`."""

from __future__ import annotations

import io
import os
import secrets
import sys
import traceback
from contextlib import suppress
from errno import EBADF
from typing import TextIO

import typer

from checker import __version__
from checker.cli import check, compare, export, facts, model, review, rules, scan, serve, summary, trials, verify
from checker.cli.codes import CLOSED_PIPE, FAILED_CHECK, INTERNAL, INTERRUPTED, USAGE
from checker.cli.target import FULL
from checker.errors import CheckerError, CheckFailed, SettingsError

NAME = "clinic-checker"
app = typer.Typer(
    name=NAME,
    help="Reads a clinic's page and says which statements promise FDA approval or a cure of nerve damage, with exact quotes. "
    "Not medical or legal advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check.check)
app.command("explain")(check.explain)
app.command("verify")(verify.verify)
app.command("rules")(rules.rules)
app.command("serve")(serve.serve)
app.command("scan")(scan.scan)
app.command("compare")(compare.compare)
app.command("review")(review.review)
app.command("export")(export.export)
app.command("summary")(summary.summary)
app.add_typer(facts.app, name="facts", help="What is known: products, official actions, law, with sources.")
app.add_typer(trials.app, name="trials", help="The offline copy of the trial registry.")
app.add_typer(model.app, name="model", help="Train and score the classifier (from a checkout of the project).")


def _version(value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version.")) -> None:
    """Hold the options that stand before a command."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; a crash of ours is one line with an id and 70."""
    try:
        result = typer.main.get_command(app).main(args=arguments, prog_name=NAME, standalone_mode=False)
        typer.echo(nl=False)  # what is still held back is written now, where a closed pipe is told
        return int(result or 0)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _closed()
    except SystemExit as error:  # how the libraries that write for us end on a closed pipe
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        return _closed()
    except typer.TyperException as error:
        said = error.format_message()
        said += "" if not said or said.endswith((".", "?")) else "."
        context = getattr(error, "ctx", None)
        command = context.command_path if context else NAME
        return _say(f"{said} '{command} --help' shows what there is.", USAGE) if said else USAGE  # else the help was shown
    except SettingsError as error:
        return _say(error, USAGE)
    except CheckFailed as error:
        return _say(error, FAILED_CHECK)
    except CheckerError as error:
        return _say(error, INTERNAL)
    except Exception as error:  # noqa: BLE001  # the top of the program: a crash must be one clear line, not exit code 1
        if isinstance(error, OSError) and error.errno in FULL | {EBADF}:
            return _unwritten(error)
        ident = secrets.token_hex(4)
        if "--debug" in sys.argv:
            traceback.print_exc()
        return _say(f"Our own error {ident}: {type(error).__name__}: {error}. Please report it with this id.", INTERNAL)


def _closed() -> int:
    """End quietly: whoever read our output has gone, as `head` does."""
    _drop_output()
    return CLOSED_PIPE


def _unwritten(error: OSError) -> int:
    """Tell that the output could not be written to its end."""
    _drop_output()
    why = "standard output is closed" if error.errno == EBADF else error.strerror
    return _say(f"What comes out cannot be written: {why}.", FAILED_CHECK)


def _drop_output() -> None:
    """Let what is still held back for standard output go nowhere."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: object, code: int) -> int:
    with suppress(OSError):  # the same disk may be full for this line too
        typer.echo(f"clinic-checker: {message}", err=True)
    return code


def run() -> None:
    """Run as a program."""
    sys.stdout = _standard_output()
    sys.exit(main())


def _standard_output() -> TextIO:
    """Return a standard output that tells of what it could not take.

    One that was closed takes nothing, and its number is kept from the next file that is opened. One without a buffer
    (PYTHONUNBUFFERED) would pass over what a full disk leaves of a long text.
    """
    if sys.stdout is None:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 1)
        return open(1, "w", encoding="utf-8", closefd=False)
    if not isinstance(sys.stdout.buffer, io.RawIOBase):
        return sys.stdout
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    return open(1, "w", buffering=1, encoding=encoding, errors=errors, closefd=False)
