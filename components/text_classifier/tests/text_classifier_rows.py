"""The rows of the fixture, and the step that prepares them or others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from text_classifier import dataset, language
from text_classifier.steps import preparing
from text_classifier_small import PREPARE

TRAINING, TEST = language.training_texts(7), language.test_texts(7)
Rows = list[tuple[str, str]]


def prepare(folder: Path, training: Rows = TRAINING, test: Rows = TEST, **changed: Any) -> tuple[Any, dict[str, float]]:
    """The step on files of these rows: the data, and the numbers."""
    files = {"train_path": training, "test_path": test}
    for name, rows in files.items():
        preparing.write_csv(rows, folder / f"{name}.csv")
    places = {name: str(folder / f"{name}.csv") for name in files}
    _, numbers = preparing.prepare(**{**PREPARE, **places, **changed}, out=folder / "out")
    return dataset.read(folder / "out")[0], numbers
