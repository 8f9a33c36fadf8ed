"""The champion's boundaries against a challenger's: on the challenger's validation pictures, less those it has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from graft_steps.gate import ChampionComparison
from graft_steps.models import facts_of
from graft_steps.statistics import Proportion

from latent_boundary import model
from latent_boundary.boundaries import Boundary
from latent_boundary.fingerprints import of_latents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from latent_boundary.dataset import Dataset
    from latent_boundary.model import Directions
    from latent_boundary.results import Trained


def compare(
    version: str, folder: Path, data: Dataset, trained: Sequence[Trained], challenger: Directions
) -> ChampionComparison:
    """The lowest validation accuracy of both, on pictures that neither was trained on."""
    champion = model.load(folder)
    if champion.attributes != challenger.attributes:
        return ChampionComparison(version, not_compared="it has boundaries of other attributes")
    if champion.boundaries.shape != challenger.boundaries.shape:
        return ChampionComparison(version, not_compared="its latent codes have another dimension")
    seen = set(facts_of(folder)["trained_on"])
    kept = [_unseen(each, data, seen) for each in trained]
    if not all(len(rows) for rows, _ in kept):
        return ChampionComparison(version, not_compared="it was trained on all of these validation pictures")
    lowest = (min(_right(found, data, kept), key=lambda right: right.value) for found in (champion, challenger))
    return ChampionComparison(version, *(right.estimate("lowest_validation_accuracy") for right in lowest))


def _unseen(trained: Trained, data: Dataset, seen: set[str]) -> tuple[np.ndarray, np.ndarray]:
    rows, labels = (np.array(trained.validated_on[name], int) for name in ("rows", "labels"))
    kept = [code not in seen for code in of_latents(data.latents[rows])]
    return rows[kept], labels[kept]


def _right(found: Directions, data: Dataset, kept: list[tuple[np.ndarray, np.ndarray]]) -> list[Proportion]:
    """How many pictures each boundary puts on the right side."""
    return [
        Boundary(normal[None], float(offset)).right(data.latents[rows], labels)
        for normal, offset, (rows, labels) in zip(found.boundaries, found.offsets, kept, strict=True)
    ]
