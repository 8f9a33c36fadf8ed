"""The SavedModel: raw images in, class names out, its preprocessing inside, without any package of ours."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
from data_centric import evaluation, exporting, network, tfrecords
from data_centric.examples import stacked
from data_centric_small import Trained
from graft_steps.models import facts_of
from graft_steps.tensorflow_runtime import tf


def test_it_answers_what_was_measured_and_the_scores_have_names(trained: Trained) -> None:
    _, images, _ = tfrecords.read(trained.records, "test")
    answers, scores = exporting.answers(trained.model, images)
    assert answers.tolist() == evaluation.read(trained.evaluation).answers
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)
    assert facts_of(trained.model)["used"]["network_parameters"] == network.build().count_params() == 232_330


def test_a_larger_colour_image_gets_the_same_answer(trained: Trained) -> None:
    _, images, _ = tfrecords.read(trained.records, "test")
    served = tf.saved_model.load(str(trained.model)).signatures["serving_default"]
    raw = stacked(images[:20])
    colour = np.repeat(np.repeat(np.repeat(raw, 2, axis=1), 2, axis=2), 3, axis=3)
    plain, large = (served(image=tf.constant(each))["class"].numpy() for each in (raw, colour))
    assert (plain == large).mean() > 0.8


def test_mlflow_loads_it_in_a_fresh_process_without_any_package_of_ours(trained: Trained) -> None:
    _, images, _ = tfrecords.read(trained.records, "test")
    np.save(trained.model.parent / "image.npy", images[0][None].astype(np.float32))
    program = (
        "import sys, numpy, mlflow.pyfunc\n"
        "model = mlflow.pyfunc.load_model(sys.argv[1])\n"
        "assert model.metadata.signature.inputs.inputs[0].shape == (-1, -1, -1, -1)\n"
        "assert model.input_example is not None\n"
        "print(model.predict(numpy.load(sys.argv[2]))['class'][0])\n"
        "assert not any(name.startswith(('graft_steps', 'data_centric')) for name in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(trained.model), str(trained.model.parent / "image.npy")],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "TF_CPP_MIN_LOG_LEVEL": "3", "HOME": str(trained.model.parent)},
    )
    assert done.returncode == 0, done.stderr
    found = evaluation.read(trained.evaluation)
    assert done.stdout.strip() == found.classes[found.answers[0]]
