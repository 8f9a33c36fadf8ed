"""What the classifier says of one shard: a score a picture and attribute.

scores.npy  float32 [count, attributes], NaN where a score is invalid      seeds.npy  int64 [count]
hashes.npy  uint64 [count], those of the pictures that were looked at      scored.json  what gave them
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError

from latent_boundary import files
from latent_boundary.samples import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from latent_boundary.classifiers import Classifier
    from latent_boundary.samples import Samples

BATCH = 64
MOST_INVALID = 0.5


@dataclass(frozen=True)
class Scores:
    """A shard's scores as they are read."""

    values: np.ndarray
    seeds: np.ndarray
    hashes: np.ndarray
    facts: dict[str, Any]


def write(samples: Samples, classifier: Classifier, name: str, attributes: Sequence[str], folder: Path) -> int:
    """Score every picture into `folder`; return how many scores are invalid."""
    values = np.concatenate([
        np.asarray(classifier.scores(_checked(samples, slice(start, start + BATCH))), np.float32)
        for start in range(0, len(samples.pictures), BATCH)
    ])  # fmt: skip
    if values.shape != (len(samples.seeds), len(attributes)):
        wanted = f"{len(samples.seeds)} pictures and {len(attributes)} attributes"
        raise StepError(f"classifier: it gave scores of the shape {values.shape} for {wanted}")
    values[~np.isfinite(values)] = np.nan
    check(values, attributes)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "scores.npy", values)
    np.save(folder / "seeds.npy", samples.seeds)
    np.save(folder / "hashes.npy", samples.hashes)
    files.write_facts(folder / "scored.json", {"classifier": name, "attributes": list(attributes)})
    return int(np.isnan(values).sum())


def read(folder: Path) -> Scores:
    """Read what `write` wrote; StepError where a part is missing, cut off or of another length."""
    found = Scores(
        files.array(folder / "scores.npy", "f", 2),
        files.array(folder / "seeds.npy", "i", 1),
        files.array(folder / "hashes.npy", "u", 1),
        files.facts(folder / "scored.json"),
    )
    if not len(found.values) == len(found.seeds) == len(found.hashes):
        raise StepError(f"{folder}: scores, seeds and hashes are of different lengths")
    return found


def check(values: np.ndarray, attributes: Sequence[str]) -> None:
    """Refuse scores of which too many are invalid, or that say the same of every picture."""
    problems = []
    for name, column in zip(attributes, values.T, strict=True):
        valid = column[np.isfinite(column)]
        if len(valid) < len(column) * (1 - MOST_INVALID):
            missing = len(column) - len(valid)
            problems.append(f"{name}: {missing} of {len(column)} scores are invalid; the classifier cannot read these")
        elif len(column) > 1 and np.ptp(valid) == 0:
            problems.append(f"{name}: every picture has the score {valid[0]:g}; the classifier sees no difference")
    if problems:
        raise StepError("the scores cannot be used:\n  " + "\n  ".join(problems))


def _checked(samples: Samples, rows: slice) -> np.ndarray:
    """Pictures, held against the hashes that were taken when they were made."""
    pictures = np.asarray(samples.pictures[rows])
    for picture, seed, expected in zip(pictures, samples.seeds[rows], samples.hashes[rows], strict=True):
        if fingerprint(picture) != expected:
            raise StepError(f"the picture of seed {seed} is not the one that was sampled; sample this shard again")
    return pictures
