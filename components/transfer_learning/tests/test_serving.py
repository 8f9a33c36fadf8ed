"""The SavedModel: raw images in, class names out, the same as the network in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
from graft_steps.models import facts_of
from graft_steps.tensorflow_runtime import tf
from transfer_learning.dataset import Data
from transfer_learning.serving import classify
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
    facts = facts_of(trained.model)
    assert set(data.draws[0].train.fingerprints()) < set(facts["seen"])
    assert not set(data.draws[0].test.fingerprints()) & set(facts["seen"])
    assert facts["used"] == trained.used


def test_mlflow_loads_it_in_a_fresh_process_without_any_package_of_ours(trained: Trained, data: Data) -> None:
    image = data.draws[0].test.images[0]
    np.save(trained.model.parent / "image.npy", image[None].astype(np.float32))
    program = (
        "import sys, numpy, mlflow.pyfunc\n"
        "model = mlflow.pyfunc.load_model(sys.argv[1])\n"
        "assert model.metadata.signature.inputs.input_names() and model.input_example is not None\n"
        "print(model.predict(numpy.load(sys.argv[2]))['class'][0])\n"
        "assert not any(name.startswith(('graft_steps', 'transfer_learning')) for name in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(trained.model), str(trained.model.parent / "image.npy")],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "TF_CPP_MIN_LOG_LEVEL": "3", "HOME": str(trained.model.parent)},
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == classify(trained.model, [image])[0]
