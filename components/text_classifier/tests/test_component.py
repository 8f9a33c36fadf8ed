"""The component and its two pipelines as KFP sees them: names, groups and mounts."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

REPOSITORY = Path(__file__).resolve().parents[3]
STEPS = {
    "plan", "prepare", "check", "embed", "search/trials/attempt", "search/pick", "given/keep",
    "distributed/train-distributed", "gpu/train-gpu", "cpu/train-cpu", "evaluate", "gate", "accepted/register",
    "accepted/record", "accepted/deployed/deploy",
}  # fmt: skip
BUILDS = ("text_classifier", "text_classifier_lightweight")
Spec = dict[str, Any]


@pytest.fixture(scope="module", params=BUILDS)
def compiled(request: pytest.FixtureRequest) -> tuple[Spec, Spec]:
    """PipelineSpec and PlatformSpec of one build."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY), *sys.path])
        pipeline = getattr(import_module(f"generators.pipelines.{request.param}"), request.param)
        return MessageToDict(pipeline.pipeline_spec), MessageToDict(pipeline.platform_spec)


def leaves(spec: Spec, dag: Spec, path: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    """Every step with its path; the groups around the branches of a condition have no part of it."""
    found = []
    for task in dag["tasks"].values():
        name, component = task["taskInfo"]["name"], spec["components"][task["componentRef"]["name"]]
        here = path if name.startswith("condition-branches") else (*path, name)
        found += leaves(spec, component["dag"], here) if "dag" in component else [("/".join(here), task)]
    return found


def test_every_step_has_the_path_that_overlays_name(compiled: tuple[Spec, Spec]) -> None:
    spec, _ = compiled
    assert {path for path, _ in leaves(spec, spec["root"]["dag"])} == STEPS


def test_one_metrics_step_and_one_deploy_step_follow_the_three_branches(compiled: tuple[Spec, Spec]) -> None:
    spec, _ = compiled
    (branches,) = [
        component["dag"]
        for component in spec["components"].values()
        if any(name.startswith("condition-") for name in component.get("dag", {}).get("tasks", {}))
        and "model" in str(component["dag"].get("outputs"))
        and len(component["dag"]["tasks"]) == 3
    ]
    (selected,) = branches["outputs"]["artifacts"].values()
    assert len(selected["artifactSelectors"]) == 3
    paths = [path for path, _ in leaves(spec, spec["root"]["dag"]) if path.endswith(("evaluate", "deploy"))]
    assert sorted(paths) == ["accepted/deployed/deploy", "evaluate"]


def test_the_loop_of_the_search_runs_two_at_once(compiled: tuple[Spec, Spec]) -> None:
    spec, _ = compiled
    loops = [
        task["iteratorPolicy"]
        for component in spec["components"].values()
        for task in component.get("dag", {}).get("tasks", {}).values()
        if "parameterIterator" in task
    ]
    assert loops == [{"parallelismLimit": 2}]


def test_only_the_distributed_training_mounts_the_claim(compiled: tuple[Spec, Spec]) -> None:
    _, platform = compiled
    executors = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    mounts = {name: found["pvcMount"] for name, found in executors.items() if "pvcMount" in found}
    assert list(mounts) == ["exec-train-distributed"]
    (mount,) = mounts["exec-train-distributed"]
    assert mount["mountPath"] == "/workdir" and "workdir" in mount["pvcNameParameter"]["componentInputParameter"]
