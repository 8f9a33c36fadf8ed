"""Edits seen in pictures: samples moved along each direction, and what the classifier says has changed in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

from latent_boundary.loaders.graft_latent_edit import moved

if TYPE_CHECKING:
    from latent_boundary.classifiers import Classifier
    from latent_boundary.generators import Generator
    from latent_boundary.model import Directions

DISTANCES = np.linspace(-3, 3, 10)
SHOWN, READ = 5, 16  # samples in a grid, and samples whose change of scores is measured


@dataclass(frozen=True)
class Changes:
    """The mean change of every score from the lowest distance to the highest: [edited attribute, read attribute]."""

    boundary: np.ndarray
    conditional: np.ndarray

    def own(self, row: int) -> float:
        """What an edit along the conditional direction changes of its own attribute."""
        return float(self.conditional[row, row])

    def spill(self, row: int) -> tuple[float, float]:
        """The largest change of any other attribute: along the boundary's normal, and the conditional direction."""
        others = [np.delete(np.abs(changes[row]), row) for changes in (self.boundary, self.conditional)]
        return tuple(float(found.max(initial=0)) for found in others)


def grid(generator: Generator, latents: np.ndarray, direction: np.ndarray) -> list[list[np.ndarray]]:
    """Pictures of edits: a row for each of `latents`, a column for each of `DISTANCES`."""
    return [
        list(generator.pictures(moved(np.repeat(code[None], len(DISTANCES), 0), direction, DISTANCES)))
        for code in latents
    ]


def changes(generator: Generator, classifier: Classifier, latents: np.ndarray, directions: Directions) -> Changes:
    """What the classifier sees change in the pictures of `latents`; StepError where an edit does not raise its own."""
    found = Changes(*(
        np.array([_change(generator, classifier, latents, direction) for direction in rows])
        for rows in (directions.boundaries, directions.conditional)
    ))  # fmt: skip
    for row, name in enumerate(directions.attributes):
        if not found.own(row) > 0:
            raise StepError(
                f"{name}: moving from {DISTANCES[0]:g} to {DISTANCES[-1]:g} changes its score by {found.own(row):.3f}; "
                "the direction does not show in pictures. Do generator and classifier belong to these latent codes?"
            )
    return found


def _change(generator: Generator, classifier: Classifier, latents: np.ndarray, direction: np.ndarray) -> np.ndarray:
    low, high = (
        classifier.scores(np.array(list(generator.pictures(moved(latents, direction, np.full(len(latents), end))))))
        for end in DISTANCES[[0, -1]]
    )
    valid = np.isfinite(low) & np.isfinite(high)
    counts = valid.sum(axis=0)
    return np.where(counts > 0, np.where(valid, high - low, 0).sum(axis=0) / np.maximum(counts, 1), np.nan)
