"""The boundary of one attribute: a linear SVM between the pictures of the highest scores and those of the lowest.

After Shen, Gu, Tang and Zhou, "Interpreting the Latent Space of GANs for Semantic Face Editing" (CVPR 2020), and the
way that its authors' code, InterFaceGAN, trains: drop invalid scores, sort, take the top and the bottom, split both,
fit, and keep the unit normal vector.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from graft_steps.checks import StepError
from graft_steps.estimate import Estimate
from graft_steps.statistics import Z95, Proportion
from sklearn.svm import SVC

from latent_boundary import settings

FEWEST = 2  # of a side, in training and in validation
GROUPS = 20  # of the jackknife


@dataclass(frozen=True)
class Parts:
    """Rows of a data set: chosen and split into training and validation, with the rest; `labels` are 1 for high."""

    train: np.ndarray
    validation: np.ndarray
    rest: np.ndarray
    labels: np.ndarray
    invalid: int


@dataclass(frozen=True)
class Boundary:
    """A hyperplane `x . normal + offset = 0`; `normal` is a unit vector, float32 [1, dimension]."""

    normal: np.ndarray
    offset: float

    def sides(self, latents: np.ndarray) -> np.ndarray:
        """1 for latent codes on the side of high scores, 0 for the others: [count]."""
        return (latents @ self.normal[0] + self.offset > 0).astype(int)

    def right(self, latents: np.ndarray, labels: np.ndarray) -> Proportion:
        """How many latent codes lie on the side that their labels say."""
        return Proportion(int((self.sides(latents) == labels).sum()), len(labels))


def parts(scores: np.ndarray, chosen: float, ratio: float, rng: np.random.Generator) -> Parts:
    """Choose and split the rows of one attribute's scores; rows of the rest are labelled by the scores' midpoint."""
    valid = np.flatnonzero(np.isfinite(scores))
    order = valid[np.argsort(-scores[valid], kind="stable")]
    number = settings.chosen(chosen, len(order))
    cut = int(number * ratio)
    _check(scores[order], number, cut)
    sides = [rng.permutation(order[:number]), rng.permutation(order[len(order) - number :])]
    labels = (scores >= (scores[order[0]] + scores[order[-1]]) / 2).astype(int)
    for side, label in zip(sides, (1, 0), strict=True):
        labels[side] = label
    train, validation = (np.concatenate([side[piece] for side in sides]) for piece in (slice(cut), slice(cut, None)))
    rest = np.sort(order[number : len(order) - number])
    return Parts(train, validation, rest, labels, len(scores) - len(valid))


def _check(ordered: np.ndarray, number: int, cut: int) -> None:
    """Refuse so few chosen rows that a part of them is empty, and scores that do not tell both sides apart."""
    if cut < FEWEST or number - cut < FEWEST:
        raise StepError(
            f"chosen: {number} pictures of a side, {cut} of them for training, leave fewer than {FEWEST} to train on "
            "or to validate with; set a larger number or ratio, or more images"
        )
    if ordered[number - 1] <= ordered[-number]:
        raise StepError(
            f"chosen: the {number} highest and the {number} lowest scores meet at {ordered[-number]:g}, so nothing "
            "tells them apart; choose fewer, or take a classifier with finer scores"
        )


def fit(latents: np.ndarray, labels: np.ndarray) -> Boundary:
    """The boundary between two sets of latent codes; [count, dimension] and [count] of 0 and 1."""
    found = SVC(kernel="linear").fit(latents, labels)
    length = np.linalg.norm(found.coef_)
    if not np.isfinite(length) or length == 0:
        raise StepError("no hyperplane separates the chosen pictures at all: the latent codes are all alike")
    return Boundary((found.coef_ / length).astype(np.float32).reshape(1, -1), float(found.intercept_[0] / length))


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    """The cosine between two vectors of any shape."""
    one, other = one.ravel().astype(np.float64), other.ravel().astype(np.float64)
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def cosine_estimate(latents: np.ndarray, labels: np.ndarray, boundary: Boundary, truth: np.ndarray) -> Estimate:
    """The cosine of a boundary with the true direction, with the grouped jackknife's interval (Tukey 1958).

    The pictures are left out in `GROUPS` groups, each with both sides, and the boundary is fitted again without each;
    drawing with replacement would make every boundary worse, since a copy of a picture tells nothing new.
    """
    value = cosine(boundary.normal, truth)
    groups = np.empty(len(labels), int)
    for label in (0, 1):
        rows = np.flatnonzero(labels == label)
        groups[rows] = np.arange(len(rows)) % GROUPS
    count = min(GROUPS, int(np.bincount(labels).min()))
    kept = [groups != group for group in range(count)]
    without = np.array([cosine(fit(latents[rows], labels[rows]).normal, truth) for rows in kept])
    error = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    return Estimate("cosine", value, max(-1.0, value - Z95 * error), min(1.0, value + Z95 * error), len(labels))
