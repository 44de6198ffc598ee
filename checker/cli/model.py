"""The commands under `model`: training, scores, the benchmark, and how far readers agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import checker
from checker.errors import SettingsError

app = typer.Typer(no_args_is_help=True)


def checkout() -> Path:
    """Return the root of the checkout; raises SettingsError when the package runs from elsewhere."""
    root = Path(checker.__file__).parents[1]
    if not (root / "training_data" / "pages").is_dir():
        raise SettingsError(
            "This command needs a checkout of the project (training_data/ and models/ beside checker/) that is installed "
            "where it stands: pip install -e ."
        )
    return root


@app.command()
def train() -> int:
    """Retrain from training_data/, write models/, print scores."""
    from checker.training import release

    typer.echo(release.train_and_write(checkout()))
    return 0


@app.command("train-reader")
def train_reader(
    weights: Annotated[
        Path, typer.Option("--weights", help="The folder with MiniLM's config.json, model.safetensors and vocab.txt.")
    ],
    teacher: Annotated[Path, typer.Option("--teacher", help="The same of all-mpnet-base-v2, the larger network.")],
) -> int:
    """Learn the readers anew (some hours; says what to install), without the voices kept for their calibration.

    Run `model train` after it.
    """
    from checker.training import reader

    typer.echo(reader.train_and_write(checkout(), weights, teacher))
    return 0


@app.command("evaluate")
def evaluate_(
    errors: Annotated[int, typer.Option("--errors", help="Print this many wrongly judged statements.")] = 0,
) -> int:
    """Print scores over writers' voices that training did not see, and fail under the floors."""
    from checker.training import evaluate

    typer.echo(evaluate.evaluate(checkout(), errors))
    return 0


@app.command()
def benchmark(
    learn: Annotated[
        bool, typer.Option("--learn/--no-learn", help="Train others too: without each group of features, a stack (minutes).")
    ] = True,
    outside: Annotated[
        Path | None, typer.Option("--outside", help="Answers of your system (JSON Lines), to stand beside the others.")
    ] = None,
    items: Annotated[
        Path | None, typer.Option("--items", help="Only write what is to be judged to this file, without labels.")
    ] = None,
) -> int:
    """Run the public benchmark of tests/bench: simpler and other systems, the shipped checker, what each part adds, misses."""
    from checker.training import benchmark as bench

    typer.echo(bench.write_items(checkout(), items) if items else bench.run(checkout(), learn, outside))
    return 0


@app.command()
def curve() -> int:
    """Show how the score on unseen writers' voices grows with the number of training statements."""
    from checker.training import curve as learning

    typer.echo(learning.write(checkout()))
    return 0


@app.command()
def agreement() -> int:
    """Show how far a second, blind reader's labels agree with the first, per label."""
    from checker.training import agreement as second

    typer.echo(second.write(checkout()))
    return 0
