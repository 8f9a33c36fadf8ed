"""The component and its pipeline as KFP sees them: names, kinds and loops."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

COMPONENT = Path(__file__).resolve().parents[1]
REPOSITORY = COMPONENT.parents[1]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY), *sys.path])
        from generators.pipelines.latent_boundary import latent_boundary

        assert not MessageToDict(latent_boundary.platform_spec)  # Vertex AI takes none
        return MessageToDict(latent_boundary.pipeline_spec)


def walk(spec: dict[str, Any], dag: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every task with its path; groups of branches, which KFP lets nobody name, do not count."""
    found = []
    for key, task in dag["tasks"].items():
        own = () if key.startswith("condition-branches-") else (task["taskInfo"]["name"],)
        component = spec["components"][task["componentRef"]["name"]]
        found.append(((*path, *own), task))
        if "dag" in component:
            found += walk(spec, component["dag"], (*path, *own))
    return found


def executor(spec: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    label = spec["components"][task["componentRef"]["name"]].get("executorLabel")
    return spec["deploymentSpec"]["executors"].get(label, {})


def test_every_step_has_the_path_that_overlays_name(spec: dict[str, Any]) -> None:
    leaves = {"/".join(path) for path, task in walk(spec, spec["root"]["dag"]) if executor(spec, task)}
    assert leaves == {
        "sampled/plan", "sampled/shards/sample", "sampled/shards/score", "sampled/combine", "existing/import-dataset",
        "attributes/train-boundary", "project", "preview", "gate", "accepted/register",
    }  # fmt: skip


def test_sampler_and_classifier_are_container_components_of_the_own_image(spec: dict[str, Any]) -> None:
    steps = [(path, executor(spec, task)) for path, task in walk(spec, spec["root"]["dag"])]
    containers = {path[-1]: found["container"] for path, found in steps if "container" in found}
    for name in ("sample", "score"):
        assert containers[name]["image"] == "latent-boundary"
        assert containers[name]["command"] == ["python", "-m", f"latent_boundary.{name}"]
    assert all("kfp.dsl.executor_main" in json.dumps(containers[name]) for name in ("plan", "combine", "project"))


def test_shards_and_attributes_are_loops(spec: dict[str, Any]) -> None:
    loops = {path[-1]: task for path, task in walk(spec, spec["root"]["dag"]) if "parameterIterator" in task}
    assert {name: loop["iteratorPolicy"]["parallelismLimit"] for name, loop in loops.items()} == {
        "shards": 4,
        "attributes": 2,
    }
