"""Parts in time order without overlap, windows within a part, and a scaler of the training part alone."""

from __future__ import annotations

import numpy as np
import pytest
from graft_steps.checks import StepError
from hypothesis import given
from hypothesis import strategies as st
from sequence_training import oscillators
from sequence_training.series import Series
from sequence_training.settings import Hyperparameters
from sequence_training.windows import LENGTH, Scaler, parts, windows
from sequence_training_small import document


@given(st.integers(1200, 5000), st.floats(0.15, 0.35), st.floats(0.15, 0.35))
def test_parts_follow_each_other_in_time_and_take_every_row_once(rows: int, validated: float, tested: float) -> None:
    long = Series(np.arange(rows), np.zeros((rows, 3)), ("a", "b", "c"))
    how = Hyperparameters.checked(document(validation_share=validated, test_share=tested))
    found = parts(long, how)
    assert list(found) == ["train", "validation", "test"]
    assert [row for part in found.values() for row in range(rows)[part]] == list(range(rows))


def test_no_row_is_in_the_windows_of_two_parts() -> None:
    values = np.repeat(np.arange(1600.0)[:, None], 3, axis=1)
    ranges = parts(Series(values[:, 0], values, ("a", "b", "c")), Hyperparameters.checked(document()))
    rows = [
        {*np.unique(part.inputs), *np.unique(part.targets)}
        for part in (windows(values, each) for each in ranges.values())
    ]
    assert not rows[0] & rows[1] and not rows[1] & rows[2] and not rows[0] & rows[2]
    assert max(rows[0]) < min(rows[1]) and max(rows[1]) < min(rows[2])


def test_a_window_is_a_hundred_rows_and_its_target_the_next() -> None:
    values = np.repeat(np.arange(400.0)[:, None], 3, axis=1)
    found = windows(values, slice(100, 300), 2)
    assert found.inputs.shape == (50, LENGTH, 3)
    np.testing.assert_array_equal(found.targets[:, 0], found.inputs[:, -1, 0] + 1)
    np.testing.assert_array_equal(found.targets[:, 0], found.rows)
    np.testing.assert_array_equal(found.last, found.inputs[:, -1])


def test_the_scaler_is_that_of_the_rows_it_is_given(short: Series) -> None:
    train = short.values[:900]
    scaler = Scaler.fitted(train)
    np.testing.assert_allclose(scaler.scaled(train).mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(scaler.scaled(train).std(axis=0), 1)
    with pytest.raises(StepError, match="constant in the training part"):
        Scaler.fitted(np.ones((5, 3)))


@pytest.mark.parametrize(("rows", "changed"), [(600, {}), (1600, {"stride": 40}), (1600, {"test_share": 0.05})])
def test_too_few_windows_in_a_part_are_refused(rows: int, changed: dict[str, float]) -> None:
    with pytest.raises(StepError, match=r"the \w+ part has .* windows of 100 rows and the next; at least 50"):
        parts(oscillators.clean(1, rows), Hyperparameters.checked(document(**changed)))
