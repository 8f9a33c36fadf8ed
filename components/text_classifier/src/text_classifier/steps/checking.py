"""The step that checks what is to be learnt from: skew to the test texts, drift since the champion, noise in labels."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from graft_steps import records, registry, say
from graft_steps.checks import StepError
from graft_steps.models import facts_of
from graft_steps.run_context import RunContext

from text_classifier import dataset, features, noise, plots, report
from text_classifier.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from text_classifier.features import Distance, Shares

SKEW, DRIFT = "skew", "drift"
SHOWN = 20  # suspicious labels in the report


def check(data: Path, limits: dict[str, Any], page: Path) -> dict[str, float]:
    """Write a page, then stop the run where a limit is exceeded; return the numbers."""
    wanted = Limits.checked(limits)
    loaded, facts = dataset.read(data)
    learnt = features.learnt(loaded)
    found = {SKEW: features.distances(learnt, features.shares(loaded.test, loaded))}
    if known := _champions():
        found[DRIFT] = features.distances(known, learnt)
    suspects = noise.suspicious(loaded.training, facts["used"]["split_seed"])
    rows = [
        (loaded.training.texts[place], loaded.classes[loaded.training.labels[place]], loaded.classes[other])
        for place, other in zip(suspects.places[:SHOWN], suspects.others[:SHOWN], strict=True)
    ]
    notes = [*_notes(found), f"Labels that other texts speak against: {suspects.share:.1%} of the training part."]
    bars = {
        name: [(each.feature, each.distance) for each in sorted(rows, key=lambda row: row.feature)]
        for name, rows in found.items()
    }
    pictures = plots.features(bars, {SKEW: wanted.skew, DRIFT: wanted.drift}, page.parent / "plots")
    page.write_text(report.features_page(found, notes, rows, pictures))
    for note in notes:
        say(note)
    _refuse(found, wanted, suspects.share, rows)
    return {
        f"{name}_{each.feature.replace(' ', '_')}": each.distance for name, rows in found.items() for each in rows
    } | {"suspicious_labels": suspects.share}


def _champions() -> Shares | None:
    """The features of the texts that the champion was trained on, None where there is no champion or it names none."""
    context = RunContext.from_variables(os.environ)
    champion = registry.champion(records.client(context), context.pipeline)
    if champion is None:
        return None
    with registry.downloaded(champion.uri) as folder:
        return facts_of(folder).get("features")


def _refuse(found: dict[str, list[Distance]], limits: Limits, noisy: float, rows: list[tuple[str, ...]]) -> None:
    objections = [
        f"{name} beyond limits.{name} ({limit:g}): {'; '.join(map(str, worst))}"
        for name, limit in ((SKEW, limits.skew), (DRIFT, limits.drift))
        if (worst := features.beyond(found.get(name, []), limit))
    ]
    if noisy > limits.noise:
        first = "; ".join(
            f"{text[:50]!r} is labelled {label}, the others say {other}" for text, label, other in rows[:3]
        )
        objections.append(
            f"{noisy:.0%} of the labels are suspicious, more than limits.noise ({limits.noise:g}): {first}"
        )
    if objections:
        raise StepError(f"{'. '.join(objections)}. Look at the texts; where they are right, raise the limit")


def _notes(found: dict[str, list[Distance]]) -> list[str]:
    words = {SKEW: "Between training and test texts", DRIFT: "Since the champion was trained"}
    notes = [f"{words[name]}, the greatest distance is of {rows[0]}." for name, rows in found.items()]
    return notes if DRIFT in found else [*notes, "There is no champion to have drifted from."]
