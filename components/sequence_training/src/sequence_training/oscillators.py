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
    position, speed = rng.normal(size=3), rng.normal(size=3)
    found = np.empty((rows, 3))
    for row in range(rows):
        position, speed = _advance(position, speed, rng)
        found[row] = position
    noisy = found + rng.normal(scale=NOISE, size=found.shape)
    return Series(np.arange(rows) * INTERVAL, np.round(noisy * SCALES + OFFSETS, 5), CHANNELS)


def _advance(position: np.ndarray, speed: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    step = INTERVAL / STEPS
    for push in rng.normal(scale=PUSH * np.sqrt(step), size=(STEPS, 3)):
        left, right = np.roll(position, 1), np.roll(position, -1)
        pull = COUPLING * (left + right - 2 * position) - np.array(SPRING) * position
        speed = speed + step * (pull - DAMPING * speed) + push
        position = position + step * speed
    return position, speed


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
