"""A run small enough for tests: pictures of 32 pixels, and where the steps wrote what they made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from latent_boundary import sample, score
from latent_boundary.dataset import Dataset
from latent_boundary.steps import previewing, projecting, sampling, training

SIZE, IMAGES, SEED = 32, 3000, 7
ATTRIBUTES = ["smile", "glasses", "hair"]


@dataclass(frozen=True)
class Run:
    """The folders that the steps wrote, one after the other, and the metrics of the last."""

    data: Path
    boundaries: list[Path]
    directions: Path
    results: Path
    evaluation: Path
    page: Path
    metrics: dict[str, float]


def sampled(folder: Path, seeds: str, attributes: list[str] = ATTRIBUTES) -> tuple[Path, Path, Path]:
    """One shard by the command lines: the folders of its pictures, latent codes and scores."""
    pictures, latents, scores = (folder / seeds / name for name in ("pictures", "latents", "scores"))
    arguments = ["--seeds", seeds, "--generator", "linear", "--image-size", str(SIZE), "--pictures", str(pictures)]
    sample.main([*arguments, "--latents", str(latents)])
    arguments = ["--pictures", str(pictures), "--attributes", json.dumps(attributes), "--classifier", "templates"]
    score.main([*arguments, "--scores", str(scores)])
    return pictures, latents, scores


def combined(folder: Path, shards: int, images: int = IMAGES, seed: int = SEED) -> Path:
    """A data set of so many shards."""
    planned = sampling.plan(seed, images, shards, ATTRIBUTES, "linear", "templates")
    made = [sampled(folder, seeds) for seeds in planned]
    _, latents, scores = zip(*made, strict=True)
    sampling.combine(latents, scores, seed, images, folder / "data")
    return folder / "data"


def trained(data: Path, folder: Path, chosen: float = 0.03, generator: str = "linear") -> list[Path]:
    """The boundaries of all attributes."""
    how = training.How(chosen, 0.7, SEED, generator)
    for name in ATTRIBUTES:
        training.train(data, name, how, folder / name)
    return [folder / name for name in ATTRIBUTES]


def run(folder: Path, shards: int) -> Run:
    """All steps before the gate."""
    data = combined(folder, shards)
    boundaries = trained(data, folder)
    made = Run(data, boundaries, *(folder / name for name in ("model", "results", "evaluation", "page.html")), {})
    projecting.project(data, boundaries, ATTRIBUTES, made.directions, made.results)
    look = previewing.Look("linear", "templates", SIZE)
    made.metrics.update(previewing.preview(data, made.results, made.directions, look, made.evaluation, made.page))
    return made


def invented(count: int = 200, dimension: int = 8, **facts: object) -> Dataset:
    """A data set without pictures: the scores of `one` and `two` follow the first two values of the codes."""
    rng = np.random.default_rng(5)
    latents = rng.normal(size=(count, dimension)).astype(np.float32)
    scores = 1 / (1 + np.exp(-latents[:, :2]))
    return Dataset(latents, np.arange(count), scores.astype(np.float32), {"attributes": ["one", "two"], **facts})
