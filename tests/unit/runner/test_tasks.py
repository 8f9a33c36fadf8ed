# ruff: noqa: UP045
"""Tasks: conditions, alternatives, retries, deadlines."""

from typing import Optional  # kfp does not read `str | None`

import pytest
from kfp import dsl, kubernetes
from kfp.dsl import OneOf

from generators.errors import Refused


@pytest.fixture(scope="module")
def branches(kit):
    @dsl.pipeline(name="branches")
    def pipeline(n: int, lr: float = 0.5) -> str:
        given = kit.number(value=n)
        with dsl.If(given.outputs["out"] > 10, name="many"):
            first = kit.say(text="many")
        with dsl.Elif(lr > 0.6, name="fast"):
            second = kit.say(text="fast")
        with dsl.Else(name="else"):
            third = kit.say(text="else")
        return kit.say(text=OneOf(first.outputs["out"], second.outputs["out"], third.outputs["out"])).outputs["out"]

    return pipeline


@pytest.mark.parametrize(
    ("parameters", "branch"),
    [({"n": 11}, "many"), ({"n": 1, "lr": 0.7}, "fast"), ({"n": 10}, "else"), ({"n": 64}, "many")],
)
def test_exactly_one_branch_runs_and_gives_the_value(execute, branches, parameters, branch):
    outcome = execute(branches, parameters)
    assert outcome.outputs["Output"] == branch
    skipped = {path for path, state in outcome.states.items() if state == "SKIPPED"}
    assert skipped == {"many", "fast", "else"} - {branch}


def test_a_text_with_a_quote_can_be_compared_at_run_time(execute, kit):
    @dsl.pipeline(name="quoted")
    def pipeline(left: str, right: str):
        with dsl.If(left == right, name="equal"):
            kit.say(text="same")

    assert "equal/say" in execute(pipeline, {"left": "it's", "right": "it's"}).states


def test_one_of_takes_the_artifact_of_an_importer_or_of_a_step(execute, kit, tmp_path):
    (tmp_path / "kept.txt").write_text("imported")

    @dsl.pipeline(name="either")
    def pipeline(use: str) -> str:
        with dsl.If(use == "kept", name="kept"):
            found = dsl.importer(artifact_uri="kept.txt", artifact_class=dsl.Dataset)
        with dsl.Else(name="made"):
            made = kit.make(text="made")
        return kit.read(data=OneOf(found.output, made.outputs["data"])).outputs["out"]

    runs = [execute(pipeline, {"use": use}, runs=tmp_path / use).outputs["Output"] for use in ("kept", "new")]
    assert runs == ["imported", "made"]


def test_a_condition_that_is_no_cel_is_refused_before_anything_runs(execute, kit):
    @dsl.pipeline(name="no-cel")
    def pipeline(text: str):
        with dsl.If(text == "it's", name="quoted"):
            kit.say(text="x")

    with pytest.raises(Refused) as refused:
        execute(pipeline, {"text": "it's"})
    [finding] = refused.value.findings
    assert (finding.path, finding.rule) == ("root.dag.tasks.condition-1.triggerPolicy.condition", "condition")
    assert "is not valid CEL" in finding.message


def test_a_condition_that_cannot_be_evaluated_fails_the_run(execute, kit):
    @dsl.pipeline(name="undecided")
    def pipeline(limit: Optional[str] = None):
        with dsl.If(limit == "x", name="limited"):
            kit.say(text="x")

    outcome = execute(pipeline)
    assert outcome.failure.step == "limited"
    assert "is neither true nor false" in outcome.failure.reason


@dsl.container_component
def second_time_lucky(folder: str, out: dsl.OutputPath(int)):
    script = 'echo attempt; test -e "$0/tried" || { : > "$0/tried"; exit 1; }; printf 2 > "$1"'
    return dsl.ContainerSpec("kit", ["sh", "-ec", script], [folder, out])


def test_a_retry_runs_the_step_again_and_keeps_one_log(execute, tmp_path):
    @dsl.pipeline(name="retried")
    def pipeline(folder: str):
        second_time_lucky(folder=folder).set_retry(2, backoff_duration="3600s")

    outcome = execute(pipeline, {"folder": str(tmp_path)}, longest_backoff=0.05)
    [step] = outcome.record["steps"]
    assert (step["state"], step["attempts"]) == ("SUCCEEDED", 2)
    assert [event.kind for event in outcome.events if event.kind != "output"] == [
        "run", "started", "failed", "retried", "succeeded",
    ]  # fmt: skip
    assert (outcome.result.directory / "second-time-lucky" / "log.txt").read_text() == "attempt\nattempt\n"


def test_retries_run_out(execute, kit):
    @dsl.pipeline(name="exhausted")
    def pipeline():
        kit.fail().set_retry(2)

    outcome = execute(pipeline, longest_backoff=0.01)
    assert outcome.record["steps"][0]["attempts"] == 3
    assert outcome.failure.step == "fail"


def test_a_nested_pipeline_is_retried_whole(execute, kit, tmp_path):
    @dsl.pipeline
    def inner(folder: str):
        second_time_lucky(folder=folder).after(kit.say(text="before"))

    @dsl.pipeline(name="retried-whole")
    def pipeline(folder: str):
        inner(folder=folder).set_retry(1)

    outcome = execute(pipeline, {"folder": str(tmp_path)})
    assert {step["path"]: step["attempts"] for step in outcome.record["steps"]} == {
        "inner/say": 2,
        "inner/second-time-lucky": 2,
    }


def test_a_step_past_its_deadline_is_ended_and_fails(execute, kit):
    @dsl.pipeline(name="late")
    def pipeline():
        kubernetes.set_timeout(kit.nap(seconds="60"), 1)

    outcome = execute(pipeline)
    assert outcome.failure.reason == "it was ended at its deadline of 1 s"
    assert 1 <= outcome.record["steps"][0]["seconds"] < 5
