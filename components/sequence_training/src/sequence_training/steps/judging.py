"""The step that measures: what the SavedModel itself answers on the held-out future."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import StepError
from graft_steps.models import facts_of

from sequence_training import evaluation, exporting, plots, report, series
from sequence_training.settings import Hyperparameters
from sequence_training.windows import parts, windows

if TYPE_CHECKING:
    from pathlib import Path

    from sequence_training.series import Series
    from sequence_training.windows import Windows


def evaluate(data: Path, model: Path, base: Path | None, out: Path, page: Path) -> dict[str, float]:
    """Measure a model, what it started from (`base`) and persistence; write results and page, return the numbers."""
    loaded, facts = series.read(data), facts_of(model)
    how, test = held_out(loaded, facts)
    _require_unseen(loaded, test, facts["seen"])
    answers = {"model": exporting.served(model, test.inputs), "persistence": test.last}
    evaluation.require_answers(exporting.scaler(model).scaled(answers["model"]))
    if base:
        answers["base"] = exporting.served(base, test.inputs)
    scaler = exporting.scaler(model)
    truth = scaler.scaled(test.targets)
    measured = {who: evaluation.estimates(truth, scaler.scaled(said), how.seed) for who, said in answers.items()}
    by_channel = evaluation.channel_r2(test.targets, answers["model"]).tolist()
    results = {
        "used": facts["used"],
        "channels": list(loaded.channels),
        "curves": facts["curves"],
        "estimates": {who: {name: each.as_json() for name, each in found.items()} for who, found in measured.items()},
        "channel_r2": dict(zip(loaded.channels, by_channel, strict=True)),
        "times": loaded.times[test.rows].tolist(),
        "truth": test.targets.tolist(),
        "answers": answers["model"].tolist(),
        "test_digest": _test_digest(loaded, test),
    }
    _write(results, out, page)
    say(report.verdict(results))
    return metrics(results)


def held_out(loaded: Series, facts: dict[str, Any]) -> tuple[Hyperparameters, Windows]:
    """The document that a model was trained by, and the test windows that it left out, in the data's own units."""
    names = [field.name for field in fields(Hyperparameters)]
    how = Hyperparameters.checked({name: facts["used"][name] for name in names})
    return how, windows(loaded.values, parts(loaded, how)["test"])


def metrics(results: dict[str, Any]) -> dict[str, float]:
    """The numbers that a record of the run keeps: the model's with their intervals, others by their owner's name."""
    found = {"r2_n": float(len(results["truth"]))}
    for who, measured in results["estimates"].items():
        for name in measured:
            each = evaluation.estimate(results, who, name)
            if who == "model":
                found |= {name: each.value, f"{name}_low": each.low, f"{name}_high": each.high}
            else:
                found[f"{who}_{name}"] = each.value
    return found | {f"r2_{name}": value for name, value in results["channel_r2"].items()}


def _test_digest(loaded: Series, test: Windows) -> str:
    rows = slice(test.rows[0], test.rows[-1] + 1)
    return series.Series(loaded.times[rows], loaded.values[rows], loaded.channels).digest()


def _require_unseen(loaded: Series, test: Windows, seen: list[str]) -> None:
    prints, known = loaded.fingerprints(), set(seen)
    if shared := sum(prints[row] in known for row in test.rows):
        raise StepError(
            f"the model has learnt from {shared} of the {len(test)} test rows, so the test would say nothing: give "
            "data that go on longer, or the shares that the stored model was trained with"
        )


def _write(results: dict[str, Any], out: Path, page: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / evaluation.FILE).write_text(json.dumps(results))
    page.write_text(report.page(results, plots.draw_all(results, out / "plots")))
    (out / "report.html").write_text(page.read_text())
