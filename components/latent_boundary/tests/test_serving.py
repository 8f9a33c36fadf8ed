"""The model: latent codes, an attribute and a distance in, edited latent codes out, with NumPy alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from graft_steps.models import facts_of
from latent_boundary import model
from latent_boundary.dataset import Dataset
from latent_boundary.loaders.graft_latent_edit import LatentEditor
from latent_boundary_small import Run

PROGRAM = """
import json, sys
import mlflow.pyfunc
model = mlflow.pyfunc.load_model(sys.argv[1])
assert model.metadata.signature.inputs.input_names() == ["latent", "attribute", "distance"]
table = model.input_example
print(json.dumps(model.predict(table).tolist()))
assert not any(name.startswith(("graft_steps", "latent_boundary", "tensorflow", "sklearn")) for name in sys.modules)
"""


def test_every_row_lies_at_its_distance_along_its_own_attribute(finished: Run, data: Dataset) -> None:
    known, editor = model.load(finished.directions), LatentEditor(finished.directions)
    table = model.edits(data.latents[:4], "smile", [-3, 0, 1, 3])
    table.loc[1, "attribute"] = "hair"
    found = editor.predict(table)
    assert (found.shape, found.dtype) == ((4, 64), np.float32)
    own = known.conditional[[0, 2, 0, 0]]
    np.testing.assert_allclose((found * own).sum(axis=1), [-3, 0, 1, 3], atol=1e-5)
    others = known.boundaries[1]  # no edit changes the distance to the boundary of glasses
    np.testing.assert_allclose(found @ others, data.latents[:4] @ others, atol=1e-4)


@pytest.mark.parametrize(
    ("attribute", "length", "message"),
    [("smil", 64, "smil is not known; allowed: smile, glasses"), ("smile", 9, "every code must have 64 values")],
)
def test_what_it_does_not_know_is_refused(finished: Run, attribute: str, length: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LatentEditor(finished.directions).predict(model.edits([np.zeros(length)], attribute, [1.0]))


def test_it_says_what_it_was_trained_on(finished: Run, data: Dataset) -> None:
    facts = facts_of(finished.directions)
    assert (facts["data_digest"], facts["images"], facts["generator"]) == (data.digest(), 3000, "linear")
    assert 63 < len(facts["trained_on"]) <= 3 * 2 * 63


def test_mlflow_loads_it_in_a_fresh_process_without_any_package_of_ours(finished: Run, data: Dataset) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(finished.directions)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(finished.directions.parent)},
    )

    assert done.returncode == 0, done.stderr
    expected = LatentEditor(finished.directions).predict(model.edits(data.latents[:1], "smile", [2.0]))
    np.testing.assert_allclose(np.array(json.loads(done.stdout)), expected, rtol=1e-5)
