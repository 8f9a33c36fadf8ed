"""A record in one line of 140 characters, and the state that GitHub knows for its phase."""

from __future__ import annotations

import pytest
from operations.github import GitHub
from operations.model import Run, as_json
from operations.records import Record
from operations.reporting import LONGEST, Reporting, described, headline

RUN = Run("churn-1a2b", "churn", "churn-1")


def record(phase: str, **data: str) -> Record:
    return Record(RUN, {"phase": phase, **data})


@pytest.mark.parametrize(
    ("metrics", "text"),
    [
        ({"gate: accuracy": 0.7912, "gate: loss": 0.2, "variants/each/evaluate: accuracy": 0.5}, "accuracy 0.79"),
        ({"train: loss": 0.123, "variants/each/train: a": 1}, "loss 0.12"),
        ({"prepare: items": 360}, "items 360"),
        ({}, ""),
    ],
)
def test_the_metric_that_says_most(metrics: dict[str, float], text: str) -> None:
    assert headline(as_json({"metrics": metrics})) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"phase": "Succeeded", "outputs": '{"metrics":{"gate: accuracy":0.79}}'}, "Succeeded: accuracy 0.79"),
        ({"phase": "Succeeded"}, "Succeeded: churn-1a2b"),
        (
            {"phase": "Failed", "step": "variants/train", "message": "exit\ncode 1"},
            "Failed: variants/train: exit code 1",
        ),
        ({"phase": "Running"}, "Running: churn-1a2b"),
    ],
)
def test_a_record_in_words(data: dict[str, str], text: str) -> None:
    assert described(Record(RUN, data)) == text


def test_a_long_reason_is_cut_to_what_github_takes() -> None:
    assert len(described(record("Error", message="a" * 500))) == LONGEST


@pytest.mark.parametrize(
    ("phase", "state"),
    [
        ("Starting", "pending"),
        ("Running", "pending"),
        ("Succeeded", "success"),
        ("Skipped", "success"),
        ("Failed", "failure"),
        ("Error", "error"),
        ("Lost", "error"),
        ("Refused", "error"),
        ("Canceled", "error"),
    ],
)
def test_each_phase_has_a_state(phase: str, state: str, repository: GitHub) -> None:
    status = Reporting(repository, None, "staging", "staging-us", "main").status(record(phase))
    assert (status.state, status.context) == (state, "graft/staging/staging-us/churn")
