"""The SavedModel: raw images in, class names out, the same as the network in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from transfer_learning.dataset import Data
from transfer_learning.runtime import tf
from transfer_learning.serving import classify, read_facts
from transfer_learning_small import Trained


def test_raw_images_give_the_class_names_that_were_measured(
    trained: Trained, data: Data, outcomes: list[dict[str, Any]]
) -> None:
    test = data.draws[0].test
    expected = [test.classes[label] for label in outcomes[0]["transfer"]["test"]]
    assert classify(trained.model, test.images) == expected


def test_every_score_has_its_name_and_they_add_up_to_one(trained: Trained, data: Data) -> None:
    test = data.draws[0].test
    served = tf.saved_model.load(str(trained.model)).signatures["serving_default"]
    answer = served(image=tf.constant(np.stack(test.images[:4])))
    assert [[name.decode() for name in row] for row in answer["classes"].numpy()] == [list(test.classes)] * 4
    np.testing.assert_allclose(answer["scores"].numpy().sum(axis=1), 1, rtol=1e-5)
    best = answer["scores"].numpy().argmax(axis=1)
    assert [name.decode() for name in answer["class"].numpy()] == [test.classes[label] for label in best]


def test_images_of_any_size_are_taken(trained: Trained) -> None:
    assert len(classify(trained.model, [np.zeros((40, 25, 1)), np.zeros((7, 7, 1))])) == 2


def test_the_model_says_what_it_has_learnt_from(trained: Trained, data: Data) -> None:
    facts = read_facts(trained.model)
    assert set(data.draws[0].train.fingerprints()) < set(facts["seen"])
    assert not set(data.draws[0].test.fingerprints()) & set(facts["seen"])
    assert facts["used"] == trained.used
