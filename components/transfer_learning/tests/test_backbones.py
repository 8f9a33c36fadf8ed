"""Backbones: pretrained for real, refused where they learnt nothing, imported with clear limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from graft_steps.training import Training
from transfer_learning import backbones
from transfer_learning.dataset import Data
from transfer_learning_small import Trained


def test_pretraining_beats_the_majority_class_on_recordings_held_out(trained: Trained) -> None:
    assert trained.used["source_accuracy"] > 0.5
    assert trained.used["source_accuracy_n"] == 12  # a fifth of 64


def test_a_backbone_that_learnt_nothing_is_refused(data: Data) -> None:
    shuffled = replace(data.source, labels=np.random.default_rng(0).permutation(data.source.labels))
    with pytest.raises(StepError, match=r"the backbone learnt nothing: .* Set more pretrain_epochs"):
        backbones.pretrain(
            replace(data, source=shuffled), "small_cnn", 16, Training.checked("adam", 1e-3, 1, 8, 1), print
        )


def test_an_imported_file_is_read_as_it_is(trained: Trained) -> None:
    file = trained.backbone / backbones.FILE
    assert backbones.load(file, 16, 1).name == backbones.load(trained.backbone, 16, 1).name == "small_cnn"


def test_an_imported_backbone_of_another_size_names_the_size_to_set(trained: Trained) -> None:
    with pytest.raises(StepError, match=r"takes \(16, 16, 1\), but .*Set input_size to 16"):
        backbones.load(trained.backbone, 32, 1)


def test_what_is_not_a_keras_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepError, match="does not exist"):
        backbones.load(tmp_path / "missing.keras", 16, 1)
    (tmp_path / "bad.keras").write_text("no model")
    with pytest.raises(StepError, match=r"bad\.keras cannot be read as a Keras model"):
        backbones.load(tmp_path / "bad.keras", 16, 1)


def test_imagenet_weights_that_are_not_in_the_image_are_not_downloaded(
    data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(StepError, match=r"MobileNetV2 are not in the image .* to the URI of a"):
        backbones.imagenet(data, "MobileNetV2", 32)


def test_imagenet_weights_of_another_network_are_not_taken_for_them(
    data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5").touch()
    with pytest.raises(StepError, match="ResNet50 are not in the image"):
        backbones.imagenet(data, "ResNet50", 32)


def test_the_small_network_has_no_imagenet_weights(data: Data) -> None:
    with pytest.raises(StepError, match="no ImageNet weights for 'small_cnn'"):
        backbones.imagenet(data, "small_cnn", 32)
