"""The record of a run: whole or not at all, the same whoever listens."""

from __future__ import annotations

import json

import pytest

from generators.runner.record import Record, write
from generators.runner.results import Failure, Result, State, Values


def test_a_document_that_cannot_be_written_leaves_the_old_one(tmp_path):
    file = tmp_path / "run.json"
    write(file, {"state": "first"})
    with pytest.raises(TypeError):
        write(file, {("no", "key"): 1})
    assert json.loads(file.read_text()) == {"state": "first"}


def test_a_step_is_recorded_from_its_start_to_its_end():
    events = []
    record = Record(events.append)
    record.started("a", Values({"n": 1}), None)
    record.ended("a", Result(State.FAILED, failure=Failure("a", "broken")))
    [step] = record.steps
    assert (step.path, step.state, step.reason, step.inputs.parameters) == ("a", "FAILED", "broken", {"n": 1})
    assert [(event.kind, event.text) for event in events] == [("started", ""), ("failed", "broken")]


def test_a_task_that_never_began_is_recorded_without_an_attempt():
    record = Record(lambda event: None)
    record.ended("a", Result(State.SKIPPED))
    assert [(step.state, step.attempts) for step in record.steps] == [("SKIPPED", 0)]


def test_iterations_stand_in_the_order_of_their_numbers_whichever_began_first():
    record = Record(lambda event: None)
    for path in ("first", "each/10/a", "each/1/a", "each/1/b", "each/10/b", "last"):
        record.started(path, Values(), None)

    assert [step.path for step in record.steps] == ["first", "each/1/a", "each/10/a", "each/1/b", "each/10/b", "last"]
