"""Changing an opened pipeline leaves what it was opened from as it was."""

from __future__ import annotations

import copy
from pathlib import Path

from generators.ir.definitions import from_text
from generators.ir.view.opened import opened

ROOT = Path(__file__).resolve().parents[4]
(FILE, *_) = sorted((ROOT / "definitions/transfer-learning").glob("*.json"))


def test_what_may_be_set_is_a_copy_and_the_rest_is_shared() -> None:
    definition = from_text("transfer-learning", FILE.read_text())
    before = copy.deepcopy(definition.spec)

    found = opened(definition.spec, definition.platform)
    found.parameters["epochs"]["defaultValue"] = 1
    found.spec["root"]["dag"]["tasks"]["gate"]["retryPolicy"] = {}
    (loop,) = [each for each in found.spec["components"].values() if "train" in each.get("dag", {}).get("tasks", {})]
    loop["dag"]["tasks"]["train"]["cachingOptions"] = {}
    found.executors["exec-gate"]["container"]["image"] = "other"
    found.pods["exec-gate"] = {"imagePullPolicy": "Always"}

    assert definition.spec == before
    assert (
        found.spec["components"]["comp-gate"]["inputDefinitions"]
        is (definition.spec["components"]["comp-gate"]["inputDefinitions"])
    )
    assert found.platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"] is found.pods


def test_a_pipeline_that_says_nothing_can_be_opened_too() -> None:
    found = opened({"root": {}}, {})

    assert (found.parameters, found.executors, found.pods) == ({}, {}, {})
