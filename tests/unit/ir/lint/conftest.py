"""A pipeline in which every value is used, with a loop, conditions and an exit task, and a way to change it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from generators.inventory.paths import format_path, parse_path
from generators.ir import lint, validate


def _parameter(kind: str, **more: Any) -> dict[str, Any]:
    return {"parameterType": kind, **more}


def _task(component: str, **more: Any) -> dict[str, Any]:
    return {"componentRef": {"name": f"comp-{component}"}, "taskInfo": {"name": component}, **more}


def _given(**sources: Any) -> dict[str, Any]:
    return {"parameters": {name.replace("__", "--"): source for name, source in sources.items()}}


def _output(task: str, name: str) -> dict[str, Any]:
    return {"taskOutputParameter": {"producerTask": task, "outputParameterKey": name}}


def _input(name: str) -> dict[str, Any]:
    return {"componentInputParameter": name}


CHANNEL = "pipelinechannel--mode"
ASKED = f"inputs.parameter_values['{CHANNEL}']"
SPEC: dict[str, Any] = {
    "pipelineInfo": {"name": "whole"},
    "schemaVersion": "2.1.0",
    "deploymentSpec": {
        "executors": {
            "exec-make": {
                "container": {
                    "image": "x",
                    "command": ["make", "{{$.inputs.parameters['n']}}"],
                    "args": ["{{$.outputs.parameters['out'].output_file}}", "{{$.outputs.artifacts['data'].path}}"],
                }
            },
            "exec-use": {"container": {"image": "x", "command": ["use", "{{$.inputs.parameters['n']}}"]}},
            "exec-end": {"container": {"image": "x", "command": ["end", "{{$.inputs.parameters['status']}}"]}},
        }
    },
    "components": {
        "comp-make": {
            "executorLabel": "exec-make",
            "inputDefinitions": {"parameters": {"n": _parameter("NUMBER_INTEGER", defaultValue=1)}},
            "outputDefinitions": {
                "parameters": {"out": _parameter("NUMBER_INTEGER")},
                "artifacts": {"data": {"artifactType": {"schemaTitle": "system.Dataset", "schemaVersion": "0.0.1"}}},
            },
        },
        "comp-use": {
            "executorLabel": "exec-use",
            "inputDefinitions": {"parameters": {"n": _parameter("NUMBER_INTEGER")}},
        },
        "comp-end": {
            "executorLabel": "exec-end",
            "inputDefinitions": {"parameters": {"status": _parameter("TASK_FINAL_STATUS", isOptional=True)}},
        },
        "comp-loop": {
            "dag": {"tasks": {"each": _task("use", inputs=_given(n=_input("item")))}},
            "inputDefinitions": {"parameters": {"item": _parameter("NUMBER_INTEGER")}},
        },
        "comp-inner": {
            "dag": {
                "tasks": {
                    "deep": _task(
                        "use",
                        inputs=_given(n=_input("n"), pipelinechannel__mode=_input(CHANNEL)),
                        triggerPolicy={"condition": f"{ASKED} != 'off'"},
                    )
                }
            },
            "inputDefinitions": {"parameters": {"n": _parameter("NUMBER_INTEGER"), CHANNEL: _parameter("STRING")}},
        },
        "comp-handled": {
            "dag": {
                "tasks": {
                    "make": _task("make", inputs=_given(n=_input("n"))),
                    "use": _task("use", inputs=_given(n=_output("make", "out"))),
                    "loop": _task(
                        "loop",
                        parameterIterator={"itemInput": "item", "items": {"raw": "[1, 2]"}},
                    ),
                    "inner": _task(
                        "inner",
                        inputs=_given(n=_output("make", "out"), pipelinechannel__mode=_input(CHANNEL)),
                        triggerPolicy={"condition": f"{ASKED} == 'on' || {ASKED} == 'half'"},
                    ),
                }
            },
            "inputDefinitions": {"parameters": {"n": _parameter("NUMBER_INTEGER"), CHANNEL: _parameter("STRING")}},
        },
    },
    "root": {
        "inputDefinitions": {
            "parameters": {"n": _parameter("NUMBER_INTEGER", defaultValue=3), "mode": _parameter("STRING")}
        },
        "dag": {
            "tasks": {
                "exit-handler-1": _task("handled", inputs=_given(n=_input("n"), pipelinechannel__mode=_input("mode"))),
                "end": _task(
                    "end",
                    dependentTasks=["exit-handler-1"],
                    inputs=_given(status={"taskFinalStatus": {"producerTask": "exit-handler-1"}}),
                    triggerPolicy={"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"},
                ),
            }
        },
    },
}
HANDLED, INNER, ROOT = "components.comp-handled.dag.tasks", "components.comp-inner.dag.tasks", "root.dag.tasks"
Lint = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture
def found() -> Lint:
    """(verdict, rule, path) of what is found once values at paths are replaced, or removed by None."""

    def linted(
        changes: dict[str, Any] | None = None, platform: dict[str, Any] | None = None
    ) -> list[tuple[str, str, str]]:
        spec, beside = copy.deepcopy(SPEC), {}
        _change(spec, changes or {})
        _change(beside, platform or {})
        assert validate.problems(spec, beside) == []
        return [(each.verdict, each.rule, format_path(each.path)) for each in lint.problems(spec, beside)]

    return linted


def _change(tree: dict[str, Any], changes: dict[str, Any]) -> None:
    for path, value in changes.items():
        *way, last = parse_path(path)
        place = tree
        for key in way:
            place = place.setdefault(key, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
