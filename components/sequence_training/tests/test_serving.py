"""The model as others use it: by MLflow in a fresh process, and over HTTP, always in the data's own units."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from endpoints import serving
from sequence_training import exporting, networks
from sequence_training.series import Series
from sequence_training_small import Trained


def test_the_savedmodel_answers_as_the_network_with_its_scaler_does(trained: Trained, short: Series) -> None:
    window = short.values[None, :100]
    scaler = exporting.scaler(trained.model)
    network = networks.load(trained.model / exporting.WEIGHTS, 1)
    expected = networks.predicted(network, scaler.scaled(window)) * scaler.deviation + scaler.mean
    np.testing.assert_allclose(exporting.served(trained.model, window), expected, rtol=1e-5)


def test_mlflow_loads_it_in_a_fresh_process_without_any_package_of_ours(
    trained: Trained, short: Series, tmp_path: Path
) -> None:
    window = short.values[None, :100].astype(np.float32)
    np.save(tmp_path / "window.npy", window)
    program = (
        "import json, sys, numpy, mlflow.pyfunc\n"
        "model = mlflow.pyfunc.load_model(sys.argv[1])\n"
        "assert model.metadata.signature.inputs.inputs[0].shape == (-1, 100, 3) and model.input_example is not None\n"
        "print(json.dumps(model.predict(numpy.load(sys.argv[2]))['next'].tolist()))\n"
        "assert not any(name.startswith(('graft_steps', 'sequence_training')) for name in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(trained.model), str(tmp_path / "window.npy")],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "TF_CPP_MIN_LOG_LEVEL": "3", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(json.loads(done.stdout), exporting.served(trained.model, window), rtol=1e-5)


def test_the_endpoint_answers_a_window_and_refuses_what_is_none(
    trained: Trained, short: Series, tmp_path: Path
) -> None:
    window = short.values[None, :100]
    with serving("sequence-training", str(trained.model), tmp_path / "log") as endpoint:
        status, answer = endpoint.ask(window.tolist())
        assert (status, answer["status"]) == (200, "success")
        np.testing.assert_allclose(answer["value"]["next"], exporting.served(trained.model, window), rtol=1e-5)
        assert endpoint.post(b"{}")[0] == 400
        assert endpoint.post(b"{")[0] == 400
        assert endpoint.ask([[1, 2, 3]])[0] == 422
        assert endpoint.ask(window[:, :50].tolist())[0] == 422
