"""What runs to no purpose, or to certain failure, is found at its place; a pipeline that means all it says is not."""

from __future__ import annotations

import pytest

from tests.unit.ir.lint.conftest import HANDLED, ROOT, SPEC, Lint

COMPLETED = {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
LOOP = f"{HANDLED}.loop.parameterIterator.items"
OTHER = SPEC["components"]["comp-use"]


def test_a_pipeline_that_means_all_it_says_has_no_problem(found: Lint) -> None:
    assert found() == []


def test_a_loop_over_nothing_is_found(found: Lint) -> None:
    assert found({f"{LOOP}.raw": "[]"}) == [("invalid", "never", LOOP)]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({f"{ROOT}.end.triggerPolicy": None}, ("invalid", "exit", f"{ROOT}.end.inputs.parameters.status")),
        (
            {
                f"{HANDLED}.use.triggerPolicy": COMPLETED,
            },
            ("invalid", "exit", f"{HANDLED}.use.inputs.parameters.n"),
        ),
        ({f"{HANDLED}.make.triggerPolicy": COMPLETED}, ("warning", "exit", f"{HANDLED}.make")),
        ({f"{ROOT}.end": None}, ("invalid", "exit", f"{ROOT}.exit-handler-1")),
        ({f"{ROOT}.end.dependentTasks": None}, ("invalid", "exit", f"{ROOT}.end.inputs.parameters.status")),
    ],
)
def test_an_exit_task_that_cannot_do_its_work_is_found(found: Lint, changes: dict, problem: tuple) -> None:
    assert problem in found(changes)


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({f"{LOOP}.raw": '[1, "two"]'}, f"{LOOP}.raw"),
        (
            {
                LOOP: {"inputParameter": "n"},
                f"{HANDLED}.loop.inputs": {"parameters": {"n": {"componentInputParameter": "n"}}},
                "components.comp-loop.inputDefinitions.parameters.n": {"parameterType": "NUMBER_INTEGER"},
            },
            f"{HANDLED}.loop.inputs.parameters.n",
        ),
    ],
)
def test_a_loop_that_fails_before_its_first_iteration_is_found(found: Lint, changes: dict, at: str) -> None:
    loops = [each for each in found(changes) if each[1] == "loop"]

    assert loops == [("invalid", "loop", at)]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        (
            {"root.inputDefinitions.parameters.extra": {"parameterType": "STRING"}},
            "root.inputDefinitions.parameters.extra",
        ),
        ({"components.comp-extra": OTHER}, "components.comp-extra"),
        (
            {"deploymentSpec.executors.exec-extra": {"container": {"image": "x"}}},
            "deploymentSpec.executors.exec-extra",
        ),
        (
            {"deploymentSpec.executors.exec-make.container.args": ["{{$.outputs.artifacts['data'].path}}"]},
            "components.comp-make.outputDefinitions.parameters.out",
        ),
        (
            {"deploymentSpec.executors.exec-use.container.command": ["use"]},
            "components.comp-use.inputDefinitions.parameters.n",
        ),
        ({f"{HANDLED}.loop.componentRef.name": "comp-use"}, "components.comp-loop"),
        (
            {
                "components.comp-handled.outputDefinitions": {"parameters": {"o": {"parameterType": "NUMBER_INTEGER"}}},
                "components.comp-handled.dag.outputs": {
                    "parameters": {
                        "o": {"valueFromParameter": {"producerSubtask": "make", "outputParameterKey": "out"}}
                    }
                },
            },
            "components.comp-handled.outputDefinitions.parameters.o",
        ),
    ],
)
def test_what_nothing_takes_is_a_warning(found: Lint, changes: dict, at: str) -> None:
    if at == "components.comp-loop":
        changes = {
            **changes,
            f"{HANDLED}.loop.parameterIterator": None,
            f"{HANDLED}.loop.inputs": {"parameters": {"n": {"runtimeValue": {"constant": 1}}}},
        }

    assert found(changes) == [("warning", "unused", at)]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"root.inputDefinitions.parameters.n.literals": [1, 2]},
            ("invalid", "literal", "root.inputDefinitions.parameters.n.defaultValue"),
        ),
        (
            {
                "components.comp-use.inputDefinitions.parameters.n.literals": [1, 2],
                f"{HANDLED}.use.inputs.parameters.n": {"runtimeValue": {"constant": 3}},
            },
            ("invalid", "literal", f"{HANDLED}.use.inputs.parameters.n"),
        ),
        (
            {"components.comp-make.outputDefinitions.parameters.out.parameterType": "STRING"},
            ("warning", "type", f"{HANDLED}.use.inputs.parameters.n"),
        ),
        (
            {
                "components.comp-handled.outputDefinitions": {"parameters": {"o": {"parameterType": "STRING"}}},
                "components.comp-handled.dag.outputs": {
                    "parameters": {
                        "o": {"valueFromParameter": {"producerSubtask": "make", "outputParameterKey": "out"}}
                    }
                },
            },
            ("invalid", "type", "components.comp-handled.dag.outputs.parameters.o"),
        ),
        (
            {
                "components.comp-use.inputDefinitions.artifacts": {
                    "d": {"artifactType": {"schemaTitle": "system.Dataset"}, "isArtifactList": True, "isOptional": True}
                },
                f"{HANDLED}.use.inputs.artifacts": {
                    "d": {"taskOutputArtifact": {"producerTask": "make", "outputArtifactKey": "data"}}
                },
            },
            ("invalid", "type", f"{HANDLED}.use.inputs.artifacts.d"),
        ),
    ],
)
def test_types_agree_along_every_edge(found: Lint, changes: dict, problem: tuple) -> None:
    assert problem in found(changes)


def test_what_another_copy_of_a_nested_pipeline_gives_is_used(found: Lint) -> None:
    """kfp makes a component of each use of a pipeline, and an output need not be used everywhere."""
    gives = {
        "outputDefinitions": {"parameters": {"o": {"parameterType": "NUMBER_INTEGER"}}},
        "dag": {
            "tasks": {"make": SPEC["components"]["comp-handled"]["dag"]["tasks"]["make"]},
            "outputs": {
                "parameters": {"o": {"valueFromParameter": {"producerSubtask": "make", "outputParameterKey": "out"}}}
            },
        },
        "inputDefinitions": {"parameters": {"n": {"parameterType": "NUMBER_INTEGER"}}},
    }
    task = {"inputs": {"parameters": {"n": {"componentInputParameter": "n"}}}}
    changes = {
        "components.comp-gives": gives,
        "components.comp-gives-2": gives,
        f"{HANDLED}.gives": {"componentRef": {"name": "comp-gives"}, "taskInfo": {"name": "gives"}, **task},
        f"{HANDLED}.again": {"componentRef": {"name": "comp-gives-2"}, "taskInfo": {"name": "again"}, **task},
    }
    output = {"taskOutputParameter": {"producerTask": "gives", "outputParameterKey": "o"}}

    assert len(found(changes)) == 2
    assert found({**changes, f"{HANDLED}.use.inputs.parameters.n": output}) == []
