"""The step that trains the fixed network, and writes it with its preprocessing inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import say
from graft_steps.checks import integer

from data_centric import examples, exporting, network, tfrecords, training

if TYPE_CHECKING:
    from pathlib import Path


def train(records: Path, prepared: Path, epochs: int, out: Path) -> dict[str, Any]:
    """Train on the examples; write the model into the folder `out`, and return what was used."""
    parts, known = examples.load(prepared)
    made, curves, best = training.fit(parts["train"], parts["validation"], integer("epochs", epochs, 1), known["seed"])
    say(f"the weights of epoch {best} are kept")
    used = {
        **known,
        "epochs": epochs,
        "best_epoch": best,
        "learning_rate": network.LEARNING_RATE,
        "batch_size": network.BATCH_SIZE,
        "network": f"ResNet50 to {network.CUT}",
        "network_parameters": made.count_params(),
    }
    prints = tfrecords.facts(records)["facts"]["fingerprints"]
    learnt = [tfrecords.read(records, part) for part in examples.LEARNT_FROM]
    seen = [prints[name] for names, _, _ in learnt for name in names]
    exporting.export(made, learnt[0][1][0], {"used": used, "curves": curves, "seen": seen}, out)
    return used
