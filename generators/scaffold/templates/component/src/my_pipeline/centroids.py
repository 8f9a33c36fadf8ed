"""The model: a point belongs to the class whose mean is nearest. Put your own model in its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import models

from my_pipeline.loaders.graft_my_pipeline import FILE, Centroids

if TYPE_CHECKING:
    from my_pipeline.examples import Examples

LOADER = Path(__file__).with_name("loaders") / "graft_my_pipeline.py"


def fit(examples: Examples) -> np.ndarray:
    """The mean of each class, float64 [2, 2]."""
    points, labels = examples.train
    return np.array([points[labels == each].mean(axis=0) for each in (0, 1)])


def export(means: np.ndarray, example: np.ndarray, facts: dict[str, Any], folder: Path) -> None:
    """Write an MLflow model that takes points [n, 2] and answers classes [n]; `example` is such an input."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / FILE, means=means)
    models.describe(folder, example, facts, LOADER, ("numpy",))


def answers(folder: Path, points: np.ndarray) -> np.ndarray:
    """What the model in a folder answers to points [n, 2]: classes [n]."""
    return Centroids(folder).predict(points)
