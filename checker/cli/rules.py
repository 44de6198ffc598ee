"""The command `rules`: the rule book, or one rule's page."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def rules(rule_id: Annotated[str | None, typer.Argument(help="A rule's id, such as A101.")] = None) -> int:
    """Show the rule book, or one rule with why, sources and examples."""
    from checker.errors import SettingsError
    from checker.reports import rulebook
    from checker.rules.book import RULES

    measured = _measured()
    if rule_id is None:
        rulebook.write_list(RULES, measured, sys.stdout)
        return 0
    rule = next((rule for rule in RULES if rule.id == rule_id.upper()), None)
    if rule is None:
        raise SettingsError(f"There is no rule {rule_id}; 'clinic-checker rules' lists all.")
    rulebook.write_rule(rule, measured.get(rule.id), sys.stdout)
    return 0


def _measured() -> dict[str, dict[str, float]]:
    """Return each rule's precision on our own labelled pages, as the last training run measured it; empty without the file."""
    from checker.classifier.folder import model_folder

    path = model_folder() / "rules.json"
    measured: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))["rules"] if path.is_file() else {}
    return measured
