"""From a logger's CSV to a series: columns chosen, rows in order and once, spikes taken out, short gaps filled.

Spikes are found by Hampel's filter (Hampel 1974): the distance from the median of a window, in units of 1.4826 times
the median distance, which for normal noise is a standard deviation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from graft_steps.checks import StepError, one_of

from sequence_training.series import FILE, Series, checked, number, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from sequence_training.settings import Cleaning

NORMAL = 1.4826
LARGEST_SHARE = 0.1  # of the cells, that may be made up; beyond it the data are something else than what was measured


@dataclass(frozen=True)
class Cleaned:
    """The series, and what had to be done for it; `made_up` [rows, 3] is true where a cell was filled."""

    series: Series
    made_up: np.ndarray
    repeated_rows: int
    spikes: int

    def metrics(self) -> dict[str, float]:
        """The numbers that a record of the run keeps."""
        return {
            "rows": float(len(self.series)),
            "repeated_rows": float(self.repeated_rows),
            "spikes": float(self.spikes),
            "filled_cells": float(self.made_up.sum()),
        }


def clean(folder: Path, how: Cleaning) -> Cleaned:
    """Make a series of the CSV in `folder`; StepError where too much of it would be made up."""
    times, values, repeated = _in_order(_columns(folder, how))
    times, values = _on_grid(times, values)
    spikes = _spikes(values, how.spike_limit)
    values[spikes] = np.nan
    missing = ~np.isfinite(values)
    if (share := missing.mean()) > LARGEST_SHARE:
        raise StepError(
            f"{FILE}: {share:.0%} of the cells are missing or spikes, more than {LARGEST_SHARE:.0%}: look at the data, "
            "or raise configuration.spike_limit"
        )
    series = Series(times, _filled(times, values, how), how.channels)
    return Cleaned(checked(series), missing, repeated, int(spikes.sum()))


def _columns(folder: Path, how: Cleaning) -> np.ndarray:
    header, rows = read_table(folder / FILE)
    names = (how.time_column, *how.channels)
    places = [header.index(one_of("configuration: column", name, header)) for name in names]
    return np.array([[number(row[place]) for place in places] for row in rows], np.float64)


def _in_order(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Times and values in order, each time once, and how many rows were repetitions; a missing time is no row."""
    timed = table[np.isfinite(table[:, 0])]
    if len(timed) < 2:
        raise StepError(f"{FILE}: {len(timed)} rows have a time; there must be at least two")
    times, first = np.unique(timed[:, 0], return_index=True)
    return times, timed[first, 1:], len(timed) - len(times)


def _on_grid(times: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A row for every interval, empty where there was none."""
    interval = np.median(np.diff(times))
    places = np.round((times - times[0]) / interval).astype(int)
    count = places[-1] + 1
    if count > 2 * len(times):
        raise StepError(f"{FILE}: {len(times)} rows, but {count} intervals of {interval:g}: more than half are missing")
    grid = np.full((count, values.shape[1]), np.nan)
    grid[places] = values
    return times[0] + interval * np.arange(count), grid


def _spikes(values: np.ndarray, limit: float, half: int = 25) -> np.ndarray:
    padded = np.pad(values, ((half, half), (0, 0)), constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0)
    middle = _median(around)
    spread = NORMAL * _median(np.abs(around - middle[..., None]))
    with np.errstate(invalid="ignore"):
        return (np.abs(values - middle) > limit * spread) & (spread > 0)


def _median(around: np.ndarray) -> np.ndarray:
    """The median of what is there; NaN where nothing is."""
    ordered, counts = np.sort(around, axis=-1), np.isfinite(around).sum(axis=-1, keepdims=True)
    low, high = (np.take_along_axis(ordered, np.maximum(counts - shift, 0) // 2, -1) for shift in (1, 0))
    return ((low + high) / 2)[..., 0]


def _filled(times: np.ndarray, values: np.ndarray, how: Cleaning) -> np.ndarray:
    columns = []
    for name, column in zip(how.channels, values.T, strict=True):
        there = np.isfinite(column)
        if (longest := _longest_run(~there)) > how.longest_gap:
            raise StepError(
                f"{FILE}: channel {name} has a gap of {longest} rows, more than configuration.longest_gap "
                f"({how.longest_gap}): cut the data there, or raise it"
            )
        columns.append(np.interp(times, times[there], column[there]))
    return np.column_stack(columns)


def _longest_run(flags: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
