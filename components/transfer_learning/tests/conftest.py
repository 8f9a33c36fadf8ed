"""What the tests of transfer learning share: the package on the path, small data, and one small trained network."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src"), str(HERE.parents[1] / "shared" / "src")]

from transfer_learning.dataset import Data  # noqa: E402  (found by the line above)
from transfer_learning_small import HEAD, Trained, small_data  # noqa: E402


@pytest.fixture(scope="session")
def data() -> Data:
    return small_data()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, data: Data) -> Trained:
    """The real steps on small data, once for all tests."""
    from graft_steps.training import Training
    from transfer_learning import settings
    from transfer_learning.steps import judging, learning

    root = tmp_path_factory.mktemp("trained")
    made = Trained(*(root / name for name in ("data", "backbone", "model", "results", "evaluation", "page.html")), {})
    data.save(made.data)
    how = Training.checked("adam", 0.003, 6, 8, 11)
    origin = learning.pretrain(made.data, "small_cnn", 16, how, made.backbone)
    design = settings.design(16, "features", 1, HEAD)
    made.used.update(learning.train(made.data, made.backbone, origin, design, how, made.model, made.results))
    judging.evaluate(made.data, made.results, made.evaluation, made.page)
    return made


@pytest.fixture(scope="session")
def outcomes(trained: Trained) -> list[dict[str, Any]]:
    return json.loads((trained.results / "results.json").read_text())["outcomes"]
