"""Trains the model and writes all that is shipped with it: model, floors, rules' precision, card and its pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from checker.classifier.model import FILE_NAME
from checker.training import card, pictures, train
from checker.training.evaluate import FLOORS, over_voices, rule_precision, table

CARD = "card.md"
RULES = "rules.json"
#: Floors stand this far under the scores of the training run that set them.
MARGIN = 0.03


def train_and_write(root: Path) -> str:
    """Retrain, write all into models/, and return the scores as text; raises SettingsError where the pictures cannot be drawn."""
    trained = train.train(root)
    models, data_digest = root / "models", trained.content["data_digest"]
    model_digest = train.save(trained.content, models / FILE_NAME)
    scores = over_voices(trained)
    floors = {name: round(_floor(name, value), 3) for name, value in scores.figures().items()}
    _write_json(models / FLOORS, {"data_digest": data_digest, "model_digest": model_digest, "floors": floors})
    _write_json(models / RULES, {"data_digest": data_digest, "rules": rule_precision(trained.prepared)})
    pictures.write(trained, models)
    (models / CARD).write_text(card.write(trained, scores, model_digest), encoding="utf-8")
    return f"model {model_digest[:16]} from data {data_digest[:16]}\n{table(scores)}"


def _floor(name: str, value: float) -> float:
    return value + MARGIN if name == "false_alarms" else value - MARGIN


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
