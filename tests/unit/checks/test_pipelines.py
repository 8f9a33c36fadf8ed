"""A pipeline that does not mean all that it says is found where its author can mend it."""

from __future__ import annotations

from pathlib import Path

from generators.inventory.read import Repository
from generators.verbs import check

MODULE = "generators/pipelines/greet.py"


def of_pipelines(tiny: Path) -> list[tuple[str, str, str, int, str]]:
    found = [finding for finding in check.check(Repository(tiny)) if finding.check == "ir"]
    return [(each.verdict, each.rule, each.place.file, each.place.line, each.message) for each in found]


def test_a_parameter_that_nothing_takes_is_refused(tiny: Path, edit) -> None:
    edit(tiny / MODULE, "    polite: bool = True,\n", "    polite: bool = True,\n    loud: bool = False,\n")

    assert of_pipelines(tiny) == [
        ("invalid", "unused", MODULE, 1, "the pipeline's parameter loud is not used by anything")
    ]


def test_a_step_that_no_run_reaches_is_refused_at_its_line(tiny: Path, edit) -> None:
    text = (tiny / MODULE).read_text()
    nested = text.replace(
        "        praise(text", "        with dsl.If(polite == False, name='rude'):\n            praise(text"
    )
    (tiny / MODULE).write_text(nested)

    line = nested[: nested.index("with dsl.If(polite == False")].count("\n") + 1
    message = "rude never runs: its condition is false in every run"
    assert ("invalid", "never", MODULE, line, message) in of_pipelines(tiny)


def test_a_pinned_definition_that_is_sound_is_left_alone(tiny: Path) -> None:
    assert of_pipelines(tiny) == []
