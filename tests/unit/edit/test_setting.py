"""`graft set` writes the smallest edit that gives the value asked for, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import GraftError, Refused
from generators.inventory import merge
from generators.inventory.paths import lookup
from generators.inventory.read import Repository
from generators.verbs import check, explain, render
from generators.verbs.set import set_values

Edit = Callable[[Path, str, str], None]
PARAMETERS = "pipelines.greet.parameters"


@pytest.fixture
def repository(tiny: Path) -> Repository:
    return Repository(tiny)


def lines(repository: Repository, environment: str) -> list[str]:
    return repository.text(f"environments/{environment}.yml").splitlines()


@pytest.mark.parametrize(
    ("environment", "given", "line"),
    [
        ("prod", f"{PARAMETERS}.times=3", "      parameters: {times: 3}"),
        ("prod", f"{PARAMETERS}.rate=0.10", "      parameters: {times: 2, rate: 0.10}"),
        ("staging", f"{PARAMETERS}.times=3", "      parameters: {times: 3}"),
        ("staging", "pipelines.greet.schedule.suspended=false",
         '      schedule: {cron: "0 4 * * *", timezone: Europe/Berlin, suspended: false}'),
        ("prod", "clusters.east.capacity.nvidia.com/gpu='8'",
         '      capacity: {cpu: "32", memory: 64Gi, nvidia.com/gpu: "8"}'),
        ("local", f"{PARAMETERS}.people=[{{name: Bob, layers: [1]}}]",
         "        ~people: [{name: Bob, layers: [1]}]"),  # its neighbour `steps` has lines of its own
        ("prod", "pipelines.greet.steps.collect.timeout=5m", "        collect: {timeout: 5m}"),
    ],
)  # fmt: skip
def test_a_value_changes_one_line_and_is_what_was_asked_for(
    repository: Repository, environment: str, given: str, line: str
) -> None:
    before = lines(repository, environment)

    set_values(repository, environment, [given])

    after = lines(repository, environment)
    assert line in after and len([each for each in after if each not in before]) <= 2
    assert len([each for each in before if each not in after]) <= 1
    assert not [finding for finding in check.check(repository) if finding.failing]  # what is rendered fits


def test_an_edit_in_memory_is_merged_as_the_file_is_that_it_becomes(repository: Repository) -> None:
    text = repository.text("environments/prod.yml").replace("{times: 2}", '{times: 3, rate: 0.00001, word: "\\\\${x}"}')
    edited = merge.load(repository.edited({"environments/prod.yml": text})).environments["prod"].parameters
    (repository.root / "environments/prod.yml").write_text(text)

    assert edited == merge.load(repository).environments["prod"].parameters


@pytest.mark.parametrize(
    ("given", "rule", "fix"),
    [
        (f"{PARAMETERS}.tims=3", "unknown-parameter", "did you mean times?"),
        ("pipelines.greet.scedule.cron='* * * * *'", "unknown-key", "did you mean schedule?"),
        (f"{PARAMETERS}.times=many", "type", ""),
        (f"{PARAMETERS}.times=1e3", "ambiguous-scalar", "write 1000"),
        ("pipelines.greet.definition=4dbb8e3ec4", "definition", "did you mean 4dbb8e3ec3?"),
        ("pipelines.gret.parameters.times=3", "", ""),
        (f"{PARAMETERS}.times=[", "syntax", ""),
        (f"{PARAMETERS}.times=", "assignment", ""),
        ("database={url: 'postgresql://mlflow@db.staging.test:5432/mlflow'}", "", ""),
    ],
)
def test_what_check_would_refuse_is_refused_at_its_key_before_anything_is_written(
    repository: Repository, given: str, rule: str, fix: str
) -> None:
    before = {file: repository.content(file) for file in repository.files("**/*.y*ml")}

    with pytest.raises(Refused) as refused:
        set_values(repository, "prod", [given])

    first = refused.value.findings[0]
    assert not rule or first.rule == rule, refused.value.findings
    assert fix in first.fix
    assert not rule or first.place.file == given.partition("=")[0] or given.startswith("pipelines.greet.scedule")
    assert {file: repository.content(file) for file in repository.files("**/*.y*ml")} == before


def test_a_value_that_is_so_already_is_said_and_nothing_is_edited(repository: Repository) -> None:
    before = repository.text("environments/prod.yml")

    said = set_values(repository, "prod", [f"{PARAMETERS}.times=2", f"{PARAMETERS}.word=Good morning"])

    assert "nothing to set" in said.to_text()
    assert "base/pipelines/greet.yml:6:15" in said.to_text()
    assert repository.text("environments/prod.yml") == before


def test_a_value_that_would_repeat_what_it_overrides_is_refused_with_the_fix(repository: Repository) -> None:
    set_values(repository, "prod", [f"{PARAMETERS}.word=Hello"])

    with pytest.raises(Refused) as refused:
        set_values(repository, "prod", [f"{PARAMETERS}.word=Good morning"])

    (finding,) = refused.value.findings
    assert finding.rule == "redundant" and finding.fix == f"run: graft set prod --unset {PARAMETERS}.word"


def test_a_mapping_that_would_be_merged_with_another_is_refused_with_both_ways(repository: Repository) -> None:
    with pytest.raises(Refused) as refused:
        set_values(repository, "prod", ["pipelines.greet.steps.people/greet={cache: false}"])

    assert "~people/greet=..." in refused.value.findings[0].fix

    set_values(repository, "prod", ["pipelines.greet.steps.~people/greet={cache: false, uses: [database, storage]}"])
    merged = merge.load(repository).environments["prod"].parameters
    assert lookup(merged, ("pipelines", "greet", "steps", "people/greet")) == {
        "cache": False,
        "uses": ["database", "storage"],
    }


def test_a_key_is_taken_out_with_the_mappings_that_held_nothing_else(repository: Repository) -> None:
    set_values(repository, "prod", [], ["pipelines.greet.steps.people/greet.accelerator"])

    assert "steps:" not in repository.text("environments/prod.yml")
    with pytest.raises(GraftError, match=r"base/pipelines/greet\.yml:6"):
        set_values(repository, "prod", [], [f"{PARAMETERS}.word"])
    with pytest.raises(GraftError) as refused:
        set_values(repository, "prod", [], [f"{PARAMETERS}.tims"])
    assert refused.value.fix == "did you mean times?"


def test_a_dry_run_shows_the_edit_and_writes_nothing(repository: Repository) -> None:
    before = repository.text("environments/prod.yml")

    said = set_values(repository, "prod", [f"{PARAMETERS}.times=3"], dry_run=True).to_text()

    assert "-      parameters: {times: 2}\n+      parameters: {times: 3}" in said
    assert repository.text("environments/prod.yml") == before
    render.compare(repository)


def test_an_edit_is_taken_back_where_writing_what_it_renders_fails(repository: Repository) -> None:
    before = repository.text("environments/prod.yml")
    lock = repository.root / "rendered"
    lock.rename(repository.root / "elsewhere")
    lock.write_text("a file in the folder's place")

    with pytest.raises((GraftError, OSError)):
        set_values(repository, "prod", [f"{PARAMETERS}.times=3"])

    assert repository.text("environments/prod.yml") == before


def test_what_is_wrong_already_can_be_set_right(repository: Repository, edit: Edit) -> None:
    edit(repository.root / "environments/prod.yml", "{times: 2}", "{times: two}")

    set_values(repository, "prod", [f"{PARAMETERS}.times=3"])

    assert explain.explain(repository, "prod", f"{PARAMETERS}.times").explanation.value == 3
