"""A series on disk and back, and everything that keeps a CSV from being one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from sequence_training import series
from sequence_training.series import Series

HEADER = "time,a,b,c\n"
ROWS = "".join(f"{row},{row * 2},{row % 3},{-row}\n" for row in range(10))


def written(folder: Path, text: str) -> Path:
    (folder / series.FILE).write_text(text)
    return folder


def test_it_comes_back_bit_for_bit(tmp_path: Path, short: Series) -> None:
    series.write(short, tmp_path)
    assert series.read(tmp_path).digest() == short.digest()


def test_a_fingerprint_is_of_one_observation(short: Series) -> None:
    prints = short.fingerprints()
    later = Series(short.times[5:], short.values[5:], short.channels)
    assert len(set(prints)) == len(short)
    assert later.fingerprints() == prints[5:]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (HEADER, "the file is empty"),
        (HEADER + ROWS + "10,2", "series.csv:12: 2 cells, but 4 columns: the file is truncated"),
        ("time,a,b\n1,2,3\n", "a time column and 3 channels are needed"),
        (HEADER + ROWS.replace("4,8,1,-4", "4,,1,-4"), "1 of 10 rows have an empty cell"),
        (HEADER + ROWS.replace("4,8,1,-4", "4,inf,1,-4"), "no finite number"),
        (HEADER + ROWS.replace("4,8,1,-4\n", ""), "1 intervals differ from the usual one of 1"),
        (HEADER + ROWS + "9,1,1,1\n", "the times do not rise from row to row"),
        (HEADER + "1,2,3,4\n", "the times do not rise"),
        (HEADER + "".join(f"{row},5,{row},{row}\n" for row in range(5)), "channel a is constant"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_with_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(StepError, match=message):
        series.read(written(tmp_path, text))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = HEADER + "1,2,3,4\n2,2,4,4\n9,2,5,4\n"
    with pytest.raises(StepError, match=r"intervals.*channel a is constant; channel c is constant; clean it by"):
        series.read(written(tmp_path, text))


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StepError, match=r"no file series\.csv: store one"):
        series.read(tmp_path)


def test_facts_are_those_of_the_rows(short: Series) -> None:
    facts = short.facts()
    assert (facts["rows"], facts["channels"], facts["interval"]) == (len(short), "left, middle, right", 1.0)
    assert np.isclose(facts["ends"], short.times[-1])
