"""What the tests of text-classifier share: the package on the path, small data, and one trained model."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src"), str(HERE.parents[1] / "shared" / "src")]
sys.path.append(str(HERE.parents[1] / "shared" / "tests"))  # its helper: an endpoint

from kube_api import ApiServer, serving  # noqa: E402  (found by the lines above)
from text_classifier_small import Small, Trained, prepared, trained_on  # noqa: E402


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The fixture's texts, prepared and embedded by the real steps, once for all tests."""
    return prepared(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, small: Small) -> Trained:
    """The real steps on it, once for all tests."""
    return trained_on(small, tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with MLflow's tables, which take seconds to make."""
    from mlflow.tracking import MlflowClient

    file = tmp_path_factory.mktemp("migrated") / "mlflow.db"
    MlflowClient(f"sqlite:///{file}").search_registered_models()
    return file


@pytest.fixture
def variables(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    shutil.copyfile(migrated, tmp_path / "mlflow.db")
    found = {
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db",
        "STORAGE_URI": f"{tmp_path}/store",
        "GRAFT_PIPELINE": "text-classifier",
        "GRAFT_ENVIRONMENT": "local",
        "GRAFT_DEFINITION": "5b1e7d20c9",
        "GRAFT_IMAGE": "text-classifier@sha256:0",
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def api_server() -> Iterator[ApiServer]:
    """A small API server on the loopback that keeps custom objects; a test says what its controllers do."""
    with serving() as server:
        yield server
