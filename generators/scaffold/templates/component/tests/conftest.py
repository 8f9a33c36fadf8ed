"""What the tests of my-pipeline share: the package on the path, and one trained model."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parents[1] / "shared" / "src")]

from my_pipeline.steps import judging, learning, preparing  # noqa: E402  (found by the line above)


@dataclass(frozen=True)
class Trained:
    """The folders that the steps wrote, and the numbers that they returned."""

    data: Path
    model: Path
    evaluation: Path
    metrics: dict[str, float]


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """The real steps on few examples, once for all tests."""
    root = tmp_path_factory.mktemp("trained")
    data, model, evaluation = (root / name for name in ("data", "model", "evaluation"))
    used = preparing.prepare(400, 2.0, 7, data)
    learning.train(data, used, model)
    return Trained(data, model, evaluation, judging.evaluate(data, model, evaluation, root / "page.html"))
