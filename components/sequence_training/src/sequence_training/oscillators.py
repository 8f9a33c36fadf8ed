"""The fixture: three damped oscillators in a row, coupled by springs, pushed at random and measured with noise.

The channels are the positions of the masses. They swing fast for the interval between rows, so the last row says little
about the next one, while the rows before it say much. Integrated by the semi-implicit Euler method (Hairer, Lubich,
Wanner 2003, which calls it symplectic), several steps a row.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from sequence_training.series import FILE, Series

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 3600
INTERVAL = 1.0  # seconds between rows
STEPS = 20  # of the integration, a row
SPRING, COUPLING, DAMPING = (0.55, 0.75, 1.0), 0.25, 0.02
PUSH, NOISE = 0.12, 0.08
CHANNELS = ("left", "middle", "right")
OFFSETS, SCALES = np.array([20.0, 0.0, -300.0]), np.array([2.0, 1.0, 45.0])  # as if each had a unit of its own
SPIKE = 40  # standard deviations


def clean(seed: int, rows: int = ROWS) -> Series:
    """The series of a seed, without a gap."""
    rng = np.random.default_rng([seed, 1])
    state = rng.normal(size=6)  # positions, then speeds
    pushes = rng.normal(scale=PUSH * np.sqrt(INTERVAL / STEPS), size=(rows, STEPS, 3))
    advance, driven = _row(pushes)
    found = np.empty((rows, 3))
    for row in range(rows):
        state = advance @ state + driven[row]
        found[row] = state[:3]
    noisy = found + rng.normal(scale=NOISE, size=found.shape)
    return Series(np.arange(rows) * INTERVAL, np.round(noisy * SCALES + OFFSETS, 5), CHANNELS)


def _row(pushes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a row does to the state [6, 6], and what the pushes [rows, steps, 3] add in it [rows, 6].

    A step is linear, speeds first: v' = v + h (K x - d v) + push, then x' = x + h v'.
    """
    h, one = INTERVAL / STEPS, np.eye(3)
    springs = COUPLING * (np.roll(one, 1, 0) + np.roll(one, -1, 0) - 2 * one) - np.diag(SPRING)
    speeds = np.hstack([h * springs, (1 - h * DAMPING) * one])
    step = np.vstack([np.hstack([one, 0 * one]) + h * speeds, speeds])
    push = np.vstack([h * one, one])
    later = np.stack([np.linalg.matrix_power(step, STEPS - 1 - each) @ push for each in range(STEPS)])
    return np.linalg.matrix_power(step, STEPS), np.einsum("rsc,sdc->rd", pushes, later)


def write_raw(seed: int, folder: Path) -> None:
    """The same series as a logger leaves it: cells missing, spikes, rows twice and out of order, a column too many."""
    series, rng = clean(seed), np.random.default_rng([seed, 2])
    values = series.values.copy()
    rows = len(series)
    spikes = rng.choice(rows, 12, replace=False)
    values[spikes, rng.integers(0, 3, 12)] += SPIKE * SCALES.max()
    cells = [[repr(float(cell)) for cell in row] for row in values]
    for row in rng.choice(rows, 60, replace=False):
        cells[row][rng.integers(0, 3)] = rng.choice(["", "n/a"])
    order = np.concatenate([np.arange(rows), rng.choice(rows, 30, replace=False)])
    order = order[np.argsort(order + rng.integers(0, 4, len(order)), kind="stable")]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["station", "time", *series.channels])
        writer.writerows(["A1", repr(float(series.times[row])), *cells[row]] for row in order)
