"""The list of reasons is that of the page, and each is found where it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generators.engines.engine import Unsupported
from generators.engines.vertex import refusals
from generators.ir.definitions import from_text

ROOT = Path(__file__).resolve().parents[4]
(DEFINITION,) = (ROOT / "tests/tiny/definitions/greet").glob("*.json")
CONTAINER = ("deploymentSpec", "executors", "exec-greet", "container")
PARAMETERS = ("root", "inputDefinitions", "parameters")
# where something stands that Vertex AI cannot run, what it is, and the step that it is found at
PLANTED = {
    "claim": [((*CONTAINER, "image"), "argostub/createpvc", "people/greet")],
    "input-artifact": [(("root", "inputDefinitions", "artifacts"), {"data": {}}, "")],
    "machine": [
        ((*CONTAINER, "resources"), {"resourceCpuLimit": "97"}, "people/greet"),
        ((*CONTAINER, "resources"), {"resourceMemoryRequest": "2Gi"}, "people/greet"),
        ((*CONTAINER, "resources"), {"accelerator": {"type": "nvidia.com/gpu", "count": "1"}}, "people/greet"),
    ],
    "name": [(("pipelineInfo", "name"), "Greet everybody", "")],
    "number": [
        ((*PARAMETERS, "times", "defaultValue"), 2**53 + 1, ""),
        ((*PARAMETERS, "people", "defaultValue"), [{"layers": [-(2**53) - 1]}], ""),
    ],
    "platform": [(("components", "comp-greet", "singlePlatformSpecs"), [{"platform": "kubernetes"}], "people/greet")],
    "task-config": [(("components", "comp-greet", "taskConfigPassthroughs"), [{"field": "RESOURCES"}], "people/greet")],
    "variable": [((*CONTAINER, "env"), [{"name": "WHO", "value": ""}], "people/greet")],
}


def _spec() -> dict[str, Any]:
    return json.loads(json.dumps(from_text("greet", DEFINITION.read_text()).spec))


def _planted(path: tuple[str, ...], value: Any) -> tuple[Unsupported, ...]:
    spec = _spec()
    *parents, last = path
    place = spec
    for name in parents:
        place = place[name]
    place[last] = value
    return refusals.of(spec, {})


def test_the_document_has_the_list_of_the_code() -> None:
    text = (ROOT / "docs/vertex.md").read_text("utf-8")

    assert re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", text, re.MULTILINE)[-len(refusals.REASONS) :] == list(
        refusals.REASONS.items()
    )


def test_a_pipeline_with_a_loop_a_branch_and_gathered_outputs_is_accepted() -> None:
    assert refusals.of(_spec(), {}) == ()


def test_every_reason_is_shown_here() -> None:
    assert {*PLANTED, "storage"} == set(refusals.REASONS)


@pytest.mark.parametrize(
    ("reason", "path", "value", "step"),
    [(reason, *each) for reason, planted in PLANTED.items() for each in planted],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_what_cannot_run_is_refused_for_its_reason_at_its_step(
    reason: str, path: tuple[str, ...], value: Any, step: str
) -> None:
    (refused,) = _planted(path, value)

    assert (refused.rule, refused.step, refused.verdict) == (reason, step, "invalid")
    assert refused.message and refused.fix


@pytest.mark.parametrize("value", [2**53, 0.1, True, [1e300], "9007199254740993"])
def test_numbers_that_a_double_holds_are_accepted(value: Any) -> None:
    assert _planted((*PARAMETERS, "times", "defaultValue"), value) == ()


def test_a_job_without_a_bucket_is_refused() -> None:
    (refused,) = refusals.of_start({**_spec(), "defaultPipelineRoot": "s3://x/y"}, {})

    assert (refused.rule, refused.found) == ("storage", "s3://x/y")
    assert list(refusals.of_start({**_spec(), "defaultPipelineRoot": "gs://bucket/y"}, {"times": 2})) == []


def test_a_parameter_of_a_run_that_the_api_does_not_carry_is_refused() -> None:
    (refused,) = refusals.of_start({**_spec(), "defaultPipelineRoot": "gs://bucket/y"}, {"times": 2**53 + 1})

    assert (refused.rule, refused.found) == ("number", str(2**53 + 1))
