"""Says where the shipped model stands."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def model_folder() -> Path:
    """Return the folder of the shipped model: inside the wheel, or models/ of a checkout."""
    packaged = Path(str(files("checker") / "_models"))
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "models"
