"""The component and its pipeline as KFP sees them: names, and what waits for what."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

REPOSITORY = Path(__file__).resolve().parents[3]
STEPS = {
    "fetch-data", "check-data", "profile-data", "write-records", "preprocess", "train", "evaluate", "gate",
    "accepted/register",
}  # fmt: skip


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY), *sys.path])
        from generators.pipelines.data_centric import data_centric

        return MessageToDict(data_centric.pipeline_spec)


def leaves(spec: dict[str, Any], dag: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    """Every step with its path."""
    found = []
    for task in dag["tasks"].values():
        here, component = (*path, task["taskInfo"]["name"]), spec["components"][task["componentRef"]["name"]]
        below = leaves(spec, component["dag"], here) if "dag" in component else [("/".join(here), task)]
        found += below
    return found


def test_every_step_has_the_path_that_overlays_name(spec: dict[str, Any]) -> None:
    assert {path for path, _ in leaves(spec, spec["root"]["dag"])} == STEPS


def test_nothing_is_learnt_before_the_check_and_the_profile_have_passed(spec: dict[str, Any]) -> None:
    tasks = spec["root"]["dag"]["tasks"]
    assert "check-data" in tasks["write-records"]["dependentTasks"]
    assert "profile-data" in tasks["preprocess"]["dependentTasks"]


def test_the_fixed_network_has_no_parameter(spec: dict[str, Any]) -> None:
    parameters = spec["root"]["inputDefinitions"]["parameters"]
    assert not {"learning_rate", "batch_size", "optimizer", "backbone", "cut_layer"} & set(parameters)
