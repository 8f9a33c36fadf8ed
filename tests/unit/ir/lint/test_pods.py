"""Which pods cannot start or be placed, by what is said of them in different places."""

from __future__ import annotations

import pytest

from tests.unit.ir.lint.conftest import CHANNEL, HANDLED, Lint

RESOURCES = "deploymentSpec.executors.exec-use.container.resources"


@pytest.mark.parametrize(
    ("request_", "limit", "is_found"),
    [
        ("4", "1", True),
        ("1500m", "1", True),
        ("1", "1", False),
        ("500m", "1", False),
        ("{{$.inputs.parameters['n']}}", "1", False),
    ],
)
def test_a_request_beyond_its_limit_is_found(found: Lint, request_: str, limit: str, is_found: bool) -> None:
    problems = found({RESOURCES: {"resourceCpuRequest": request_, "resourceCpuLimit": limit}})

    assert problems == ([("invalid", "resources", f"{RESOURCES}.resourceCpuRequest")] if is_found else [])


def test_memory_is_compared_in_its_units(found: Lint) -> None:
    problems = found({RESOURCES: {"resourceMemoryRequest": "1Gi", "resourceMemoryLimit": "1G"}})

    assert problems == [("invalid", "resources", f"{RESOURCES}.resourceMemoryRequest")]


PODS = "platforms.kubernetes.deploymentSpec.executors.exec-use"


def test_a_variable_that_is_set_twice_is_a_warning(found: Lint) -> None:
    platform = {
        PODS: {
            "secretAsEnv": [{"secretName": "a", "keyToEnv": [{"secretKey": "k", "envVar": "TOKEN"}]}],
            "fieldPathAsEnv": [{"name": "NODE", "fieldPath": "spec.nodeName"}],
        }
    }
    env = "deploymentSpec.executors.exec-use.container.env"

    assert found({env: [{"name": "MODE", "value": "x"}]}, platform) == []
    assert found({env: [{"name": "TOKEN", "value": "x"}]}, platform) == [("warning", "variable", PODS)]


@pytest.mark.parametrize(("values", "is_found"), [(["8"], False), (["many"], True), (["1", "2"], True), ([], True)])
def test_what_is_compared_by_size_is_one_number(found: Lint, values: list[str], is_found: bool) -> None:
    affinity = {"matchExpressions": [{"key": "cores", "operator": "Gt", "values": values}]}
    at = f"{PODS}.nodeAffinity[0].matchExpressions[0].values"

    assert found({}, {PODS: {"nodeAffinity": [affinity]}}) == ([("invalid", "affinity", at)] if is_found else [])


def test_a_path_in_a_workspace_that_there_is_not_is_found(found: Lint) -> None:
    command = "deploymentSpec.executors.exec-use.container.command"
    change = {command: ["use", "{{$.inputs.parameters['n']}}", "{{$.workspace_path}}/x"]}

    assert found(change) == [("invalid", "workspace", f"{command}[2]")]
    assert found(change, {"platforms.kubernetes.pipelineConfig.workspace.size": "1Gi"}) == []


def test_a_workspace_is_asked_for_in_what_a_task_is_given_too(found: Lint) -> None:
    given = {"runtimeValue": {"constant": "{{$.workspace_path}}"}}

    problems = found({f"{HANDLED}.inner.inputs.parameters.{CHANNEL}": given})

    at = f"{HANDLED}.inner.inputs.parameters.{CHANNEL}.runtimeValue.constant"
    assert [each for each in problems if each[1] == "workspace"] == [("invalid", "workspace", at)]
