"""The error report and what is made of it: labels corrected, hard images added, the test left as it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from data_centric import checking, dataset, errors, fixture, next_version, versions
from data_centric.dataset import Row
from data_centric.errors import Error
from graft_steps.checks import StepError


def error(row: Row, category: str = "", answer: str = "i", right: str = "") -> Error:
    return Error(row.image, row.part, row.label, answer, 0.9, category, right)


@pytest.fixture
def rows(copy: Path) -> dict[str, list[Row]]:
    """The rows of each part that are no i."""
    found = [row for row in sorted(dataset.read(copy)) if row.label != "i"]
    return {part: dataset.of_part(found, part) for part in dataset.PARTS}


def test_a_report_comes_back_as_it_was_written_surest_first(tmp_path: Path) -> None:
    found = [Error("a.png", "train", "i", "v", 0.4), Error("b.png", "validation", "x", "v", 0.8, "blur")]
    errors.write(found, tmp_path / "errors.csv")
    assert errors.read(tmp_path / "errors.csv") == [found[1], found[0]]
    assert (tmp_path / "errors.csv").read_text().startswith("image,part,label,answer,score,category,right_label\nb.png")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.png,train,i,v,0.5,blurr,", "errors.csv:2: category: 'blurr' is not known; did you mean 'blur'"),
        ("a.png,train,i,v,0.5,mislabelled,xi", "errors.csv:2: right_label: 'xi' is not known"),
        ("a.png,train,i,v,much,,", "errors.csv:2: score: 'much' is not a number"),
        ("a.png,train,i", "errors.csv:2: 3 cells, but 7 columns"),
    ],
)
def test_a_report_that_was_filled_wrongly_is_refused_by_line(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "errors.csv").write_text(",".join(errors.COLUMNS) + f"\n{line}\n")
    with pytest.raises(StepError, match=message):
        errors.read(tmp_path / "errors.csv")


def test_what_is_mislabelled_gets_its_right_label_or_the_answer(copy: Path, rows: dict[str, list[Row]]) -> None:
    one, other, *_ = rows["train"]
    third = rows["validation"][0]
    found = [
        error(one, "mislabelled", "ix"),
        error(other, "mislabelled", "ix", "vii"),
        error(third, "mislabelled", "iii"),
    ]
    changes = next_version.apply(copy, [*found, error(rows["train"][5])], 1)
    labels = {row.image: row.label for row in dataset.read(copy)}
    assert [labels[row.image] for row in (one, other, third)] == ["ix", "vii", "iii"]
    assert (changes.relabelled, changes.added, changes.left) == (3, 0, 1)


@pytest.mark.parametrize("category", ["noise", "blur", "shape"])
def test_what_is_hard_is_added_to_the_training_images_and_passes_the_check(
    copy: Path, rows: dict[str, list[Row]], category: str
) -> None:
    before = Counter((row.part, row.label) for row in dataset.read(copy))
    train, validation = rows["train"][0], rows["validation"][0]
    changes = next_version.apply(copy, [error(train, category), error(validation, category)], 1)
    after = Counter((row.part, row.label) for row in dataset.read(copy))
    assert changes.added == 4
    assert sum((after - before).values()) == 4 and {part for part, _ in after - before} == {"train"}
    checking.check(copy, 12)
    added = [row for row in dataset.read(copy) if category in row.image]
    assert {row.hand for row in added} <= {row.hand for row in rows["train"]}


def test_noise_is_noisier_and_blur_is_blurred(copy: Path, rows: dict[str, list[Row]]) -> None:
    from data_centric.features import _of_image

    pixels = dataset.pixels(dataset.path(copy, rows["train"][0].image))
    grain = {
        category: _of_image(next_version._changed(pixels, category, 1, np.random.default_rng(3)))["grain"]
        for category in ("noise", "shape", "blur")
    }
    assert grain["noise"] > 1.3 * grain["shape"] > 1.3 * grain["blur"]


def test_the_test_cannot_be_changed_and_the_report_must_be_of_this_version(
    copy: Path, rows: dict[str, list[Row]]
) -> None:
    for wrong, message in (
        (error(rows["test"][0], "mislabelled"), "is of the test part, which versions are compared on"),
        (error(replace(rows["train"][0], label="i"), "blur"), "of another version"),
        (error(replace(rows["train"][0], image="gone.png"), "blur"), "gone.png: is not there in this version"),
        (error(rows["train"][0], "mislabelled", rows["train"][0].label), "its right_label is the label that it has"),
        (error(rows["train"][0]), "no row of the report has a category"),
    ):
        with pytest.raises(StepError, match=message):
            next_version.apply(copy, [wrong], 1)


def test_the_same_report_makes_the_same_version_in_the_repository(
    copy: Path, rows: dict[str, list[Row]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = tmp_path / "repository"
    versions.create(repository, str(tmp_path / "remote"))
    versions.publish(repository, copy, "v1")
    report = tmp_path / "errors.csv"
    errors.write([error(rows["train"][0], "mislabelled"), error(rows["train"][1], "shape")], report)
    for tag in ("v2", "v2-again"):
        next_version.main([str(repository), "--from", "v1", "--report", str(report), "--tag", tag])
        versions.fetch(str(repository), tag, tmp_path / tag)
    assert "v2: 1 images relabelled, 2 added, 0 rows without a category left" in capsys.readouterr().out
    one, other = (dataset.read(tmp_path / tag) for tag in ("v2", "v2-again"))
    assert one == other
    assert dataset.fingerprints(tmp_path / "v2", one) == dataset.fingerprints(tmp_path / "v2-again", other)
    with pytest.raises(SystemExit, match="there is a version v2 already"):
        next_version.main([str(repository), "--from", "v1", "--report", str(report), "--tag", "v2"])


def test_the_stand_in_for_a_person_names_what_is_mislabelled_in_v1() -> None:
    drawn = fixture.drawings("v1")
    wrong = [each for each in drawn if each.written != each.truth]
    assert 0.25 < len(wrong) / 600 < 0.35 and all(each.part != "test" for each in wrong)
    found = [Error(each.image, each.part, each.written, "i", 0.5) for each in drawn if each.part == "train"]
    for filled, each in zip(fixture.reviewed(found), drawn, strict=False):
        assert (filled.category == "mislabelled") == (each.written != each.truth)
        assert filled.category in errors.CATEGORIES and filled.right_label in ("", each.truth)
