"""Loops: items from everywhere, nested, limited, empty; and what they gather."""

import time

import pytest
from kfp import dsl
from kfp.dsl import Collected

from generators.errors import Refused


def test_a_loop_over_constants_gathers_in_order(execute, kit):
    @dsl.pipeline(name="constants")
    def pipeline() -> str:
        with dsl.ParallelFor(items=["a", "b", "c"], name="each") as item:
            said = kit.say(text=item)
        return kit.listed(values=Collected(said.outputs["out"])).outputs["out"]

    outcome = execute(pipeline)
    assert outcome.outputs["Output"] == '["a","b","c"]'
    assert set(outcome.states) == {"each/0/say", "each/1/say", "each/2/say", "listed"}


def test_a_loop_over_a_parameter_keeps_integers_as_integers(execute, kit):
    @dsl.pipeline(name="integers")
    def pipeline(units: list[int] = [64, 128]) -> str:  # noqa: B006
        with dsl.ParallelFor(items=units, name="each") as item:
            given = kit.number(value=item)
        return kit.listed(values=Collected(given.outputs["out"])).outputs["out"]

    assert execute(pipeline).outputs["Output"] == "[64,128]"


def test_a_field_of_an_item_reaches_its_task(execute, kit):
    @dsl.pipeline(name="fields")
    def pipeline(text: str = '[{"letter": "x", "n": 1}, {"letter": "y", "n": 2}]'):
        found = kit.items(json_text=text)
        with dsl.ParallelFor(items=found.outputs["out"], name="each") as item:
            kit.say(text=item.letter)
            kit.number(value=item.n)

    outcome = execute(pipeline)
    assert [outcome.output(f"each/{index}/say") for index in (0, 1)] == ["x", "y"]
    assert [outcome.output(f"each/{index}/number") for index in (0, 1)] == [1, 2]


def test_loops_inside_loops_gather_lists_of_lists(execute, kit):
    @dsl.pipeline
    def inner(letter: str) -> list[str]:
        with dsl.ParallelFor(items=[1, 2], name="digits") as digit:
            said = kit.say(text=f"{letter}{digit}")
        return Collected(said.outputs["out"])

    @dsl.pipeline(name="nested")
    def pipeline(letters: list[str] = ["a", "b"]) -> str:  # noqa: B006
        with dsl.ParallelFor(items=letters, name="letters") as letter:
            said = inner(letter=letter)
        return kit.listed(values=Collected(said.output)).outputs["out"]

    assert execute(pipeline).outputs["Output"] == '[["a1","a2"],["b1","b2"]]'


def test_a_loop_directly_in_a_loop_runs_every_pair(execute, kit):
    @dsl.pipeline(name="direct")
    def pipeline():
        with dsl.ParallelFor(items=["a", "b"], name="outer") as letter:
            with dsl.ParallelFor(items=[1, 2], name="inner") as digit:
                kit.number(value=digit)
            kit.say(text=letter)

    states = execute(pipeline).states
    assert {path for path in states if "inner" in path} == {f"outer/{i}/inner/{j}/number" for i in "01" for j in "01"}


def test_an_item_that_kfp_does_not_hand_to_an_inner_loop_is_refused(execute, kit):
    @dsl.pipeline(name="lost")
    def pipeline():
        with dsl.ParallelFor(items=["a"], name="outer") as letter, dsl.ParallelFor(items=[1], name="inner") as digit:
            kit.say(text=f"{letter}{digit}")

    with pytest.raises(Refused) as refused:
        execute(pipeline)
    found = {(finding.rule, finding.message) for finding in refused.value.findings}
    assert ("reference", "the DAG around it has no input parameter pipelinechannel--loop-item-param-1") in found


def test_an_empty_loop_gathers_an_empty_list(execute, kit):
    @dsl.pipeline(name="empty")
    def pipeline(letters: list[str]) -> str:
        with dsl.ParallelFor(items=letters, name="each") as letter:
            said = kit.say(text=letter)
        return kit.listed(values=Collected(said.outputs["out"])).outputs["out"]

    assert execute(pipeline, {"letters": []}).outputs["Output"] == "[]"


def test_gathered_artifacts_arrive_as_a_list_with_their_metadata(execute):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def measure(letter: str, data: dsl.Output[dsl.Dataset], metrics: dsl.Output[dsl.Metrics]):
        with open(data.path, "w") as file:  # noqa: PTH123
            file.write(letter)
        metrics.log_metric("accuracy", 0.5 if letter == "a" else 1)

    @dsl.component(base_image="kit", install_kfp_package=False)
    def join(data: dsl.Input[list[dsl.Dataset]], metrics: dsl.Input[list[dsl.Metrics]]) -> str:
        texts = [open(item.path).read() for item in data]  # noqa: PTH123, SIM115
        return f"{texts} {[item.metadata['accuracy'] for item in metrics]}"

    @dsl.pipeline(name="gathered")
    def pipeline(letters: list[str]) -> str:
        with dsl.ParallelFor(items=letters, name="each") as letter:
            made = measure(letter=letter)
        return join(data=Collected(made.outputs["data"]), metrics=Collected(made.outputs["metrics"])).output

    assert execute(pipeline, {"letters": ["a", "b"]}).outputs["Output"] == "['a', 'b'] [0.5, 1]"


def test_a_loop_over_artifacts_hands_on_one_at_a_time(execute, kit):
    @dsl.pipeline
    def several(letters: list[str]) -> list[dsl.Dataset]:
        with dsl.ParallelFor(items=letters, name="each") as letter:
            made = kit.make(text=letter)
        return Collected(made.outputs["data"])

    @dsl.pipeline(name="over-artifacts")
    def pipeline(letters: list[str] = ["a", "b"]):  # noqa: B006
        with dsl.ParallelFor(items=several(letters=letters).output, name="readers") as data:
            kit.read(data=data)

    outcome = execute(pipeline)
    assert [outcome.output(f"readers/{index}/read") for index in (0, 1)] == ["a", "b"]


def test_parallelism_limits_how_many_iterations_run_at_once(execute, kit):
    @dsl.pipeline(name="limited")
    def pipeline():
        with dsl.ParallelFor(items=["0.05"] * 4, name="each", parallelism=1) as seconds:
            kit.nap(seconds=seconds)

    kinds = [event.kind for event in execute(pipeline).events[1:]]
    assert kinds == ["started", "succeeded"] * 4


def test_a_failing_iteration_ends_the_others_and_is_named(execute):
    @dsl.container_component
    def picky(seconds: str):
        return dsl.ContainerSpec("kit", ["sh", "-ec", 'sleep "$0"'], [seconds])

    @dsl.pipeline(name="picky")
    def pipeline():
        with dsl.ParallelFor(items=["60", "wrong"], name="each") as seconds:
            picky(seconds=seconds)

    start = time.monotonic()
    outcome = execute(pipeline)
    assert outcome.failure.step == "each/1/picky"
    assert outcome.states == {"each/0/picky": "ENDED", "each/1/picky": "FAILED"}
    assert time.monotonic() - start < 10


def test_an_item_of_another_type_than_declared_fails_its_iteration(execute, kit):
    @dsl.pipeline(name="mistyped")
    def pipeline(units: list[int]):
        with dsl.ParallelFor(items=units, name="each") as item:
            kit.number(value=item)

    outcome = execute(pipeline, {"units": [1, "two"]})
    assert outcome.failure.step == "each/1"
    assert '"two" is not an integer' in outcome.failure.reason


def test_an_iteration_whose_task_was_skipped_gathers_nothing(execute, kit):
    @dsl.pipeline
    def some(letters: list[str]) -> list[str]:
        with dsl.ParallelFor(items=letters, name="each") as letter, dsl.If(letter != "b", name="wanted"):
            said = kit.say(text=letter)
        return Collected(said.outputs["out"])

    @dsl.pipeline(name="partly")
    def pipeline() -> str:
        return kit.listed(values=some(letters=["a", "b", "c"]).output).outputs["out"]

    assert execute(pipeline).outputs["Output"] == '["a","c"]'
