"""From a series to what a network takes: parts in time order, a scaler of the training part, windows within a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from sequence_training.series import Series
    from sequence_training.settings import Hyperparameters

LENGTH = 100  # rows in a window, which predict the next row
FEWEST = 50  # windows in a part, below which its numbers would say nothing
PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Windows:
    """`inputs` [n, 100, 3] and the `targets` [n, 3] that follow them, whose places in the series are `rows` [n]."""

    inputs: np.ndarray
    targets: np.ndarray
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def last(self) -> np.ndarray:
        """The last row of each window [n, 3]: the answer of who says that nothing changes."""
        return self.inputs[:, -1]


@dataclass(frozen=True)
class Scaler:
    """Mean and standard deviation [3] of each channel: z-scores and back."""

    mean: np.ndarray
    deviation: np.ndarray

    @classmethod
    def fitted(cls, values: np.ndarray) -> Scaler:
        """That of rows [n, 3]; StepError where a channel does not vary."""
        deviation = values.std(axis=0)
        if not (deviation > 0).all():
            raise StepError("a channel is constant in the training part, so it cannot be scaled: take more rows")
        return cls(values.mean(axis=0), deviation)

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """z-scores of values [..., 3]."""
        return (values - self.mean) / self.deviation


def parts(series: Series, how: Hyperparameters) -> dict[str, slice]:
    """The rows of each part: first training, then validation, then the test, none in two of them."""
    rows = len(series)
    tested, validated = (int(rows * share) for share in (how.test_share, how.validation_share))
    ends = (rows - tested - validated, rows - tested, rows)
    found = dict(zip(PARTS, map(slice, (0, *ends[:2]), ends), strict=True))
    for name, part in found.items():
        windows = len(range(0, part.stop - part.start - LENGTH, how.stride if name == "train" else 1))
        if windows < FEWEST:
            raise StepError(
                f"the {name} part has {part.stop - part.start} of {rows} rows, which make {windows} windows of "
                f"{LENGTH} rows and the next; at least {FEWEST} are needed: give more rows, or another share or stride"
            )
    return found


def windows(values: np.ndarray, part: slice, stride: int = 1) -> Windows:
    """Every `stride`-th window that lies in one part, with the row after it, which does too."""
    starts = np.arange(part.start, part.stop - LENGTH, stride)
    inputs = np.stack([values[start : start + LENGTH] for start in starts])
    return Windows(inputs, values[starts + LENGTH], starts + LENGTH)
