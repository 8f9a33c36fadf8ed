"""What ran before is found in Git's history, pinned and held."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.edit.history import Ran, before
from generators.edit.promotion import Wanted, promotion
from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.live.outcomes.outcome import PROVED, Outcome
from generators.verbs.rollback import rollback
from tests.unit.edit.conftest import load

Commit = Callable[[Path], None]
OLD = "4dbb8e3ec3"


@pytest.fixture
def promoted(moved: Repository, commit: Commit) -> Repository:
    """What staging runs is in prod, as a commit."""
    wanted = Wanted("staging", "prod")
    promotion(load(moved), wanted, lambda *_: [Outcome("one", PROVED, "a run")]).accepted.write()
    commit(moved.root)
    return moved


def test_what_ran_before_is_pinned_and_held(promoted: Repository) -> None:
    rendered = {file: promoted.content(file) for file in promoted.files("rendered/prod/**/*")}

    done = rollback(load(promoted), "prod", "greet", "accuracy: 0.6")

    assert f'+      definition: "{OLD}"' in done.done.diff and '+      hold: "accuracy: 0.6"' in done.done.diff
    assert load(promoted).definition("prod", "greet").hash == OLD
    assert {file: promoted.content(file) for file in promoted.files("rendered/prod/**/*")} != rendered
    assert "graft set prod --unset pipelines.greet.hold" in done.to_text()
    assert "~ updated CronJob greet   prod/east, prod/west" in done.to_text()


def test_a_hold_changes_nothing_that_is_rendered(moved: Repository, edit: Callable[[Path, str, str], None]) -> None:
    from generators.verbs import render

    edit(moved.root / "environments/prod.yml", "      schedule:", "      hold: too hot\n      schedule:")

    assert render.render(moved).written == ()


def test_an_environment_that_follows_the_head_is_pinned(promoted: Repository) -> None:
    done = rollback(load(promoted), "staging", "greet", "broken")

    assert "-      track: head" in done.done.diff and f'+      definition: "{OLD}"' in done.done.diff


def test_what_was_rolled_back_is_not_gone_back_to(promoted: Repository, commit: Commit) -> None:
    rollback(load(promoted), "prod", "greet", "broken")
    commit(promoted.root)

    with pytest.raises(GraftError) as refused:
        rollback(load(promoted), "prod", "greet", "broken again")

    assert "nothing is known to have run before" in refused.value.message and "--to" in refused.value.fix


def test_a_definition_that_was_pruned_comes_back_from_git(promoted: Repository, commit: Commit) -> None:
    file = f"definitions/greet/{OLD}.json"
    text = promoted.text(file)
    (promoted.root / file).unlink()
    commit(promoted.root)

    rollback(load(promoted), "prod", "greet", "broken")

    assert promoted.text(file) == text and load(promoted).definition("prod", "greet").hash == OLD


def test_digests_that_it_was_run_with_come_back(promoted: Repository, edit: Callable, commit: Commit) -> None:
    edit(promoted.root / "environments/prod.yml", '"723f2352"', '"00000000"')
    commit(promoted.root)

    done = rollback(load(promoted), "prod", "greet", "broken")

    assert '"723f2352": "sha256:1111' in done.done.diff


@pytest.mark.parametrize(
    ("to", "words"), [(OLD, "nothing"), ("ffffffffff", "has never run greet ffffffffff on this branch")]
)
def test_a_definition_is_named(promoted: Repository, to: str, words: str) -> None:
    if to == OLD:
        assert rollback(load(promoted), "prod", "greet", "broken", to).found.after == OLD
        return
    with pytest.raises(GraftError, match=words):
        rollback(load(promoted), "prod", "greet", "broken", to)


def test_a_pipeline_whose_model_is_served_is_told_how_to_go_back_to_one(
    promoted: Repository, edit: Callable[[Path, str, str], None]
) -> None:
    done = rollback(load(promoted), "prod", "greet", "broken", dry_run=True)
    assert "serve." not in done.to_text()

    file = promoted.root / "environments/prod.yml"
    edit(file, "engine: kubeflow\n", "engine: kubeflow\n      kserve: true\n")
    edit(file, "engine: kubeflow,", "engine: kubeflow, kserve: true,")
    served = '      serve: {component: greeter, resources: {cpu: "1", memory: 1Gi}}\n'
    edit(file, "      schedule:", f"{served}      schedule:")
    done = rollback(load(promoted), "prod", "greet", "broken", dry_run=True)
    at = "pipelines.greet.serve"
    assert f"graft set prod {at}.version=N {at}.pinned=true goes back" in done.to_text()


@pytest.mark.parametrize(
    ("history", "current", "expected"),
    [
        ("b a", "b", "a"),
        ("a b a z", "a", "z"),
        ("b a", "c", "b"),  # what is not committed yet
        ("a", "a", None),
        ("", "a", None),
    ],
)
def test_what_ran_before_is_what_ran_before_it_first_did(history: str, current: str, expected: str | None) -> None:
    found = before([Ran(each, "commit") for each in history.split()], current)

    assert (found and found.definition) == expected
