"""What is said where another definition runs: the code's, one that is pinned, a toolchain's, or one beside another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.diff.model import Change
from generators.diff.text import to_text
from generators.errors import GraftError, Refused
from generators.inventory.read import Repository
from generators.ir import definitions
from generators.verbs import render
from generators.verbs.diff import diff
from tests.unit.diff.conftest import Commit, Edit, of, steps


def test_an_edited_definition_of_the_code_is_told_by_its_steps(changed: Callable[..., Change]) -> None:
    change = changed(("generators/pipelines/greet.py", "times: int = 1", "times: int = 4"))
    two = of(change, "staging", "staging/two")

    assert two.definition[0] != two.definition[1]
    (line,) = (line for line in two.lines if line.what == "parameter")
    assert (line.name, line.before, line.after) == ("times", "1", "4")
    assert line.origin == f"definitions/greet/{two.definition[1]}.json"
    assert not [each for each in change.pipelines if each.environment == "prod"]  # it is pinned


def test_a_pin_to_what_no_other_environment_runs_is_said(tiny: Path, commit: Commit, edit: Edit) -> None:
    """A definition that is committed, and that staging has left behind: nobody has seen it run."""
    edit(tiny / "generators/pipelines/greet.py", "times: int = 1", "times: int = 4")
    render.render(Repository(tiny))
    (new,) = (file.stem for file in (tiny / "definitions/greet").iterdir() if file.stem != "4dbb8e3ec3")
    commit(tiny)
    edit(tiny / "generators/pipelines/greet.py", "times: int = 4", "times: int = 5")
    render.render(Repository(tiny))
    commit(tiny)
    edit(tiny / "environments/prod.yml", "4dbb8e3ec3", new)
    change = diff(Repository(tiny), "HEAD")

    assert f"prod: greet moves to definition {new} (which NO OTHER ENVIRONMENT RUNS) on 2 clusters" in change.sentence


def test_new_code_of_a_component_is_named_though_no_image_is_built(changed: Callable[..., Change]) -> None:
    change = changed(("components/greeter/src/greeter/words.py", "def greeting(", "VERSION = 2\n\n\ndef greeting("))
    one = of(change, "staging", "staging/one")

    assert ("source", "greeter") in {(line.what, line.name) for line in one.lines}
    assert steps(one)["people/greet"] == ("directly changed", "served stale")
    assert "never built" in " ".join(one.notes)
    assert not any("never built" in note for note in of(change, "local", "local/laptop").notes)  # which needs none
    assert "NO IMAGE of its new code; " in change.sentence


def test_a_toolchain_alone_is_folded_into_one_line(tiny: Path, commit: Commit) -> None:
    """The head runs the same content, compiled by another kfp."""
    old = next(file for file in (tiny / "definitions/greet").iterdir())
    text = old.read_text().replace("kfp-2.17.0", "kfp-2.16.0")
    hash_ = definitions.hash_of_text(text)
    (tiny / f"definitions/greet/{hash_}.json").write_text(text)
    prod = tiny / "environments/prod.yml"
    prod.write_text(prod.read_text().replace("4dbb8e3ec3", hash_))
    render.render(Repository(tiny))
    commit(tiny)
    prod.write_text(prod.read_text().replace(hash_, "4dbb8e3ec3"))
    change = diff(Repository(tiny), "HEAD")

    assert change.sentence == (
        "kfp-2.16.0 to kfp-2.17.0: a new version of 1 pipeline, the same content; nothing is deleted."
    )
    assert "Same content, new version" in to_text(change)
    assert [line for each in change.objects for line in each.lines if "sdkVersion" not in line.name] == []


def test_a_repository_with_findings_is_refused(tiny: Path, commit: Commit, edit: Edit) -> None:
    commit(tiny)
    edit(tiny / "environments/prod.yml", "{times: 2}", "{tims: 2}")

    with pytest.raises(Refused):
        diff(Repository(tiny), "HEAD")


def test_an_unknown_revision_is_refused(tiny: Path, commit: Commit) -> None:
    commit(tiny)

    with pytest.raises(GraftError, match="git rev-parse"):
        diff(Repository(tiny), "nope")


def test_two_definitions_are_compared_by_the_starts_of_their_hashes(tiny: Path, commit: Commit, edit: Edit) -> None:
    edit(tiny / "generators/pipelines/greet.py", "times: int = 1", "times: int = 4")
    render.render(Repository(tiny))
    new = next(file.stem for file in (tiny / "definitions/greet").iterdir() if file.stem != "4dbb8e3ec3")
    change = diff(Repository(tiny), "4dbb", new[:6])

    assert change.sentence == f"greet: {new} differs from 4dbb8e3ec3 in 1 values; 3 of 3 steps change."
    with pytest.raises(GraftError, match="no definition begins"):
        diff(Repository(tiny), "4dbb", "ffffff")
