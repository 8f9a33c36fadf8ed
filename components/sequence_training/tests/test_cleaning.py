"""Cleaning: what the raw fixture was made of comes back, and what would be made up for the most part is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from sequence_training import oscillators
from sequence_training.cleaning import Cleaned, clean
from sequence_training.series import FILE
from sequence_training.settings import Cleaning
from sequence_training.steps import preparing
from sequence_training_small import FIXTURE

DOCUMENT = {"time_column": "t", "channels": ["a", "b", "c"], "spike_limit": 6.0, "longest_gap": 5.0}


def table(rows: int = 200) -> list[list[str]]:
    """Rows of time, another column, and three waves."""
    waves = np.sin(np.outer(np.arange(rows), [0.3, 0.5, 0.7]))
    return [[str(row), "x", *(f"{value:.6f}" for value in waves[row])] for row in range(rows)]


def cleaned(folder: Path, rows: list[list[str]], **changed: object) -> Cleaned:
    lines = [["t", "other", "a", "b", "c"], *rows]
    (folder / FILE).write_text("".join(",".join(line) + "\n" for line in lines))
    return clean(folder, Cleaning.checked({**DOCUMENT, **changed}))


def test_the_raw_fixture_becomes_the_clean_one_but_for_what_was_lost(tmp_path: Path) -> None:
    oscillators.write_raw(7, tmp_path)
    found = clean(tmp_path, Cleaning.checked(FIXTURE))
    truth = oscillators.clean(7)
    np.testing.assert_array_equal(found.series.times, truth.times)
    np.testing.assert_array_equal(found.series.values[~found.made_up], truth.values[~found.made_up])
    assert (found.spikes, found.repeated_rows) == (12, 30)
    assert found.made_up.sum() == 72
    assert (np.abs(found.series.values - truth.values) < 5 * truth.values.std(axis=0)).all()


def test_the_chosen_columns_are_taken_in_their_order(tmp_path: Path) -> None:
    found = cleaned(tmp_path, table(), channels=["c", "a", "b"])
    assert found.series.channels == ("c", "a", "b")
    np.testing.assert_allclose(found.series.values[:, 1], np.sin(0.3 * np.arange(200)), atol=1e-6)


def test_rows_that_are_not_there_are_filled_by_straight_lines_up_to_the_limit(tmp_path: Path) -> None:
    rows = table()
    del rows[50:53]
    found = cleaned(tmp_path, rows)
    np.testing.assert_array_equal(np.flatnonzero(found.made_up.all(axis=1)), [50, 51, 52])
    ends = found.series.values[[49, 53]]
    np.testing.assert_allclose(found.series.values[51], ends.mean(axis=0))
    with pytest.raises(StepError, match=r"channel a has a gap of 3 rows, more than configuration.longest_gap \(2\)"):
        cleaned(tmp_path, rows, longest_gap=2)


def test_the_spike_limit_decides_what_is_a_spike(tmp_path: Path) -> None:
    rows = table()
    rows[70][2] = "9"
    assert cleaned(tmp_path, rows).spikes == 1
    assert cleaned(tmp_path, rows, spike_limit=1000.0).spikes == 0


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda rows: rows.clear(), "the file is empty"),
        (lambda rows: rows.__setitem__(slice(1, None), []), "1 rows have a time"),
        (lambda rows: [row.__setitem__(2, "") for row in rows[::3]], "of the cells are missing or spikes"),
        (lambda rows: rows[-1].__setitem__(0, "100000"), "more than half are missing"),
        (lambda rows: [row.__setitem__(3, "1") for row in rows], "channel b is constant"),
        (lambda rows: rows[-1].pop(), "the file is truncated"),
    ],
)
def test_data_that_cannot_be_right_are_refused(tmp_path: Path, spoil: object, message: str) -> None:
    rows = table()
    spoil(rows)
    with pytest.raises(StepError, match=message):
        cleaned(tmp_path, rows)


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="'othr' is not known; did you mean 'other'"):
        cleaned(tmp_path, table(), channels=["a", "b", "othr"])


def test_the_step_writes_what_training_takes_and_a_page_with_its_picture(tmp_path: Path) -> None:
    oscillators.write_raw(7, tmp_path / "raw")
    places = [tmp_path / name for name in ("series", "evidence", "page.html")]
    used, numbers = preparing.preprocess(tmp_path / "raw", {"dataset_uid": "raw"}, FIXTURE, *places)
    assert numbers == {"rows": 3600, "repeated_rows": 30, "spikes": 12, "filled_cells": 72}
    assert used["dataset_uid"] == "raw" and used["longest_gap"] == 5
    assert places[2].read_text().count("data:image/png;base64,") == 1
    assert (places[1] / "plots" / "cleaned.png").stat().st_size > 10_000
