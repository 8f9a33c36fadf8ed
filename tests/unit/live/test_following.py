"""A run is told step by step, each thing once, and is followed over a silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from generators.errors import Unreached
from generators.live.following import follow
from generators.live.model import Run, Step


def asked(*answers: Any) -> Any:
    """Gives one answer after the other, and raises those that are errors."""
    left: Iterator[Any] = iter(answers)

    def ask() -> Run:
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask


def run(phase: str, *steps: Step, **more: Any) -> Run:
    return Run("churn-1", phase, steps=steps, **more)


def events(*answers: Any, **more: Any) -> list[tuple[str, str, str]]:
    told: list[tuple[str, str, str]] = []
    follow(asked(*answers), lambda kind, path, seconds, text: told.append((kind, path, text)), every=0, **more)
    return told


def test_a_step_is_told_when_it_starts_and_when_it_ends() -> None:
    running, done = Step("a", "train", "RUNNING"), Step("a", "train", "SUCCEEDED", 4.0)

    told = events(run("Running", running), run("Running", running), run("Succeeded", done))

    assert told == [("started", "train", ""), ("succeeded", "train", "")]


def test_a_step_that_came_and_went_between_two_questions_is_told_whole() -> None:
    assert events(run("Succeeded", Step("a", "train", "SUCCEEDED"))) == [
        ("started", "train", ""),
        ("succeeded", "train", ""),
    ]
    assert events(run("Succeeded", Step("a", "train", "REUSED"))) == [("reused", "train", "")]


def test_what_a_step_waits_for_is_told_once() -> None:
    waits = Step("a", "train", "WAITING", message="Unschedulable: 0/1 nodes are available")

    told = events(run("Running", waits), run("Running", waits), run("Succeeded", Step("a", "train", "SUCCEEDED")))

    assert told[:1] == [("output", "train", "Unschedulable: 0/1 nodes are available")]
    assert [kind for kind, *_ in told] == ["output", "started", "succeeded"]


def test_the_step_that_the_run_failed_of_is_told_with_its_last_lines() -> None:
    failed = Step("a", "train", "FAILED", message="exit code 1")

    told = events(run("Failed", failed, step="train", log="epoch 1\nValueError: no data"))

    assert told[-1] == ("failed", "train", "exit code 1\nepoch 1\nValueError: no data")


def test_a_silence_is_told_once_and_does_not_end_the_following() -> None:
    silence = Unreached("connection refused")

    told = events(run("Running"), silence, silence, run("Running"), run("Succeeded"))

    assert told == [
        ("output", "", "no answer: connection refused; asking again"),
        ("output", "churn-1", "it answers again"),
    ]


def test_a_silence_that_is_too_long_ends_it() -> None:
    with pytest.raises(Unreached, match="refused"):
        events(run("Running"), *[Unreached("refused")] * 3, patience=-1)
