"""The fixture: the same for the same seed, and such that the last row alone says little of the next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sequence_training import oscillators
from sequence_training.evaluation import r2
from sequence_training.series import checked, read_table


def test_a_seed_gives_one_series_and_another_seed_another() -> None:
    first, again, other = (oscillators.clean(seed, 300) for seed in (1, 1, 2))
    assert first.digest() == again.digest() != other.digest()
    assert checked(first) is first


@pytest.mark.parametrize("seed", [1, 7, 8])
def test_the_rows_before_the_last_say_much_that_the_last_does_not(seed: int) -> None:
    values = oscillators.clean(seed, 2000).values
    lags = np.hstack([values[10 - lag : len(values) - lag] for lag in range(1, 11)] + [np.ones((len(values) - 10, 1))])
    past, future = slice(0, 1200), slice(1200, None)
    weights = np.linalg.lstsq(lags[past], values[10:][past], rcond=None)[0]
    truth = values[10:][future]
    assert r2(truth, values[9:-1][future]) < 0.2
    assert r2(truth, lags[future] @ weights) > 0.9


def test_the_raw_fixture_has_every_fault_that_cleaning_mends(tmp_path: Path) -> None:
    oscillators.write_raw(7, tmp_path)
    header, rows = read_table(tmp_path / "series.csv")
    times = [float(row[1]) for row in rows]
    assert header == ["station", "time", "left", "middle", "right"]
    assert len(set(times)) == oscillators.ROWS < len(times) and times != sorted(times)
    assert {"", "n/a"} <= {cell for row in rows for cell in row}
