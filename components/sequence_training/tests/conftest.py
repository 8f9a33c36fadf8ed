"""What the tests of sequence training share: the package on the path, a short series, and one trained model."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src"), str(HERE.parents[1] / "shared" / "src")]
sys.path.append(str(HERE.parents[1] / "shared" / "tests"))  # its helpers: a real S3 server, an endpoint

from sequence_training import oscillators, series  # noqa: E402  (found by the lines above)
from sequence_training.series import Series  # noqa: E402
from sequence_training_small import ORIGIN, ROWS, Trained, document  # noqa: E402


@pytest.fixture(scope="session")
def short() -> Series:
    return oscillators.clean(3, ROWS)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, short: Series) -> Trained:
    """The real steps on the short series, once for all tests."""
    from sequence_training.steps import judging, learning

    root = tmp_path_factory.mktemp("trained")
    made = Trained(*(root / name for name in ("data", "model", "evaluation", "page.html")), {}, {})
    series.write(short, made.data)
    made.used.update(learning.train(made.data, ORIGIN, document(), made.model))
    made.metrics.update(judging.evaluate(made.data, made.model, None, made.evaluation, made.page))
    return made
