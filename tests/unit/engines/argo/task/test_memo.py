"""The cache key covers what a task's outputs depend on."""

from __future__ import annotations

from generators.engines.argo.task import memo
from generators.ir.view import Component, Pod, Task

COMPONENT = {"inputDefinitions": {"parameters": {"a": {}}, "artifacts": {"data": {}}}}
TASK = {"cachingOptions": {"enableCache": True}}


def _key(task, component, executor, pod, extra=()):
    return memo.key(Task("a", task), Component(component), executor, Pod(pod), extra)


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

    found = _key(task, COMPONENT, {"image": "x"}, {}, ["platform-1"])

    assert "inputs.parameters['platform-1']" in found
