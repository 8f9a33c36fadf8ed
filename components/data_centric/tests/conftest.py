"""What the tests of data-centric share: the package on the path, the fixture, and one small trained run."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

os.environ.setdefault("DVC_NO_ANALYTICS", "true")  # also in the processes that the tests start
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src"), str(HERE.parents[1] / "shared" / "src")]
sys.path.append(str(HERE.parents[1] / "shared" / "tests"))  # its helpers: a real S3 server

from data_centric import fixture  # noqa: E402  (found by the lines above)
from data_centric_small import Trained, part_of, run  # noqa: E402


@pytest.fixture(scope="session")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of both versions, written without DVC."""
    folder = tmp_path_factory.mktemp("fixtures")
    for version in fixture.VERSIONS:
        fixture.write(version, folder / version)
    return {version: folder / version for version in fixture.VERSIONS}


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, fixtures: dict[str, Path]) -> Path:
    """A part of v2 that trains in seconds."""
    return part_of(fixtures["v2"], tmp_path_factory.mktemp("small") / "data", 12, 4, 5)


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    """A copy of the small version that a test may change."""
    return Path(shutil.copytree(small, tmp_path / "copy"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Trained:
    """The real steps on the small data, once for all tests."""
    return run(small, tmp_path_factory.mktemp("trained"))


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment with a database and a store of its own."""
    found = {
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db",
        "STORAGE_URI": f"{tmp_path}/store",
        "GRAFT_PIPELINE": "data-centric",
        "GRAFT_ENVIRONMENT": "local",
        "GRAFT_DEFINITION": "5b1e7d20c9",
        "GRAFT_IMAGE": "data-centric@sha256:0",
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found
