"""What the SavedModel's answers on the test texts are worth, beside always naming the most frequent class."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graft_steps.checks import StepError
from graft_steps.plots import confusion
from graft_steps.statistics import Proportion, majority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graft_steps.estimate import Estimate

FILE = "results.json"
MAJORITY = "always naming the most frequent class"
SHOWN = 10  # texts that were answered wrongly, in the report


def measured(
    texts: Sequence[str], truth: Sequence[int], answers: Sequence[int], names: Sequence[str]
) -> dict[str, Any]:
    """The numbers of a test; StepError where every text is answered alike."""
    if len(set(answers)) < 2 < len(texts):
        raise StepError(
            f"the model answers {names[answers[0]]!r} to every test text: it has learnt nothing; raise epochs or "
            "learning_rate, or look at the labels"
        )
    wrong = [place for place, (true, said) in enumerate(zip(truth, answers, strict=True)) if true != said]
    by_class = {
        name: [sum(s == number for t, s in zip(truth, answers, strict=True) if t == number), truth.count(number)]
        for number, name in enumerate(names)
    }
    return {
        "right": len(texts) - len(wrong),
        "n": len(texts),
        "majority": majority(truth),
        "by_class": by_class,
        "confusion": confusion(truth, answers, len(names)),
        "wrong": [[texts[place], names[truth[place]], names[answers[place]]] for place in wrong[:SHOWN]],
        "truth": list(truth),
        "answers": list(answers),
    }


def estimate(results: dict[str, Any]) -> Estimate:
    """The accuracy with its interval."""
    return Proportion(results["right"], results["n"]).estimate()


def metrics(results: dict[str, Any]) -> dict[str, float]:
    """The numbers that a record of the run keeps."""
    recalls = {f"recall_{name}": right / n for name, (right, n) in results["by_class"].items() if n}
    return {**estimate(results).metrics(), "majority": results["majority"], **recalls}


def read(folder: Path) -> dict[str, Any]:
    """What `evaluate` wrote down."""
    return json.loads((folder / FILE).read_text("utf-8"))
