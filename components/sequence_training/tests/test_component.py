"""The component and its three pipelines as KFP sees them: names."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

REPOSITORY = Path(__file__).resolve().parents[3]
STEPS = {
    "preprocessing": {"download-dataset", "preprocess", "upload-dataset"},
    "training": {
        "download-dataset", "train", "evaluate", "gate", "accepted/upload-model", "accepted/register",
    },
    "retraining": {
        "download-dataset", "download-model", "retrain", "evaluate-retrained", "gate", "accepted/upload-model",
        "accepted/register",
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=STEPS)
def named(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY), *sys.path])
        name = f"sequence_{request.param}"
        pipeline = getattr(import_module(f"generators.pipelines.{name}"), name)
        return request.param, MessageToDict(pipeline.pipeline_spec)


def leaves(spec: dict[str, Any], dag: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    """Every step with its path."""
    found = []
    for task in dag["tasks"].values():
        here, component = (*path, task["taskInfo"]["name"]), spec["components"][task["componentRef"]["name"]]
        below = leaves(spec, component["dag"], here) if "dag" in component else [("/".join(here), task)]
        found += below
    return found


def test_every_step_has_the_path_that_overlays_name(named: tuple[str, dict[str, Any]]) -> None:
    name, spec = named
    assert {path for path, _ in leaves(spec, spec["root"]["dag"])} == STEPS[name]
