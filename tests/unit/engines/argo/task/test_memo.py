"""The cache key covers what a task's outputs depend on."""

from __future__ import annotations

import pytest

from generators.engines.argo.task import memo
from generators.ir.view import Component, Pod, Task

COMPONENT = {"inputDefinitions": {"parameters": {"a": {}}, "artifacts": {"data": {}}}}
TASK = {"cachingOptions": {"enableCache": True}}


EXECUTOR = {"image": "x", "command": ["a"], "env": [{"name": "A", "value": "1"}]}
POD = {"secretAsEnv": [{"secretName": "s"}]}
OUTPUTS = {"parameters": {"b": {"parameterType": "STRING"}}}


def _key(task, component, executor, pod, extra=(), root="s3://bucket/p"):
    told = Task("a", task), Component(component)
    fixed = memo.digest(*told, executor, Pod(pod), root)
    return memo.key(*told, fixed, extra) if fixed else ""


def _with(executor=None, pod=None, outputs=None, root="s3://bucket/p"):
    component = {**COMPONENT, "outputDefinitions": outputs or OUTPUTS}
    return _key(TASK, component, EXECUTOR | (executor or {}), POD | (pod or {}), root=root)


def _variables(**values):
    return {"env": [{"name": name, "value": value} for name, value in values.items()]}


@pytest.mark.parametrize(
    "changed",
    [
        {"executor": {"image": "y"}},
        {"executor": {"command": ["b"]}},
        {"executor": {"resources": {"resourceCpuLimit": "2"}}},
        {"executor": _variables(A="2")},
        {"executor": _variables(A="1", B="")},
        {"pod": {"secretAsEnv": [{"secretName": "t"}]}},
        {"pod": {"nodeSelector": {"labels": {"pool": "gpu"}}}},
        {
            "pod": {
                "podMetadata": {"labels": {"a": "b"}},
                "fieldPathAsEnv": [{"name": "L", "fieldPath": "metadata.labels['a']"}],
            }
        },
        {"outputs": {"parameters": {"b": {"parameterType": "LIST"}}}},
        {"root": "s3://other/p"},
    ],
)
def test_what_can_change_a_result_is_in_the_key(changed):
    assert _with(**changed) != _with()


@pytest.mark.parametrize(
    "changed",
    [
        {"executor": _variables(A="1", GRAFT_DEFINITION="4dbb8e3ec3")},
        {"executor": _variables(A="1", GRAFT_PIPELINE="p", GRAFT_ENVIRONMENT="prod", GRAFT_IMAGE="i")},
        {"pod": {"podMetadata": {"labels": {"team": "b"}, "annotations": {"a": "b"}}}},
        {"pod": {"activeDeadlineSeconds": "60"}},
        {"pod": {"imagePullPolicy": "Always", "imagePullSecret": [{"secretName": "p"}]}},
        {"outputs": {"parameters": {"b": {"parameterType": "STRING", "description": "what it is"}}}},
    ],
)
def test_what_cannot_change_a_result_is_not_in_the_key(changed):
    assert _with(**changed) == _with()


def test_a_task_without_caching_has_no_key():
    assert _key({}, COMPONENT, {"image": "x"}, {}) == ""


def test_the_key_changes_with_executor_pod_and_outputs():
    keys = {
        _key(TASK, COMPONENT, {"image": "x"}, {}),
        _key(TASK, COMPONENT, {"image": "y"}, {}),
        _key(TASK, COMPONENT, {"image": "x", "env": [{"name": "A", "value": "1"}]}, {}),
        _key(TASK, COMPONENT, {"image": "x"}, {"secretAsEnv": [{"secretName": "s"}]}),
        _key(TASK, {**COMPONENT, "outputDefinitions": {"parameters": {"b": {}}}}, {"image": "x"}, {}),
    }

    assert len(keys) == 5


def test_the_key_reads_every_parameter_and_artifact():
    key = _key(TASK, COMPONENT, {}, {})

    assert "inputs.parameters['a']" in key
    assert "fromJSON(inputs.parameters['data']" in key and "cacheKey ?? toJson" in key


def test_a_key_of_the_author_s_own_is_the_whole_key():
    task = {"cachingOptions": {"enableCache": True, "cacheKey": "mine {{x}}"}}

    assert _key(task, COMPONENT, {"image": "x"}, {}) == _key(task, {}, {"image": "y"}, {})


def test_the_cache_belongs_to_the_task_and_its_name_fits():
    made = memo.memoize("'x'", "p" * 80, "task")

    assert made["key"] == "{{='x'}}"
    assert len(made["cache"]["configMap"]["name"]) <= 63


def test_what_another_task_decides_of_the_pod_is_in_the_key():
    task = {"cachingOptions": {"enableCache": True}}

    found = _key(task, COMPONENT, {"image": "x"}, {}, ["graft-platform-1"])

    assert "inputs.parameters['graft-platform-1']" in found
