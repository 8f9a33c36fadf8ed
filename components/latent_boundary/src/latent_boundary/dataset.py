"""What boundaries are trained on: latent codes with the scores of their pictures, in the order of the seeds.

latents.npy  float32 [count, dimension]                 seeds.npy     int64 [count], rising
scores.npy   float32 [count, attributes], NaN: invalid  dataset.json  attributes (the columns' names), and what made it

Made by `combine`, or somewhere else and named as `dataset_uri`; there seeds may be any numbers that tell rows apart.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError, one_of

from latent_boundary import files
from latent_boundary.scores import check as check_scores
from latent_boundary.settings import FEWEST_IMAGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from latent_boundary.samples import Codes
    from latent_boundary.scores import Scores


@dataclass(frozen=True)
class Dataset:
    """Rows of latent codes, seeds and scores; `facts` says what made them."""

    latents: np.ndarray
    seeds: np.ndarray
    scores: np.ndarray
    facts: dict[str, Any]

    @property
    def attributes(self) -> list[str]:
        """The names of the scores' columns."""
        return list(self.facts["attributes"])

    def scores_of(self, attribute: str) -> np.ndarray:
        """One attribute's column."""
        return self.scores[:, self.attributes.index(one_of("attributes", attribute, self.attributes))]

    def digest(self) -> str:
        """A hash of everything that a boundary depends on; how many shards it was made in is not part of it."""
        found = hashlib.sha256("\0".join(self.attributes).encode())
        for part, kind in ((self.latents, "<f4"), (self.seeds, "<i8"), (self.scores, "<f4")):
            found.update(str(part.shape).encode() + np.ascontiguousarray(part, kind).tobytes())
        return found.hexdigest()

    def check(self) -> Dataset:
        """Return itself if it can be used; raise with everything that is wrong if not."""
        problems = []
        if not len(self.latents) == len(self.seeds) == len(self.scores):
            counts = f"{len(self.latents)} latent codes, {len(self.seeds)} seeds and {len(self.scores)} scores"
            raise StepError(f"the data cannot be used: {counts}; there must be as many of each")
        if len(self.latents) < FEWEST_IMAGES:
            problems.append(f"{len(self.latents)} rows; there must be at least {FEWEST_IMAGES}")
        if self.scores.shape[1] != len(self.attributes):
            problems.append(f"{self.scores.shape[1]} columns of scores, and {len(self.attributes)} attributes")
        if len(np.unique(self.seeds)) < len(self.seeds):
            problems.append("some seeds stand there twice")
        problems += _latent_problems(self.latents)
        if problems:
            raise StepError("the data cannot be used:\n  " + "\n  ".join(problems))
        check_scores(self.scores, self.attributes)
        return self

    def save(self, folder: Path) -> None:
        """Write it into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("latents", "seeds", "scores"):
            np.save(folder / f"{name}.npy", getattr(self, name))
        files.write_facts(folder / "dataset.json", self.facts)


def load(folder: Path) -> Dataset:
    """Read and check what `Dataset.save` wrote, or what somebody has made elsewhere in the same form."""
    facts = files.facts(folder / "dataset.json")
    if not isinstance(facts.get("attributes"), list) or not facts["attributes"]:
        raise StepError(f"{folder / 'dataset.json'} does not name the attributes of the scores' columns")
    latents, scores = (np.array(files.array(folder / f"{name}.npy", "f", 2)) for name in ("latents", "scores"))
    return Dataset(latents, np.array(files.array(folder / "seeds.npy", "i", 1)), scores, facts).check()


def combined(codes: Sequence[Codes], scores: Sequence[Scores], expected: range) -> Dataset:
    """Bring shards together in the order of the seeds; each of the `expected` seeds must be there once in both.

    Rows are matched by seed and by the picture's hash, whatever the order of shards and whatever the order in them.
    """
    _check_alike([shard.facts for shard in codes], "latent codes")
    _check_alike([shard.facts for shard in scores], "scores")
    rows = _rows("latent codes", [shard.seeds for shard in codes], expected)
    scored = _rows("scores", [shard.seeds for shard in scores], expected)
    hashes = np.concatenate([shard.hashes for shard in codes])[rows]
    if not np.array_equal(hashes, np.concatenate([shard.hashes for shard in scores])[scored]):
        raise StepError("some scores are those of other pictures than the sampled ones; run sampling and scoring again")
    return Dataset(
        np.concatenate([shard.latents for shard in codes])[rows],
        np.array(expected, np.int64),
        np.concatenate([shard.values for shard in scores])[scored],
        {**codes[0].facts, **scores[0].facts, "shards": len(codes), "pictures": len(np.unique(hashes))},
    ).check()


def _rows(what: str, parts: Sequence[np.ndarray], expected: range) -> np.ndarray:
    """Positions of the expected seeds, in their order, among those of all parts."""
    seeds = np.concatenate(parts)
    order = np.argsort(seeds, kind="stable")
    if len(seeds) != len(expected) or not np.array_equal(seeds[order], np.array(expected)):
        missing, twice = len(set(expected) - set(seeds.tolist())), len(seeds) - len(np.unique(seeds))
        raise StepError(
            f"{what}: {len(seeds)} of {len(expected)} expected, {missing} missing and {twice} there twice; "
            "the shards do not belong to one run"
        )
    return order


def _check_alike(facts: Sequence[dict[str, Any]], what: str) -> None:
    if not facts:
        raise StepError(f"there are no {what} to combine")
    if other := next((found for found in facts if found != facts[0]), None):
        raise StepError(f"the {what} of different shards were made in different ways: {facts[0]} and {other}")


def _latent_problems(latents: np.ndarray) -> list[str]:
    if not np.isfinite(latents).all():
        return ["some latent codes are not finite numbers"]
    if (same := int((np.ptp(latents, axis=0) == 0).sum())) == latents.shape[1]:
        return ["all latent codes are the same"]
    problems = [f"{same} of {latents.shape[1]} values of a latent code never change"] if same else []
    if len(np.unique(latents, axis=0)) < len(latents):
        problems.append("some latent codes stand there twice")
    return problems
