"""What a model's answers on the held-out future are worth: errors and R2, and the same of who says nothing changes.

Errors are those of z-scores, by the scaler of the model, so that every channel counts alike; R2 is the mean of the
channels' coefficients of determination. Neighbouring rows are alike, so the bootstrap draws blocks of rows and not rows
(Künsch 1989).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError
from graft_steps.estimate import Estimate
from graft_steps.statistics import bootstrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE = "results.json"
BLOCK = 25  # rows, about two swings of the fixture
PERSISTENCE = "saying that the next row equals the last"
SPREAD = 1e-3  # standard deviation of answers, in z-scores, below which a model answers always the same


def r2(truth: np.ndarray, answers: np.ndarray) -> float:
    """The mean over channels of the share of the variance that is explained; rows may be grouped in blocks."""
    truth, answers = (each.reshape(-1, each.shape[-1]) for each in (truth, answers))
    return float(np.mean(channel_r2(truth, answers)))


def channel_r2(truth: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """R2 of each channel, of rows [n, 3]."""
    return 1 - ((truth - answers) ** 2).sum(axis=0) / ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)


def mse(truth: np.ndarray, answers: np.ndarray) -> float:
    """The mean squared error."""
    return float(np.mean((truth - answers) ** 2))


def mae(truth: np.ndarray, answers: np.ndarray) -> float:
    """The mean absolute error."""
    return float(np.mean(np.abs(truth - answers)))


MEASURES: dict[str, tuple[Callable[[np.ndarray, np.ndarray], float], bool]] = {
    "r2": (r2, True),
    "mse": (mse, False),
    "mae": (mae, False),
}


def estimates(truth: np.ndarray, answers: np.ndarray, seed: int) -> dict[str, Estimate]:
    """Every measure of z-scored rows [n, 3] with its interval."""
    whole = len(truth) // BLOCK * BLOCK
    columns = [each[:whole].reshape(-1, BLOCK, each.shape[-1]) for each in (truth, answers)]
    found = {}
    for name, (measure, higher) in MEASURES.items():
        drawn = bootstrapped(name, measure, columns, seed, higher)
        found[name] = replace(drawn, value=measure(truth, answers), n=len(truth))
    return found


def require_answers(answers: np.ndarray) -> None:
    """StepError where a model answers the same whatever it is asked, or no numbers at all."""
    if not np.isfinite(answers).all():
        raise StepError("the model answers with what is no finite number: train again with a lower learning rate")
    if (answers.std(axis=0) < SPREAD).any():
        raise StepError("the model answers a channel always the same: it has learnt nothing, train it longer")


def read(folder: Path) -> dict[str, Any]:
    """What `evaluate` wrote down: its facts, estimates by measure of each answerer, and rows."""
    return json.loads((folder / FILE).read_text())


def estimate(results: dict[str, Any], who: str, measure: str = "r2") -> Estimate:
    """One measure of `model`, `persistence` or `base`."""
    return Estimate(**results["estimates"][who][measure])
