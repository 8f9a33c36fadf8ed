"""The step that learns: the boundary of one attribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps import say
from graft_steps.checks import StepError
from graft_steps.plots import confusion
from graft_steps.statistics import majority

from latent_boundary import boundaries, dataset, generators, results, settings
from latent_boundary.fingerprints import of_latents

if TYPE_CHECKING:
    from pathlib import Path

    from graft_steps.estimate import Estimate

    from latent_boundary.boundaries import Boundary, Parts
    from latent_boundary.dataset import Dataset

CLASSES = ["low", "high"]


@dataclass(frozen=True)
class How:
    """The parameters of a boundary's training."""

    chosen: float
    split_ratio: float
    seed: int
    generator: str


@dataclass(frozen=True)
class Measured:
    """One boundary's measurement as its step hands it on; `confusion` is that of the validation part."""

    metrics: dict[str, float]
    confusion: list[list[int]]


def train(data: Path, attribute: str, how: How, out: Path) -> Measured:
    """Train and measure one boundary, into the folder `out`; StepError where it tells nothing apart."""
    loaded = dataset.load(data)
    _check_generator(loaded, how.generator)
    rng = np.random.default_rng([settings.seed(how.seed), *attribute.encode()])
    parts = boundaries.parts(loaded.scores_of(attribute), how.chosen, settings.split_ratio(how.split_ratio), rng)
    boundary = boundaries.fit(loaded.latents[parts.train], parts.labels[parts.train])
    truth = generators.planted(how.generator).get(attribute)
    found = _measured(loaded, attribute, how, parts, boundary, _cosine(loaded, parts, boundary, truth))
    for name, estimate in found.estimates().items():
        say(f"{attribute}: {name} {estimate}")
    if found.validation.low <= found.majority:
        raise StepError(
            f"{attribute}: the boundary learnt nothing: accuracy {found.validation} on validation pictures, and always "
            f"the same side gives {found.majority:.2f}. Set more images or a larger chosen, or look whether the scores "
            "belong to these latent codes."
        )
    results.save(found, boundary, out)
    answers = boundary.sides(loaded.latents[parts.validation])
    return Measured(found.metrics(), confusion(parts.labels[parts.validation], answers, len(CLASSES)))


def _measured(
    data: Dataset, attribute: str, how: How, parts: Parts, boundary: Boundary, cosine: Estimate | None
) -> results.Trained:
    held, rest = (boundary.right(data.latents[rows], parts.labels[rows]) for rows in (parts.validation, parts.rest))
    labels = parts.labels[parts.validation].tolist()
    used = {"chosen": how.chosen, "split_ratio": how.split_ratio, "seed": how.seed, "generator": how.generator}
    return results.Trained(
        attribute,
        boundary.offset,
        parts.invalid,
        len(parts.train),
        held,
        rest if len(parts.rest) else None,
        majority(labels),
        cosine,
        of_latents(data.latents[parts.train]),
        {"rows": parts.validation.tolist(), "labels": labels},
        used,
    )


def _cosine(data: Dataset, parts: Parts, boundary: Boundary, truth: np.ndarray | None) -> Estimate | None:
    if truth is None:
        return None
    return boundaries.cosine_estimate(data.latents[parts.train], parts.labels[parts.train], boundary, truth)


def _check_generator(data: Dataset, generator: str) -> None:
    """Latent codes of another generator would give a boundary, and pictures that have nothing to do with it."""
    made = data.facts.get("generator", generator)
    if made != generator:
        raise StepError(f"generator: the latent codes are those of {made!r}, not of {generator!r}; set generator to it")
