"""What runs to no purpose, or to certain failure, is found at its place; a pipeline that means all it says is not."""

from __future__ import annotations

import pytest

from tests.unit.ir.lint.conftest import ASKED, CHANNEL, HANDLED, INNER, ROOT, SPEC, Lint

CONDITION = "triggerPolicy.condition"
COMPLETED = {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
LOOP = f"{HANDLED}.loop.parameterIterator.items"
OTHER = SPEC["components"]["comp-use"]


def test_a_pipeline_that_means_all_it_says_has_no_problem(found: Lint) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("condition", "is_possible"),
    [
        (f"{ASKED} == 'on'", True),
        (f"{ASKED} == 'on' && {ASKED} == 'half'", False),
        (f"!({ASKED} == 'on') && {ASKED} == 'on'", False),
        (f"!({ASKED} == 'on') && {ASKED} == 'half'", True),
        (f"{ASKED} < 'a' && {ASKED} > 'b'", False),
        (f"{ASKED} > 'a' && {ASKED} < 'b'", True),
        ("1 == 2", False),
        ("false", False),
        ("true", True),
        (f"{ASKED}.startsWith('x') && {ASKED} == 'y'", True),  # not of kfp's making: taken to be possible
    ],
)
def test_a_condition_that_no_value_meets_is_found(found: Lint, condition: str, is_possible: bool) -> None:
    problems = found({f"{HANDLED}.inner.{CONDITION}": condition, f"{INNER}.deep.triggerPolicy": None})

    expected = [] if is_possible else [("invalid", "never", f"{HANDLED}.inner.{CONDITION}")]
    assert [each for each in problems if each[1] != "unused"] == expected


@pytest.mark.parametrize(
    ("condition", "is_possible"), [(f"{ASKED} == 'on'", True), (f"{ASKED} == 'off'", False), (f"{ASKED} != 'on'", True)]
)
def test_conditions_around_it_count(found: Lint, condition: str, is_possible: bool) -> None:
    """`inner` runs where the mode is on or half."""
    problems = found({f"{INNER}.deep.{CONDITION}": condition})

    assert problems == ([] if is_possible else [("invalid", "never", f"{INNER}.deep.{CONDITION}")])


@pytest.mark.parametrize(
    ("value", "is_possible"), [("on", True), ("off", False), ("{{$.inputs.parameters['n']}}", True)]
)
def test_a_constant_counts(found: Lint, value: str, is_possible: bool) -> None:
    given = {"runtimeValue": {"constant": value}}

    problems = found({f"{HANDLED}.inner.inputs.parameters.{CHANNEL}": given})

    assert problems == ([] if is_possible else [("invalid", "never", f"{HANDLED}.inner.{CONDITION}")])


def test_the_values_that_a_parameter_may_have_count(found: Lint) -> None:
    at = "root.inputDefinitions.parameters.mode.literals"

    assert found({at: ["on", "off"]}) == []
    assert found({at: ["off", "none"]}) == [("invalid", "never", f"{HANDLED}.inner.{CONDITION}")]


def test_a_task_that_runs_where_it_is_used_a_second_time_is_none_that_never_runs(found: Lint) -> None:
    second = {
        "componentRef": {"name": "comp-inner"},
        "taskInfo": {"name": "second"},
        "inputs": {
            "parameters": {
                "n": {"runtimeValue": {"constant": 1}},
                CHANNEL: {"runtimeValue": {"constant": "x"}},
            }
        },
    }
    never = {f"{INNER}.deep.{CONDITION}": f"{ASKED} == 'x'"}

    assert found(never) == [("invalid", "never", f"{INNER}.deep.{CONDITION}")]
    assert found({**never, f"{HANDLED}.second": second}) == []


def test_a_loop_over_nothing_is_found(found: Lint) -> None:
    assert found({f"{LOOP}.raw": "[]"}) == [("invalid", "never", LOOP)]


@pytest.mark.parametrize(
    "condition",
    [
        f"{ASKED} == 1",
        f"{ASKED} < 1.5",
        f"{ASKED} == true",
        f"{ASKED} > true || {ASKED} == 'on'",
        f"{ASKED}",
        "'text'",
    ],
)
def test_a_comparison_of_two_types_is_found(found: Lint, condition: str) -> None:
    problems = found({f"{HANDLED}.inner.{CONDITION}": condition})

    assert ("invalid", "condition", f"{HANDLED}.inner.{CONDITION}") in problems


@pytest.mark.parametrize(
    "condition", [f"int({ASKED}) == 1", f"{ASKED} == 1", f"double({ASKED}) >= 0.5", f"{ASKED} < 1.5"]
)
def test_a_number_is_a_double_and_an_integer(found: Lint, condition: str) -> None:
    places = (
        f"components.comp-handled.inputDefinitions.parameters.{CHANNEL}",
        f"components.comp-inner.inputDefinitions.parameters.{CHANNEL}",
        "root.inputDefinitions.parameters.mode",
    )
    kinds = {f"{at}.parameterType": "NUMBER_INTEGER" for at in places}

    assert found({**kinds, f"{HANDLED}.inner.{CONDITION}": condition, f"{INNER}.deep.{CONDITION}": "true"}) == []


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


FUNCTION = """
from kfp.dsl import *
def make(data: Output[Dataset], n: int) -> int:
    {body}
    return n
"""


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("pass", True),
        ("open(data.path, 'w').write('x')", False),
        ("print(locals())", False),
        ("print('data')", True),
        ("def data(): pass", False),
        ("(", False),
    ],
)
def test_an_artifact_that_a_function_never_names_is_a_warning(found: Lint, body: str, is_found: bool) -> None:
    container = {
        "image": "x",
        "command": ["sh", "-c", 'program=$0; python3 -m kfp.dsl.executor_main "$@"', FUNCTION.format(body=body)],
        "args": ["--executor_input", "{{$}}", "--function_to_execute", "make"],
    }

    problems = found({"deploymentSpec.executors.exec-make.container": container})

    at = "components.comp-make.outputDefinitions.artifacts.data"
    assert problems == ([("warning", "artifact", at)] if is_found else [])


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
