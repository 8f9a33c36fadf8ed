"""A small sound pipeline, and a way to break it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

SPEC: dict[str, Any] = {
    "pipelineInfo": {"name": "small"},
    "schemaVersion": "2.1.0",
    "deploymentSpec": {
        "executors": {
            "exec-a": {"container": {"image": "x", "command": ["a"]}},
            "exec-b": {"container": {"image": "x"}},
        }
    },
    "components": {
        "comp-a": {"executorLabel": "exec-a", "outputDefinitions": {"parameters": {"out": {"parameterType": "LIST"}}}},
        "comp-b": {
            "executorLabel": "exec-b",
            "inputDefinitions": {"parameters": {"x": {"parameterType": "LIST"}}},
        },
    },
    "root": {
        "inputDefinitions": {"parameters": {"n": {"parameterType": "NUMBER_INTEGER", "defaultValue": 3}}},
        "dag": {
            "tasks": {
                "a": {"componentRef": {"name": "comp-a"}, "taskInfo": {"name": "a"}},
                "b": {
                    "componentRef": {"name": "comp-b"},
                    "taskInfo": {"name": "b"},
                    "inputs": {
                        "parameters": {"x": {"taskOutputParameter": {"producerTask": "a", "outputParameterKey": "out"}}}
                    },
                },
            }
        },
    },
}


@pytest.fixture
def broken() -> Callable[..., dict[str, Any]]:
    """The pipeline with a value at a dotted path, made where it is not there."""

    def changed(path: str, value: Any) -> dict[str, Any]:
        spec = copy.deepcopy(SPEC)
        place, keys = spec, path.split(".")
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
        return spec

    return changed
