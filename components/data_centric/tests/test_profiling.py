"""Statistics, schema, anomalies and drift: of plain numbers, and against the profile that is kept with the champion."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from data_centric import dataset, features, schema
from data_centric.dataset import Row
from data_centric.steps import profiling
from graft_steps.checks import StepError
from PIL import Image


@pytest.fixture(scope="module")
def measured(small: Path) -> tuple[list[Row], features.Measures]:
    rows = dataset.read(small)
    return rows, features.measures(small, rows)


def as_before(rows: list[Row], measures: features.Measures) -> profiling.Profile:
    return {**profiling.describe(rows, measures, None), "version": "v0"}


def test_statistics_count_and_measure_each_part(measured: tuple[list[Row], features.Measures]) -> None:
    rows, measures = measured
    found = features.statistics(rows, measures)
    assert {part: of["images"] for part, of in found.items()} == {"train": 120, "validation": 40, "test": 50}
    assert found["train"]["labels"]["vii"] == 12
    assert found["train"]["features"]["width"]["mean"] == 64
    brightness = [np.asarray(value).mean() for value in measures["brightness"][:1]]
    assert 0.3 < brightness[0] < 1
    assert sum(found["test"]["features"]["grain"]["histogram"]) == 50


def test_noise_raises_grain_and_ink_is_the_share_of_strokes() -> None:
    plain = np.full((64, 64), 220, np.uint8)
    plain[20:40, 20:30] = 20
    noisy = np.clip(plain + np.random.default_rng(1).normal(0, 15, plain.shape), 0, 255).astype(np.uint8)
    one, other = features._of_image(plain), features._of_image(noisy)
    assert one["ink"] == pytest.approx(200 / 64**2) and other["grain"] > 3 * one["grain"]


def test_l_infinity_is_the_largest_difference_of_shares() -> None:
    assert schema.l_infinity(np.array([5, 5]), np.array([50, 50])) == 0
    assert schema.l_infinity(np.array([1, 0, 3]), np.array([0, 1, 3])) == pytest.approx(0.25)
    assert schema.l_infinity(np.array([1, 0]), np.array([0, 9])) == 1


def test_the_same_version_has_neither_drift_nor_anomalies(measured: tuple[list[Row], features.Measures]) -> None:
    found = profiling.describe(*measured, as_before(*measured))
    assert set(found["drift"].values()) == {0.0} and found["before"] == "v0"
    assert not [each for each in found["shares"] if each["part"] == "train"]


def test_labels_that_shift_and_images_that_darken_are_drift_and_anomalies_by_name(
    measured: tuple[list[Row], features.Measures],
) -> None:
    rows, measures = measured
    before = as_before(rows, measures)
    shifted = [replace(row, label="i") if row.label in ("ii", "iii", "iv") else row for row in rows]
    found = profiling.describe(shifted, {**measures, "brightness": measures["brightness"] * 0.2}, before)
    assert found["drift"]["label"] == pytest.approx(0.3) and found["drift"]["brightness"] > 0.5
    (odd,) = [each for each in found["shares"] if each["feature"] == "brightness" and each["part"] == "train"]
    assert odd["share"] > 0.9 and rows[0].image in odd["images"]
    with pytest.raises(StepError) as refused:
        profiling._require_similar(found, 0.25, 0.05)
    assert "label has drifted by 0.300, more than drift_limit 0.25" in str(refused.value)
    assert "brightness is outside" in str(refused.value) and "set a higher limit" in str(refused.value)
    profiling._require_similar(found, 1.0, 1.0)


def test_a_label_that_the_last_good_version_did_not_have_is_an_anomaly(
    measured: tuple[list[Row], features.Measures],
) -> None:
    rows, measures = measured
    before = as_before(rows, measures)
    before["schema"]["labels"].remove("x")
    found = profiling.describe(rows, measures, before)
    assert any("label is none of i, ii" in text for text in found["anomalies"])


def test_the_step_writes_profile_page_and_pictures_and_says_that_there_is_nothing_before(
    small: Path, tmp_path: Path, variables: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "issues.json").write_text(json.dumps({"dark": ["a.png"]}))
    found = profiling.profile(small, tmp_path / "issues", "v2", 0.25, 0.05, tmp_path / "out", tmp_path / "page.html")
    assert found == {"anomalies": 0} and "no good version before" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / profiling.FILE).read_text())["version"] == "v2"
    assert "there is no good version before" in (tmp_path / "page.html").read_text()
    with Image.open(tmp_path / "out" / "plots" / "labels.png") as picture:
        assert picture.width > 500


@pytest.mark.parametrize(("limit", "name"), [(-0.1, "drift_limit"), (1.5, "drift_limit")])
def test_a_limit_out_of_range_is_refused(small: Path, tmp_path: Path, limit: float, name: str) -> None:
    with pytest.raises(StepError, match=name):
        profiling.profile(small, tmp_path, "v2", limit, 0.05, tmp_path / "out", tmp_path / "page.html")
