"""Two environments beside one another: what prod would run otherwise than staging, and nothing that is only a name."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generators.diff.beside import sentence
from generators.diff.markdown import to_markdown
from generators.diff.model import Change, PipelineChange
from generators.diff.own_names import OwnNames
from generators.diff.text import to_text
from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.verbs.diff import diff
from tests.unit.diff.test_json import validator

Edit = Callable[[Path, str, str], None]


@pytest.fixture(scope="session")
def beside(compiled_tiny: Path) -> Change:
    return diff(Repository(compiled_tiny), "staging", "prod")


def test_the_sentence_says_which_pipelines_and_how_many_objects_differ(beside: Change) -> None:
    assert beside.sentence.startswith("prod beside staging: greet has the same definition, times 1 -> 2, ")
    assert beside.sentence.endswith("differ.")


def test_each_cluster_is_held_against_one_of_the_same_engine(beside: Change) -> None:
    assert beside.notes == (
        "prod/east is held against staging/one",
        "prod/west is held against staging/one",
    )
    assert {place for each in beside.pipelines for place in each.places} == {"prod/east", "prod/west"}


def test_values_have_the_line_that_set_them(beside: Change) -> None:
    for greet in beside.pipelines:
        assert ("times", "1", "2", "environments/prod.yml:32") in {
            (line.name, line.before, line.after, line.origin) for line in greet.lines
        }


def test_what_only_an_environment_s_own_names_change_is_no_difference(beside: Change) -> None:
    said = to_text(beside).partition("\n\n")[2]

    for own in ("s3://greet-staging", "db.staging.test", "one.staging.test", "namespace: "):
        assert own not in said, own


def test_objects_of_clusters_are_compared_by_kind_and_name(beside: Change) -> None:
    found = {(each.action, each.kind, place): each for each in beside.objects for place in each.places}

    quota = found["differs", "ResourceQuota", "prod/west"]
    assert ("spec.hard.requests.cpu", "8", "16") in {(x.name, x.before, x.after) for x in quota.lines}
    assert ("only in the first", "Job", "staging/one") in found  # its run on merge
    assert not {each.kind for each in beside.objects} & {"PipelineVersion", "Namespace", "Application"}
    assert "only in staging Job " in to_text(beside)


def test_amounts_and_the_schedule_are_beside_one_another(beside: Change) -> None:
    east = next(each for each in beside.pipelines if "prod/east" in each.places)

    assert east.schedule.after.startswith("0 5 * * *")
    assert ("nvidia.com/gpu at once", "0", "2", "4") in {(x.name, x.before, x.after, x.of) for x in east.amounts}


def test_environments_that_no_engine_has_in_common_are_compared_by_what_pipelines_say(compiled_tiny: Path) -> None:
    change = diff(Repository(compiled_tiny), "local", "prod")

    assert all("by what pipelines say alone" in note for note in change.notes)
    assert change.objects == ()
    assert "times 1 -> 2" in change.sentence


def test_a_pipeline_that_one_does_not_have_is_only_in_the_other(beside: Change) -> None:
    alone = PipelineChange("part", "staging", (("staging/one", "", ""),), "only in the first", ("1c31eac182", ""))
    change = replace(beside, pipelines=(alone,), objects=())

    assert sentence(change) == "prod beside staging: part is only in staging."
    assert "staging  part  only in staging" in to_text(change)
    assert "staging part: only in staging on staging/one" in html.unescape(to_markdown(change))


def test_a_pipeline_on_another_of_the_clusters_is_found_there(tiny: Path, edit: Edit) -> None:
    edit(tiny / "environments/staging.yml", "      track: head\n", "      track: head\n      clusters: [two]\n")

    change = diff(Repository(tiny), "staging", "prod")

    assert {each.action for each in change.pipelines} == {"differs"}


def test_an_environment_beside_itself_is_the_same(compiled_tiny: Path) -> None:
    change = diff(Repository(compiled_tiny), "staging", "staging")

    assert change.sentence == "staging runs what staging runs."
    assert (change.pipelines, change.objects, change.inputs) == ((), (), ())


def test_it_is_of_the_published_form(beside: Change) -> None:
    from generators.diff.json import to_json

    assert [error.message for error in validator().iter_errors(json.loads(to_json(beside)))] == []


def test_an_unknown_environment_is_refused(compiled_tiny: Path) -> None:
    with pytest.raises(GraftError, match="there is no environment nowhere"):
        diff(Repository(compiled_tiny), "staging", "nowhere")


def test_a_name_explains_a_text_only_where_nothing_else_differs() -> None:
    names = OwnNames({"ml-staging": "ml-prod", "staging": "prod"})

    assert names.explain("s3://ml-staging/x", "s3://ml-prod/x")
    assert not names.explain("s3://ml-staging/x", "s3://ml-prod/y")
    assert not names.explain("s3://ml-staging", None)
    assert not names.explain("s3://ml-staging", "s3://ml-staging")
