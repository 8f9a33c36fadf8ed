"""A series: rows in time order of three numeric channels, as CSV with a time column; checked before anyone learns."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps.checks import StepError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "series.csv"
CHANNELS = 3
EVEN = 0.01  # the share of the usual interval by which one may differ from it
CLEAN = "clean it by sequence-preprocessing, or give the uid of what that stored"


@dataclass(frozen=True)
class Series:
    """`times` [rows] in seconds, `values` [rows, 3] float64, and the channels' names."""

    times: np.ndarray
    values: np.ndarray
    channels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.times)

    def digest(self) -> str:
        """A hash of names, times and values."""
        parts = (",".join(self.channels).encode(), self.times.tobytes(), self.values.tobytes())
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def fingerprints(self) -> list[str]:
        """A short hash of each row, time included: the same in two series is the same observation."""
        rows = np.column_stack([self.times, self.values])
        return [hashlib.sha256(row.tobytes()).hexdigest()[:16] for row in rows]

    def facts(self) -> dict[str, Any]:
        """What a record of a run says about its data."""
        return {
            "rows": len(self),
            "channels": ", ".join(self.channels),
            "interval": float(np.median(np.diff(self.times))),
            "begins": float(self.times[0]),
            "ends": float(self.times[-1]),
            "digest": self.digest(),
        }


def read(folder: Path) -> Series:
    """The series of a stored data set; StepError names what keeps it from being one."""
    header, rows = read_table(folder / FILE)
    if len(header) != CHANNELS + 1:
        raise StepError(
            f"{FILE}: a time column and {CHANNELS} channels are needed, but there are {header}; choose the columns by "
            "sequence-preprocessing"
        )
    table = np.array([[number(cell) for cell in row] for row in rows], np.float64)
    return checked(Series(table[:, 0], table[:, 1:], tuple(header[1:])))


def read_table(file: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file, every row as long as the header."""
    if not file.is_file():
        raise StepError(f"the data set contains no file {file.name}: store one, with a header and a row for each time")
    with file.open(newline="", encoding="utf-8") as opened:
        header, *rows = list(csv.reader(opened)) or [[]]
    if not rows:
        raise StepError(f"{file.name}: the file is empty; it must have a header and a row for each time")
    for line, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise StepError(f"{file.name}:{line}: {len(row)} cells, but {len(header)} columns: the file is truncated")
    return header, rows


def number(cell: str) -> float:
    """A cell's number; NaN where it is empty or none, which `checked` refuses and cleaning fills."""
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def write(series: Series, folder: Path) -> None:
    """Write the series as a data set; `read` gives the same numbers back, bit for bit."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["time", *series.channels])
        writer.writerows([repr(float(cell)) for cell in row] for row in np.column_stack([series.times, series.values]))


def checked(series: Series) -> Series:
    """Return a series that can be learnt from; StepError with everything that is wrong if it cannot."""
    if problems := [*_gaps(series), *_stuck(series)]:
        raise StepError(f"the series cannot be used: {'; '.join(problems)}; {CLEAN}")
    return series


def _gaps(series: Series) -> list[str]:
    table = np.column_stack([series.times, series.values])
    if missing := int((~np.isfinite(table)).any(axis=1).sum()):
        return [f"{missing} of {len(series)} rows have an empty cell or one that is no finite number"]
    steps = np.diff(series.times)
    if len(steps) == 0 or (steps <= 0).any():
        return ["the times do not rise from row to row"]
    usual = np.median(steps)
    odd = int((np.abs(steps - usual) > EVEN * usual).sum())
    return [f"{odd} intervals differ from the usual one of {usual:g}"] if odd else []


def _stuck(series: Series) -> list[str]:
    flat = [name for name, column in zip(series.channels, series.values.T, strict=True) if np.ptp(column) == 0]
    return [f"channel {name} is constant" for name in flat]
