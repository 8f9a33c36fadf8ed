"""A pipeline's picture has every step once, nothing on top of another, and each below what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from generators.ir.definitions import from_text
from generators.ir.steps import steps
from generators.ir.view import Pipeline
from generators.pages.graph import Box, Drawing, drawing, readable

ROOT = Path(__file__).resolve().parents[3]
DEFINITIONS = sorted((ROOT / "definitions").glob("*/*.json"))


@pytest.fixture(params=DEFINITIONS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def pipeline(request: pytest.FixtureRequest) -> Pipeline:
    definition = from_text(request.param.parent.name, request.param.read_text())
    return Pipeline.of(definition.spec, definition.platform)


def _drawings(of: Drawing) -> Iterator[Drawing]:
    yield of
    for box in of.boxes:
        if box.inside:
            yield from _drawings(box.inside)


def test_every_step_is_drawn_once(pipeline: Pipeline) -> None:
    drawn = [box.path for each in _drawings(drawing(pipeline)) for box in each.boxes if not box.inside]

    assert sorted(drawn) == sorted(step.path for step in steps(pipeline.spec))


def test_no_box_lies_on_another_or_outside(pipeline: Pipeline) -> None:
    for each in _drawings(drawing(pipeline)):
        assert not [(a.name, b.name) for a, b in combinations(each.boxes, 2) if _overlap(a, b)]
        assert all(box.x >= 0 and box.x + box.width <= each.width + 0.2 for box in each.boxes)
        assert all(box.y + box.height <= each.height for box in each.boxes)


def test_a_group_has_room_for_what_is_in_it(pipeline: Pipeline) -> None:
    boxes = [box for each in _drawings(drawing(pipeline)) for box in each.boxes if box.inside]

    assert all(box.inside.width < box.width and box.inside.height < box.height for box in boxes)


def test_a_task_stands_below_all_that_it_waits_for(pipeline: Pipeline) -> None:
    for each in _drawings(drawing(pipeline)):
        by_name = {box.name: box for box in each.boxes if box.name != "one of"}
        for box in by_name.values():
            assert all(by_name[name].y + by_name[name].height < box.y for name in box.after if name in by_name)


def test_a_condition_is_said_with_the_names_that_people_gave() -> None:
    assert readable("inputs.parameter_values['pipelinechannel--deploy'] == true") == "deploy == true"


def _overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
