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
    from latent_boundary.samples import Pictures

BATCH = 64
MOST_INVALID = 0.5


@dataclass(frozen=True)
class Scores:
    """A shard's scores as they are read."""

    values: np.ndarray
    seeds: np.ndarray
    hashes: np.ndarray
    facts: dict[str, Any]


def write(pictures: Pictures, classifier: Classifier, name: str, attributes: Sequence[str], folder: Path) -> int:
    """Score every picture into `folder`; return how many scores are invalid."""
    starts = range(0, len(pictures.images), BATCH)
    parts = [_scored(np.asarray(pictures.images[start : start + BATCH]), classifier) for start in starts]
    values, hashes = (np.concatenate(column) for column in zip(*parts, strict=True))
    if values.shape != (len(pictures.seeds), len(attributes)):
        wanted = f"{len(pictures.seeds)} pictures and {len(attributes)} attributes"
        raise StepError(f"classifier: it gave scores of the shape {values.shape} for {wanted}")
    values[~np.isfinite(values)] = np.nan
    check(values, attributes)
    folder.mkdir(parents=True, exist_ok=True)
    for part, array in (("scores", values), ("seeds", pictures.seeds), ("hashes", hashes)):
        np.save(folder / f"{part}.npy", array)
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
    files.check_lengths(folder, scores=found.values, seeds=found.seeds, hashes=found.hashes)
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


def _scored(pictures: np.ndarray, classifier: Classifier) -> tuple[np.ndarray, np.ndarray]:
    """Scores of some pictures, with the hashes by which `combine` knows that these are the sampled ones."""
    hashes = np.array([fingerprint(picture) for picture in pictures], np.uint64)
    return np.asarray(classifier.scores(pictures), np.float32), hashes
