"""What the tests of operations share: the package on the path, KFP's server, and GitHub's."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

import github_server  # noqa: E402  (found by the line above)
import kfp_server  # noqa: E402
import kfp_state  # noqa: E402
from operations import github, kubeflow_api  # noqa: E402
from operations_servers import PATH, Served  # noqa: E402


@pytest.fixture
def kfp(tmp_path: Path) -> Iterator[Served]:
    """KFP's API in multi-user mode, with a pipeline of two versions in the namespace `ml`."""
    file = tmp_path / "kfp.json"
    pipeline = kfp_state.pipeline("ml", "churn", churn_1="uid-1", churn_2="uid-2")
    kfp_state.save(file, kfp_state.state(pipelines=[pipeline]))
    served = Served(kfp_server.serve(0, file), file)
    yield served
    served.server.shutdown()


@pytest.fixture
def api(kfp: Served) -> kubeflow_api.KubeflowApi:
    """A client of it."""
    return kubeflow_api.connect(kfp.url, "ml", None, 5)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Served]:
    """GitHub, and a repository whose newest commit has left the file as the one before."""
    try:
        github_server.description()
    except github_server.NotAvailable as missing:
        pytest.skip(f"not run: {missing}")
    file = tmp_path / "github.json"
    contents = ("churn-2222222222", "churn-2222222222", "churn-1111111111")
    commits = [(letter * 40, {PATH: f"  name: {text}\n"}) for letter, text in zip("cba", contents, strict=True)]
    file.write_text(json.dumps(github_server.state(*commits)))
    served = Served(github_server.serve(0, file), file)
    yield served
    served.server.shutdown()


@pytest.fixture
def repository(forge: Served) -> github.GitHub:
    """A client of it, with a token."""
    return github.connect(f"{forge.url}/repos/acme/fleet", "secret", 20)
