"""A task says what it waits for, what it is given and what it is repeated over, in one way."""

from __future__ import annotations

import pytest

from generators.ir.view import Source, Task


@pytest.mark.parametrize(
    ("tree", "kind", "name"),
    [
        ({"runtimeValue": {"constant": None}}, "constant", ""),
        ({"runtimeValue": {"runtimeParameter": "x"}}, "input", "x"),
        ({"componentInputParameter": "x"}, "input", "x"),
        ({"componentInputArtifact": "x"}, "input", "x"),
        ({"taskOutputArtifact": {"producerTask": "a", "outputArtifactKey": "x"}}, "output", "x"),
        ({"taskFinalStatus": {"producerTask": "a"}}, "status", ""),
        ({}, "nowhere", ""),
    ],
)
def test_a_source_says_where_a_value_comes_from(tree, kind, name):
    source = Source.of(tree)
    assert (source.kind, source.name) == (kind, name)


def test_a_task_waits_for_producers_and_for_those_that_it_names():
    output = {"taskOutputParameter": {"producerTask": "a", "outputParameterKey": "x"}}
    tree = {
        "dependentTasks": ["b"],
        "inputs": {"parameters": {"x": output, "s": {"taskFinalStatus": {"producerTask": "c"}}}},
    }

    assert Task("t", tree).upstream == {"a", "b", "c"}


def test_a_loop_is_over_a_constant_an_input_or_artifacts():
    raw = {"parameterIterator": {"itemInput": "i", "items": {"raw": "[1]"}}}
    over = {"parameterIterator": {"itemInput": "i", "items": {"inputParameter": "x"}}}
    artifacts = {"artifactIterator": {"itemInput": "i", "items": {"inputArtifact": "d"}}}

    assert (Task("t", raw).loop.raw, Task("t", over).loop.over) == ("[1]", "x")
    assert (Task("t", artifacts).loop.over, Task("t", artifacts).loop.group) == ("d", "artifacts")
    assert Task("t", {}).loop is None and not Task("t", {}).is_loop


def test_a_task_without_retries_has_no_policy():
    assert Task("t", {"retryPolicy": {"backoffDuration": "1s"}}).retry is None
    assert Task("t", {"retryPolicy": {"maxRetryCount": "2"}}).retry.count == 2


def test_the_parent_of_branches_has_no_name_in_a_path():
    assert Task("condition-branches-1", {}).is_branching
    assert not Task("condition-1", {}).is_branching
