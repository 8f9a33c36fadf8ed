"""No finding hides another: all of them are found in one pass, in every environment and in what is rendered."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from generators.inventory.read import Repository
from generators.output import report
from generators.verbs import check

Edit = Callable[[Path, str, str], None]
PROD = "environments/prod.yml"


def test_an_unknown_parameter_does_not_hide_what_an_engine_cannot_run(tiny: Path, edit: Edit) -> None:
    steps = "parameters: {wrod: a}\n      steps: {people/greet: {retry: {count: 1, factor: 1.5}}}"
    edit(tiny / "environments/staging.yml", "track: head", f"track: head\n      {steps}")

    text = report.to_text(finding for finding in check.check(Repository(tiny)) if finding.failing)

    assert "did you mean word?" in text and "people/greet.retry.factor: " in text, text


def test_a_pipeline_that_does_not_exist_hides_nothing(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/staging.yml", "    greet:\n", "    greett:\n")
    edit(tiny / PROD, "{times: 2}", "{tims: 2}")

    text = report.to_text(check.check(Repository(tiny)))

    assert "there is no such pipeline" in text and "did you mean greet?" in text and "did you mean times?" in text


def test_a_pipeline_that_does_not_compile_is_a_finding_at_its_line(tiny: Path, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", ', name="people"', "")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert finding.place.file == "generators/pipelines/greet.py"
    assert "for-loop-1" in finding.message and "name=" in finding.message


def test_a_stale_file_is_a_finding(tiny: Path) -> None:
    (tiny / "rendered/prod/east/greet/pipeline.yaml").write_text("edited: by hand\n")

    (finding,) = [finding for finding in check.check(Repository(tiny)) if finding.failing]

    assert (finding.place.file, finding.fix) == ("rendered/prod/east/greet/pipeline.yaml", "run: graft render")


def test_a_stale_tree_says_what_is_missing_gone_or_not_graft_s(tiny: Path) -> None:
    (tiny / "rendered/prod/east/greet/pipeline.yaml").unlink()
    (tiny / "rendered/NOTES.md").write_text("mine\n")
    (tiny / "rendered/prod/east/old").mkdir()
    shutil.copy(tiny / "rendered/prod/west/greet/pipeline.yaml", tiny / "rendered/prod/east/old/pipeline.yaml")
    (tiny / "environments/staging.yml").unlink()

    found = {each.place.file: each for each in check.check(Repository(tiny)) if each.failing}

    assert {file: (each.message.split(",")[0], each.fix) for file, each in found.items()} == {
        "rendered/prod/east/greet/pipeline.yaml": ("is missing", "run: graft render"),
        "rendered/NOTES.md": ("graft has not made this file", "move it out of this folder"),
        "rendered/prod/east/old/pipeline.yaml": (
            "nothing renders this any more",
            "run: graft render, which removes it",
        ),
        "rendered/staging": (
            "there is no environments/staging.yml any more",
            "restore it from Git, or run: graft render, which removes them",
        ),
    }


def test_what_an_engine_cannot_run_is_found_beside_a_mistake_in_the_same_environment(tiny: Path, edit: Edit) -> None:
    steps = "steps: {people/greet: {retry: {count: 1, factor: 1.5}}, people/gret: {cache: false}}"
    edit(tiny / "environments/staging.yml", "track: head", f"track: head\n      {steps}")

    text = report.to_text(finding for finding in check.check(Repository(tiny)) if finding.failing)

    assert "did you mean people/greet?" in text and "people/greet.retry.factor: " in text, text


def test_a_warning_moves_with_its_line(tiny: Path) -> None:
    file = tiny / "environments/staging.yml"
    (before,) = [found.place.line for found in check.check(Repository(tiny)) if found.rule == "unbuilt"]
    file.write_text("# one\n# two\n" + file.read_text())

    (after,) = [found.place.line for found in check.check(Repository(tiny)) if found.rule == "unbuilt"]

    assert after == before + 2


def test_what_kubeflow_s_backend_may_fail_on_is_a_warning_at_the_line_of_the_code(tiny: Path, edit: Edit) -> None:
    code = tiny / "generators/pipelines/greet.py"
    edit(
        code,
        "        greeting = greet(",
        "        with dsl.If(word == 'Hi', name='ada'):\n            greeting = greet(",
    )
    edit(tiny / "base/pipelines/greet.yml", "people/greet:", "people/ada/greet:")
    edit(tiny / "environments/local.yml", "people/greet:", "people/ada/greet:")

    warned = [found for found in check.check(Repository(tiny)) if found.rule == "gathers-condition"]

    assert [(found.verdict, found.place.file, found.path) for found in warned] == [
        ("warning", "generators/pipelines/greet.py", "people/ada/greet")
    ]
