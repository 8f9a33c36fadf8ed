"""What is measured of every image, and the statistics of a part: counts, moments, and histograms over fixed bins."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from data_centric import dataset
from data_centric.dataset import PARTS, Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BINS = 20
RANGES = {  # of the histograms, which are the same for every version, so that two can be compared
    "width": (0.0, 1024.0),
    "height": (0.0, 1024.0),
    "brightness": (0.0, 1.0),  # the mean
    "contrast": (0.0, 0.5),  # the standard deviation
    "ink": (0.0, 0.5),  # the share of pixels darker than halfway between the darkest and the median
    "grain": (0.0, 0.25),  # the mean difference of neighbours: noise raises it, blur lowers it
}
Measures = dict[str, np.ndarray]


def measures(folder: Path, rows: Sequence[Row]) -> Measures:
    """The numbers of each image: feature to one value a row."""
    found = [_of_image(dataset.pixels(dataset.path(folder, row.image))) for row in rows]
    return {name: np.array([each[name] for each in found]) for name in RANGES}


def statistics(rows: Sequence[Row], measured: Measures) -> dict[str, Any]:
    """Part to `images`, `labels` and `hands` (counts) and `features` (moments and histogram), in JSON's own types."""
    found = {}
    for part in PARTS:
        chosen = np.array([row.part == part for row in rows])
        of_part = [row for row in rows if row.part == part]
        found[part] = {
            "images": len(of_part),
            "labels": dict(Counter(row.label for row in of_part)),
            "hands": dict(Counter(row.hand for row in of_part)),
            "features": {name: _summary(name, values[chosen]) for name, values in measured.items()},
        }
    return found


def _of_image(pixels: np.ndarray) -> dict[str, float]:
    shares = pixels.astype(np.float64) / 255
    darkest, middle = np.quantile(shares, [0.005, 0.5])
    steps = np.abs(np.diff(shares, axis=0)).mean() + np.abs(np.diff(shares, axis=1)).mean()
    return {
        "width": float(pixels.shape[1]),
        "height": float(pixels.shape[0]),
        "brightness": float(shares.mean()),
        "contrast": float(shares.std()),
        "ink": float((shares < (darkest + middle) / 2).mean()),
        "grain": float(steps / 2),
    }


def _summary(name: str, values: np.ndarray) -> dict[str, Any]:
    counts, _ = np.histogram(np.clip(values, *RANGES[name]), BINS, RANGES[name])
    low, middle, high = np.quantile(values, [0.0, 0.5, 1.0])
    return {
        "mean": float(values.mean()),
        "deviation": float(values.std()),
        "least": float(low),
        "median": float(middle),
        "most": float(high),
        "histogram": counts.tolist(),
    }
