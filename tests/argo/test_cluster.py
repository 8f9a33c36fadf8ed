"""Every case ends as expected under Argo's own controller, where there is a cluster with one.

Set GRAFT_ARGO_CLUSTER=1 with KUBECONFIG naming a cluster whose namespace can run workflows, its artifact repository in
the bucket `graft`, and `kubectl` on PATH.
"""

import os

import pytest
from generators.ir.values import conform, kind_of, strict_json

import cluster
import suite

RUNNABLE = [name for name in suite.NAMES if not suite.expected(name).refused]


@pytest.fixture(scope="session")
def argo():
    if not os.environ.get("GRAFT_ARGO_CLUSTER"):
        pytest.skip(f"not run: {len(RUNNABLE)} tests, no cluster with Argo Workflows (GRAFT_ARGO_CLUSTER is not set)")


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_case_ends_as_expected_under_argo(name, argo):
    wanted = suite.expected(name)
    spec, _ = suite.compiled(name)
    ended = cluster.run(suite.converted(name), spec, wanted.parameters)

    assert (ended.phase == "Succeeded") == (wanted.outputs is not None and wanted.failed is None), ended.message
    if wanted.outputs is not None:
        declared = spec["root"].get("outputDefinitions", {}).get("parameters", {})
        values = {name: _value(kind_of(declared[name]), text) for name, text in ended.outputs.items()}
        assert values == wanted.outputs
    assert wanted.pods in (None, ended.pods)
    phases = {path.rpartition(".")[2]: phase for path, phase in ended.steps.items()}
    assert [phases.get(step) for step in wanted.succeeded] == ["Succeeded"] * len(wanted.succeeded)


def _value(kind, text):
    return conform(kind, strict_json(text))
