"""What an earlier run left is taken in place of running a step again, and never where it would be another result.

kfp reads the annotations of components as objects: no postponed annotations here.
"""

import json
from pathlib import Path

import pytest
from kfp import dsl

from generators.errors import GraftError
from generators.runner import code, reuse


@pytest.fixture
def pipeline(kit):
    @dsl.pipeline(name="chain")
    def chain(text: str = "hi", other: str = "x") -> str:
        made = kit.make(text=text)
        read = kit.read(data=made.outputs["data"])
        kit.say(text=other).set_display_name("beside")
        return kit.say(text=read.outputs["out"]).set_display_name("last").outputs["out"]

    return chain


def _again(execute, tmp_path, pipeline, first="", **parameters):
    """Run once, then again with what the first run left; the kinds of the second's events by step."""
    execute(pipeline)
    known = reuse.last(tmp_path / ".graft/runs/chain", "chain", first)
    outcome = execute(pipeline, parameters, reuse=known)
    return outcome, {event.path: event.kind for event in outcome.events if event.kind in ("reused", "started")}


def test_a_run_begins_at_a_step_and_runs_what_waits_for_it(execute, tmp_path, pipeline):
    outcome, kinds = _again(execute, tmp_path, pipeline, "read")

    assert kinds == {"make": "reused", "beside": "reused", "read": "started", "last": "started"}
    assert outcome.outputs == {"Output": "hi"}


def test_a_step_that_is_given_something_else_runs_all_the_same(execute, tmp_path, pipeline):
    outcome, kinds = _again(execute, tmp_path, pipeline, "last", text="ho")

    assert kinds == {"make": "started", "beside": "reused", "read": "started", "last": "started"}
    assert outcome.outputs == {"Output": "ho"}


def test_where_nothing_has_changed_nothing_runs(execute, tmp_path, pipeline):
    outcome, kinds = _again(execute, tmp_path, pipeline)

    assert set(kinds.values()) == {"reused"}
    assert outcome.outputs == {"Output": "hi"}


def test_only_what_a_changed_parameter_reaches_runs(execute, tmp_path, pipeline):
    _, kinds = _again(execute, tmp_path, pipeline, other="y")

    assert kinds == {"make": "reused", "read": "reused", "last": "reused", "beside": "started"}


def test_an_artifact_that_is_gone_is_made_again(execute, tmp_path, pipeline):
    execute(pipeline)
    known = reuse.last(tmp_path / ".graft/runs/chain", "chain")
    Path(known.steps["make"]["outputs"]["artifacts"]["data"][0]["uri"]).unlink()

    kinds = {event.path: event.kind for event in execute(pipeline, reuse=known).events}

    assert kinds["make"] == "succeeded" and kinds["beside"] == "reused"


def test_iterations_are_reused_one_by_one_and_a_step_is_named_without_their_numbers(execute, tmp_path, kit):
    @dsl.pipeline(name="chain")
    def loop(items: list = ["a", "b"]) -> list:  # noqa: B006
        with dsl.ParallelFor(items, name="each") as item:
            said = kit.say(text=item)
        return dsl.Collected(said.outputs["out"])

    _, changed = _again(execute, tmp_path, loop, items=["a", "c"])
    assert changed == {"each/0/say": "reused", "each/1/say": "started"}

    outcome = execute(loop, reuse=reuse.last(tmp_path / ".graft/runs/chain", "chain", "each/say"))
    assert {event.kind for event in outcome.events if event.path.startswith("each/")} == {"started", "succeeded"}


def test_a_step_that_is_not_there_is_refused_with_the_nearest(execute, tmp_path, pipeline):
    execute(pipeline)
    with pytest.raises(GraftError) as refused:
        reuse.last(tmp_path / ".graft/runs/chain", "chain", "reed")
    assert (refused.value.message, refused.value.fix) == (
        "--from reed: the last run of chain has no such step",
        "did you mean read?",
    )


def test_without_a_run_there_is_nothing_to_reuse(tmp_path):
    with pytest.raises(GraftError, match="has not been run here yet"):
        reuse.last(tmp_path, "chain")


def test_the_code_of_a_step_is_what_it_imports(tmp_path):
    package = tmp_path / "src" / "work"
    package.mkdir(parents=True)
    texts = {"__init__": "", "a": "from work import b", "b": "x = 1", "c": "x = 1", "d": "from . import c"}
    for name, text in texts.items():
        (package / f"{name}.py").write_text(text + "\n")
    commands = {"python": ["def f():\n    from work import a\n"], "module": ["python", "-m", "work.d"]}

    def digests():
        return {name: code.digest(texts, [tmp_path / "src"]) for name, texts in commands.items()}

    before = digests()
    (package / "c.py").write_text("x = 2\n")
    after = digests()
    (package / "b.py").write_text("x = 2\n")

    assert [name for name in commands if before[name] != after[name]] == ["module"]
    assert [name for name in commands if after[name] != digests()[name]] == ["python"]


def test_the_record_says_what_was_reused(execute, tmp_path, pipeline):
    _again(execute, tmp_path, pipeline)
    files = sorted((tmp_path / ".graft/runs/chain").glob("*/run.json"))

    first, second = (json.loads(file.read_text())["steps"] for file in files)
    assert [step["attempts"] for step in first] == [1] * 4
    assert [step["attempts"] for step in second] == [0] * 4
    assert {step["path"]: step["code"] for step in first} == {step["path"]: step["code"] for step in second}
