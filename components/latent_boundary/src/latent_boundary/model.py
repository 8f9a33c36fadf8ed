"""The model as a user gets it: edits of latent codes along the conditional directions, as an MLflow model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from graft_steps import models
from graft_steps.checks import StepError

from latent_boundary.loaders.graft_latent_edit import FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

LOADER = Path(__file__).with_name("loaders") / "graft_latent_edit.py"


@dataclass(frozen=True)
class Directions:
    """All attributes: boundaries and conditional directions, [k, dimension] each, and the boundaries' offsets [k]."""

    attributes: tuple[str, ...]
    boundaries: np.ndarray
    conditional: np.ndarray
    offsets: np.ndarray


def export(directions: Directions, example: np.ndarray, facts: dict[str, Any], folder: Path) -> None:
    """Write an MLflow model; `example` is a latent code, which its input example moves to distance 2.

    It takes a table of latent, attribute and distance and answers latent codes, float32 [rows, dimension].
    """
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(
        folder / FILE,
        attributes=np.array(directions.attributes),
        boundaries=directions.boundaries,
        conditional=directions.conditional,
        offsets=directions.offsets,
    )
    table = edits([example], directions.attributes[0], [2.0])
    models.describe(folder, table, facts, LOADER, ("numpy",))


def edits(latents: Sequence[np.ndarray], attribute: str, distances: Sequence[float]) -> pd.DataFrame:
    """The table that the model takes: one attribute, a row a latent code."""
    rows = {"latent": [np.asarray(code, np.float32).tolist() for code in latents], "attribute": attribute}
    return pd.DataFrame({**rows, "distance": [float(distance) for distance in distances]})


def load(folder: Path) -> Directions:
    """Read what `export` wrote."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as stored:
            arrays = (stored[name] for name in ("boundaries", "conditional", "offsets"))
            return Directions(tuple(stored["attributes"].tolist()), *arrays)
    except (OSError, ValueError, KeyError) as problem:
        raise StepError(f"{folder / FILE} cannot be read: {problem}") from problem
