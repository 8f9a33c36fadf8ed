"""A pipeline that nothing runs is not passed over in silence."""

from __future__ import annotations

from pathlib import Path

from generators.inventory.read import Repository
from generators.verbs import check


def test_code_and_a_class_that_no_environment_lists_are_warnings(tiny: Path) -> None:
    (tiny / "generators/pipelines/my_draft.py").write_text("def x(:\n")
    (tiny / "base/pipelines/other.yml").write_text("parameters: {}\n")

    found = [finding for finding in check.check(Repository(tiny)) if finding.rule == "unlisted"]

    assert [(each.verdict, each.place.file, each.found) for each in found] == [
        ("warning", "generators/pipelines/my_draft.py", "my-draft"),
        ("warning", "base/pipelines/other.yml", "other"),
    ]
    assert "pipelines.my_draft" in found[0].fix and "{my-draft: {track: head}}" in found[0].fix


def test_what_is_run_is_no_warning(tiny: Path) -> None:
    assert [finding for finding in check.check(Repository(tiny)) if finding.rule == "unlisted"] == []
