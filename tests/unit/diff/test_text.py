"""The page on changes shows what is printed, and what is printed fits a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from generators.diff import changes
from generators.diff.model import Change
from generators.diff.text import excerpts, to_text
from generators.inventory.read import Repository
from tests.unit.diff.conftest import NOW
from tests.unit.diff.samples import HOSTILE, PIPELINE

PAGE = Path(__file__).resolve().parents[3] / "docs/changes.md"


def test_the_sample_of_the_page_is_what_is_printed(
    tiny: Path, commit: Callable[[Path], None], edit: Callable[[Path, str, str], None]
) -> None:
    commit(tiny)
    prod = tiny / "environments/prod.yml"
    edit(prod, "{accelerator: optional}", "{accelerator: optional, env: {TONE: warm}}")
    edit(prod, 'capacity: {cpu: "16"', 'capacity: {cpu: "12"')
    edit(prod, '"0 5 * * *"', '"0 6 * * 1"')
    sample = re.search(r"^\$ graft diff HEAD\n(.*?)\n```", PAGE.read_text(), re.MULTILINE | re.DOTALL)[1]
    printed = to_text(changes(Repository(tiny), "HEAD", NOW))

    assert re.sub(r"HEAD \(\w+\)", "HEAD (0123456789)", printed).splitlines() == sample.splitlines()


def test_a_rule_that_is_weaker_is_an_effect_though_nothing_else_changes(tiny: Path, commit, edit) -> None:
    commit(tiny)
    schema = "schemas/parameters/transfer-learning.schema.json"
    edit(tiny / schema, '"maximum": 50\n', '"maximum": 500\n')
    found = changes(Repository(tiny), "HEAD", NOW)

    assert found.sentence == f"RULES ARE WEAKER: {schema}; nothing that is rendered changes."
    (line,) = [each for each in to_text(found).splitlines() if each.startswith("  weaker")]
    assert line.endswith("properties.draws.maximum: weaker than the base's: maximum was 50")


def test_what_a_change_approves_itself_is_said_with_the_reason(tiny: Path, commit, edit) -> None:
    """`graft check` accepts it then: whoever reads the comment is the last who can ask."""
    commit(tiny)
    schema = "schemas/parameters/transfer-learning.schema.json"
    edit(tiny / schema, '"maximum": 50\n', '"maximum": 500\n')
    (tiny / "approvals").mkdir()
    (tiny / "approvals/draws.yml").write_text(f"reason: the new data needs them\nweakens: [{schema}]\n")
    found = changes(Repository(tiny), "HEAD", NOW)

    assert found.notes == (f"approvals/draws.yml approves {schema}: the new data needs them",)


def test_of_long_values_what_differs_is_shown() -> None:
    same = "a" * 500
    found = excerpts(f"{same}old{same}", f"{same}new{same}")

    assert "old" in found and "new" in found
    assert len(found) < 250


def test_nothing_that_is_printed_moves_the_cursor() -> None:
    assert all(line.isprintable() for line in to_text(HOSTILE).splitlines())


def test_steps_that_fare_alike_are_shown_once() -> None:
    other = replace(PIPELINE, versions=(("prod/south", "greet-5", "greet-6"),), notes=("more pods",))
    found = to_text(Change("a", "b", "c", pipelines=(PIPELINE, other)))

    assert found.count("people/greet: changed by what it depends on") == 1
    assert "  steps        as on prod/east, prod/west" in found.splitlines()
