"""The component and its pipeline as KFP sees them: names and loops."""

from __future__ import annotations

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
        from generators.pipelines.transfer_learning import transfer_learning

        return MessageToDict(transfer_learning.pipeline_spec)


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


def test_every_step_has_the_path_that_overlays_name(spec: dict[str, Any]) -> None:
    leaves = {
        "/".join(path)
        for path, task in walk(spec, spec["root"]["dag"])
        if "dag" not in spec["components"][task["componentRef"]["name"]]
    }
    assert leaves == {
        "fetch-data", "weights-none/pretrain", "weights-imagenet/load-imagenet", "weights-uri/import-backbone",
        *(f"{inside}{step}" for inside in ("", "round-2/", "round-2/round-3/")
          for step in ("variants/train", "variants/evaluate", "pick")),
        *(f"{inside}{step}" for inside in ("", "round-2/") for step in ("enough/keep-round", "keep-best")),
        "gate", "accepted/register",
    }  # fmt: skip


def test_the_loop_runs_over_lists_two_at_a_time(spec: dict[str, Any]) -> None:
    loops = [task for _, task in walk(spec, spec["root"]["dag"]) if "parameterIterator" in task]
    assert len(loops) == 3
    loop = loops[0]
    inner = spec["components"][loop["componentRef"]["name"]]
    item = loop["parameterIterator"]["itemInput"]
    assert inner["inputDefinitions"]["parameters"][item]["parameterType"] == "LIST"
    assert loop["iteratorPolicy"]["parallelismLimit"] == 2
