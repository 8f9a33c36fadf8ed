"""What an engine cannot run stands at the line that asks for it: the environment's, the pipeline's, or the pin's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.engines.engine import Unsupported
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet, load
from generators.inventory.read import Repository
from generators.model import Place

Edit = Callable[[Path, str, str], None]
RETRY = ("retry", "factor")


@pytest.fixture
def fleet(tiny: Path, edit: Edit, tmp_path: Path) -> Fleet:
    step = "people/greet: {accelerator: optional, retry: {count: 1, factor: 1.5}}"
    edit(tiny / "environments/prod.yml", "people/greet: {accelerator: optional}", step)
    return load(Repository(tiny), Cache(tmp_path / "cache"))


def _line(file: Path, text: str) -> int:
    (line,) = [number for number, line in enumerate(file.read_text().splitlines(), start=1) if text in line]
    return line


def test_what_an_overlay_asks_for_stands_at_its_value(fleet: Fleet) -> None:
    finding = fleet.placed("prod", "greet", Unsupported("retry", "people/greet", "no", setting=RETRY))

    line = _line(fleet.repository.root / "environments/prod.yml", "factor: 1.5")
    assert (finding.place.file, finding.place.line) == ("environments/prod.yml", line)
    assert finding.path == "pipelines.greet.steps.people/greet.retry.factor"


@pytest.mark.parametrize("setting", [RETRY, ()])
def test_what_the_pipeline_s_code_asks_for_stands_at_the_line_of_its_step(fleet: Fleet, setting: tuple) -> None:
    finding = fleet.placed("staging", "greet", Unsupported("retry", "people/greet", "no", setting=setting))

    file = "generators/pipelines/greet.py"
    assert finding.place == Place(file, _line(fleet.repository.root / file, " = greet("))
    assert finding.path == "people/greet"


def test_what_a_pinned_definition_asks_for_stands_in_its_own_file(tiny: Path, edit: Edit, tmp_path: Path) -> None:
    edit(tiny / "generators/pipelines/greet.py", 'word: str = "Hello"', 'word: str = "Hi"')
    fleet = load(Repository(tiny), Cache(tmp_path / "cache"))

    finding = fleet.placed("prod", "greet", Unsupported("image", "collect", "no"))

    lines = (tiny / finding.place.file).read_text().splitlines()
    assert finding.place.file == "definitions/greet/4dbb8e3ec3.json"
    assert '"collect": {' in lines[finding.place.line - 1]
