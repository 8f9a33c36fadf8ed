"""Faults that a run must find: labels that do not belong, a network that does not learn, files that are cut."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from data_centric import dataset, examples, network, tfrecords, training
from data_centric.examples import Examples
from data_centric.steps import judging, learning, preparing, recording
from data_centric_small import EPOCHS, SEED, Trained
from graft_steps.checks import StepError


@pytest.fixture(scope="module")
def parts(trained: Trained) -> dict[str, Examples]:
    return examples.load(trained.examples)[0]


def test_a_learning_rate_of_nothing_is_a_network_that_does_not_learn(
    parts: dict[str, Examples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "LEARNING_RATE", 0.0)
    few = Examples(parts["train"].images[:40], parts["train"].labels[:40])
    with pytest.raises(
        StepError, match="the weights have not moved: the network does not learn; is its learning rate 0"
    ):
        training.fit(few, parts["validation"], 1, SEED)


def test_a_learning_rate_too_small_to_learn_by_is_found_by_what_it_reaches(
    parts: dict[str, Examples], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "LEARNING_RATE", 1e-9)
    few = Examples(parts["train"].images[:80], parts["train"].labels[:80])
    with pytest.raises(
        StepError, match=r"has learnt nothing: validation accuracy 0.* always naming one class gets 0.10"
    ):
        training.fit(few, parts["validation"], 2, SEED)


def test_a_shuffled_label_column_is_found(parts: dict[str, Examples]) -> None:
    shuffled = {
        name: Examples(part.images, np.random.default_rng(1).permutation(part.labels)) for name, part in parts.items()
    }
    with pytest.raises(
        StepError, match=r"has learnt nothing: .*Do the labels belong to the images \(a shuffled column\)"
    ):
        training.fit(shuffled["train"], shuffled["validation"], 2, SEED)


def test_planted_label_noise_is_named_in_the_error_report(trained: Trained, tmp_path: Path) -> None:
    from data_centric import errors

    data = Path(shutil.copytree(trained.data, tmp_path / "data"))
    rows, planted = dataset.read(data), {}
    for position, row in enumerate(dataset.of_part(rows, "train")):
        if position % 12 == 0:
            planted[row.image] = "i" if row.label != "i" else "x"
    dataset.write([replace(row, label=planted.get(row.image, row.label)) for row in rows], data)
    facts = {
        name: trained.used[name]
        for name in trained.used
        if name.startswith(("data", "test_d", "images", "train", "val"))
    }
    recording.write_records(data, {**facts, "test": 50}, tmp_path / "records")
    measured = judging.evaluate(
        tmp_path / "records", trained.model, tmp_path / "evaluation", tmp_path / "errors", tmp_path / "page.html"
    )
    named = {error.image: error for error in errors.read(tmp_path / "errors" / errors.FILE) if error.is_suspect}
    found = [image for image in planted if image in named]
    assert len(found) >= 0.5 * len(planted)
    before = judging.evaluate(
        trained.records, trained.model, tmp_path / "before", tmp_path / "errors-before", tmp_path / "page-before.html"
    )
    assert measured.suspected.right >= before.suspected.right + len(found) - 1
    assert "suspected of a wrong label" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize("keep", [0, 0.3, 0.999])
def test_truncated_records_fail_the_step_that_reads_them(trained: Trained, tmp_path: Path, keep: float) -> None:
    records = Path(shutil.copytree(trained.records, tmp_path / "records"))
    file = records / "train.tfrecord"
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * keep)])
    with pytest.raises(
        StepError, match=r"train.tfrecord: is not what was written: it is truncated or damaged; run write"
    ):
        preparing.preprocess(records, 0, SEED, tmp_path / "examples")


def test_records_that_end_between_two_are_found_by_their_number_even_where_the_checksum_was_made_to_fit(
    trained: Trained, tmp_path: Path
) -> None:
    import json

    records = Path(shutil.copytree(trained.records, tmp_path / "records"))
    said = json.loads((records / tfrecords.FACTS).read_text())
    said["parts"]["train"]["images"] += 1
    (records / tfrecords.FACTS).write_text(json.dumps(said))
    with pytest.raises(StepError, match="has 120 of 121 images"):
        tfrecords.read(records, "train")
    (records / "train.tfrecord").write_bytes(b"no record at all, but long enough")
    said["parts"]["train"]["sha256"] = tfrecords._checksum(records / "train.tfrecord")
    (records / tfrecords.FACTS).write_text(json.dumps(said))
    with pytest.raises(StepError, match="holds a record that cannot be read"):
        tfrecords.read(records, "train")
    (records / tfrecords.FACTS).unlink()
    with pytest.raises(StepError, match=r"records.json: not found"):
        tfrecords.read(records, "train")


def test_truncated_examples_and_blank_images_fail_their_step(trained: Trained, tmp_path: Path) -> None:
    cut = Path(shutil.copytree(trained.examples, tmp_path / "examples"))
    file = cut / "train.npz"
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(StepError, match=r"train.npz: cannot be read .*run preprocess again"):
        learning.train(trained.records, cut, EPOCHS, tmp_path / "model")
    blank = np.random.default_rng(0).integers(199, 202, (64, 64, 1)).astype(np.uint8)
    with pytest.raises(StepError, match="1 of 1 images show no ink"):
        examples.make([blank], np.array([0]), 0, 1)


def test_a_model_is_not_measured_on_what_it_has_learnt(trained: Trained, tmp_path: Path) -> None:
    records = tmp_path / "records"
    rows = dataset.read(trained.data)
    train = dataset.of_part(rows, "train")[0]
    leaked = [*(row for row in rows if row != train), replace(train, part="test")]
    tfrecords.write(trained.data, leaked, {"fingerprints": dataset.fingerprints(trained.data, rows)}, records)
    with pytest.raises(StepError, match=f"has learnt from 1 of the 51 test images, such as {train.image}"):
        judging.evaluate(records, trained.model, *(tmp_path / name for name in ("e", "r", "p.html")))
