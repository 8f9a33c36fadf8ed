"""What staging has proved goes to prod by the smallest edit, and what it has not proved stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.edit.promotion import Promotion, Wanted, promotion
from generators.errors import GraftError, Refused
from generators.inventory.read import Repository
from generators.live.outcomes.outcome import FAILED, PROVED, UNKNOWN, Outcome
from generators.verbs.promote import Evidence, promote
from tests.unit.edit.conftest import load

Edit = Callable[[Path, str, str], None]
OLD = "4dbb8e3ec3"
NEW_IMAGE = "sha256:" + "3" * 64


def promoted(repository: Repository, *states: str, **more: object) -> Promotion:
    """The promotion from staging to prod, whose clusters say these states."""
    outcomes = [
        Outcome(cluster, state, f"a run {state}") for cluster, state in zip(("one", "two"), states, strict=False)
    ]
    return promotion(load(repository), Wanted("staging", "prod", **more), lambda *_: outcomes)


def test_the_pin_moves_and_nothing_else(moved: Repository) -> None:
    head = load(moved).definition("staging", "greet").hash

    done = promoted(moved, PROVED, PROVED).accepted.write()

    changed = [line for line in done.diff.splitlines() if line.startswith(("+ ", "- "))]
    assert changed == [f'-      definition: "{OLD}"', f'+      definition: "{head}"']
    assert load(moved).definition("prod", "greet").hash == head
    assert any(file.startswith("rendered/prod/east/greet/") for file in done.rendered.written)


def test_the_digest_of_a_source_goes_along_where_it_is_not_there(moved: Repository, edit: Edit) -> None:
    source = load(moved).definition("staging", "greet").sources["greeter"]
    edit(
        moved.root / "environments/staging.yml",
        "  unbuilt_images: accept\n",
        f'  images: {{greeter: {{"{source}": "{NEW_IMAGE}"}}}}\n',
    )
    assert "images" not in promoted(moved, PROVED).accepted.diff()  # prod lists this source already
    edit(moved.root / "environments/prod.yml", '"723f2352": ', '"00000000": ')

    diff = promoted(moved, PROVED).accepted.diff()

    assert f'"{source}": "{NEW_IMAGE}"}}' in diff and '{"00000000": "sha256:1' in diff


def test_parameters_go_along_where_they_are_asked_for(moved: Repository, edit: Edit) -> None:
    edit(
        moved.root / "environments/staging.yml",
        "      run_on_merge",
        "      parameters: {times: 9, rate: 0.1}\n      run_on_merge",
    )

    assert "times" not in promoted(moved, PROVED).accepted.edits["environments/prod.yml"].replace("{times: 2}", "")
    assert "{times: 9}" in promoted(moved, PROVED, parameters=["times"]).accepted.diff()
    assert "{times: 9, rate: 0.1}" in promoted(moved, PROVED, all_parameters=True).accepted.diff()
    with pytest.raises(GraftError) as refused:
        promoted(moved, PROVED, pipelines=["greet"], parameters=["tims"])
    assert refused.value.fix == "did you mean times?"


@pytest.mark.parametrize(
    ("states", "unproven", "verdict"),
    [
        ([FAILED, PROVED], False, "invalid"),
        ([FAILED], True, "invalid"),
        ([UNKNOWN, UNKNOWN], False, "unchecked"),
        ([], False, "unchecked"),
    ],
)
def test_what_has_not_succeeded_is_refused(moved: Repository, states: list[str], unproven: bool, verdict: str) -> None:
    before = moved.text("environments/prod.yml")

    with pytest.raises(Refused) as refused:
        promoted(moved, *states, unproven=unproven)

    assert refused.value.findings[0].verdict == verdict
    assert moved.text("environments/prod.yml") == before


@pytest.mark.parametrize(("states", "unproven"), [([PROVED, UNKNOWN], False), ([UNKNOWN], True)])
def test_one_cluster_that_succeeded_is_enough_and_unproven_goes_on(
    moved: Repository, states: list[str], unproven: bool
) -> None:
    assert promoted(moved, *states, unproven=unproven).accepted


@pytest.mark.parametrize("environment", ["prod", "staging"])
def test_a_hold_stands_until_it_is_taken_out(moved: Repository, edit: Edit, environment: str) -> None:
    edit(moved.root / f"environments/{environment}.yml", "      schedule:", "      hold: too hot\n      schedule:")

    with pytest.raises(Refused) as refused:
        promoted(moved, PROVED)

    (finding,) = refused.value.findings
    assert (finding.rule, finding.found, finding.place.file) == ("hold", "too hot", f"environments/{environment}.yml")
    assert finding.fix.endswith(f"graft set {environment} --unset pipelines.greet.hold")


def test_what_runs_there_already_is_nothing_to_promote(moved: Repository) -> None:
    promoted(moved, PROVED).accepted.write()

    done = promote(load(moved), Wanted("staging", "prod"), Evidence.NONE)

    assert done.done is None and done.to_text().endswith("nothing to promote")


def test_an_environment_that_follows_the_head_is_left_or_refused_where_it_is_named(moved: Repository) -> None:
    ask = pytest.fail
    found = promotion(load(moved), Wanted("prod", "staging"), ask)

    assert found.accepted is None and "follows the head" in found.left["greet"]
    with pytest.raises(GraftError, match="follows the head"):
        promotion(load(moved), Wanted("prod", "staging", ["greet"]), ask)


def test_it_says_how_what_is_rendered_compares(moved: Repository, edit: Edit) -> None:
    (move,) = promoted(moved, PROVED).moves
    assert move.same == "the same definition as staging, parameters that differ: times"

    edit(moved.root / "environments/prod.yml", "      parameters: {times: 2}\n", "")
    (move,) = promoted(moved, PROVED).moves
    assert move.same == "the same definition as staging, and the same parameters"


def test_nobody_who_can_tell_is_said_for_each_cluster(moved: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(moved.root / "none"))
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)

    with pytest.raises(Refused) as refused:
        promote(load(moved), Wanted("staging", "prod"))

    assert "one: no context in" in refused.value.findings[0].message
    assert refused.value.findings[0].fix.endswith("--unproven")
