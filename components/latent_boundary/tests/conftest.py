"""What the tests of latent-boundary share: the package on the path, and one small run of the real steps."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src"), str(HERE.parents[1] / "shared" / "src")]

from latent_boundary.dataset import Dataset, load  # noqa: E402  (found by the line above)
from latent_boundary_small import Run, run, sampled  # noqa: E402


@pytest.fixture(scope="session")
def shard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The folders of one small shard: pictures, latent codes and scores, made by the command lines."""
    return sampled(tmp_path_factory.mktemp("shard"), "350000-350119")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of all steps before the gate, in four shards."""
    return run(tmp_path_factory.mktemp("finished"), shards=4)


@pytest.fixture(scope="session")
def data(finished: Run) -> Dataset:
    return load(finished.data)
