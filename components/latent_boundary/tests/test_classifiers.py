"""Classifiers: attributes are read from pixels, by templates and by a Keras network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from graft_steps.checks import StepError
from latent_boundary import classifiers
from latent_boundary.linear import Linear
from latent_boundary.templates import Templates

NAMES = ["smile", "glasses", "hair", "beard"]


@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("name", NAMES)
def test_a_score_rises_along_its_attribute(name: str, size: int) -> None:
    generator = Linear(size)
    direction = generator.planted[name]
    pictures = np.array(list(generator.pictures(np.array([step * direction for step in (-2, -1, 0, 1, 2)]))))
    scores = Templates(size, [name]).scores(pictures)[:, 0]
    assert (np.diff(scores) > 0.05).all()
    assert scores[2] == pytest.approx(0.5, abs=0.02)


def test_scores_are_columns_in_the_order_that_was_asked_for() -> None:
    generator = Linear(32)
    pictures = np.array(list(generator.pictures(generator.latents(range(5)))))
    both, swapped = (Templates(32, names).scores(pictures) for names in (["smile", "hair"], ["hair", "smile"]))
    np.testing.assert_array_equal(both, swapped[:, ::-1])


def test_a_picture_without_a_face_has_no_valid_score() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (1, 32, 32, 3), np.uint8)
    grey = np.full((1, 32, 32, 3), 128, np.uint8)
    scores = Templates(32, NAMES).scores(np.concatenate([noise // 8 + 100, grey]))
    assert scores.shape == (2, 4) and np.isnan(scores).all()


@pytest.mark.parametrize(
    ("name", "attributes", "message"),
    [("template", ["smile"], "did you mean 'templates'"), ("templates", ["smil"], "did you mean 'smile'"),
     ("/nowhere/at/all", ["smile"], "does not exist")],
)  # fmt: skip
def test_what_is_not_known_is_refused(name: str, attributes: list[str], message: str) -> None:
    with pytest.raises(StepError, match=message), classifiers.opened(name, 32, attributes):
        pass


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Keras network that answers the mean of red, and that of blue, as scores."""
    from graft_steps.tensorflow_runtime import keras

    folder = tmp_path_factory.mktemp("network")
    pixels = keras.Input((32, 32, 3))
    means = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 255)(pixels))
    chosen = keras.layers.Dense(2, use_bias=False, kernel_initializer=keras.initializers.Identity())
    both = keras.Model(pixels, chosen(means))
    chosen.set_weights([np.array([[1, 0], [0, 0], [0, 1]], np.float32)])
    both.save(folder / classifiers.NETWORK)
    (folder / classifiers.NAMES).write_text('["red", "blue"]')
    return folder


def test_a_keras_network_scores_pictures_by_the_names_of_its_outputs(network: Path) -> None:
    pictures = np.zeros((2, 32, 32, 3), np.uint8)
    pictures[0, ..., 0], pictures[1, ..., 2] = 255, 51
    with classifiers.opened(str(network), 32, ["blue", "red"]) as classifier:
        np.testing.assert_allclose(classifier.scores(pictures), [[0, 1], [0.2, 0]], atol=1e-4)


def test_a_network_is_refused_that_does_not_know_an_attribute_or_names_too_few(network: Path, tmp_path: Path) -> None:
    with pytest.raises(StepError, match="'green' is not known"), classifiers.opened(str(network), 32, ["green"]):
        pass
    (tmp_path / classifiers.NAMES).write_text(json.dumps(["red"]))
    (tmp_path / classifiers.NETWORK).write_bytes((network / classifiers.NETWORK).read_bytes())
    with pytest.raises(StepError, match=r"answers \(2,\), but attributes.json names 1"):
        classifiers.Network(tmp_path, ["red"])


@pytest.mark.parametrize("text", [None, "{}", "[]", "[1]", "[", '{"a": 1}'])
def test_a_folder_without_a_list_of_names_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / classifiers.NAMES).write_text(text)
    with pytest.raises(StepError, match=r"attributes\.json (cannot be read|is not a list)"):
        classifiers.Network(tmp_path, ["red"])


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    (tmp_path / classifiers.NAMES).write_text('["red"]')
    (tmp_path / classifiers.NETWORK).write_text("cut off")
    with pytest.raises(StepError, match="cannot be read as a Keras model"):
        classifiers.Network(tmp_path, ["red"])
