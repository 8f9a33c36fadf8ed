"""The step that writes the images as TFRecord."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import say

from data_centric import dataset, tfrecords

if TYPE_CHECKING:
    from pathlib import Path


def write_records(data: Path, facts: dict[str, Any], out: Path) -> dict[str, Any]:
    """Write a file a part into the folder `out`; return the facts of the data, which go with them."""
    rows = dataset.read(data)
    prints = dataset.fingerprints(data, rows)
    written = tfrecords.write(data, rows, {**facts, "fingerprints": prints}, out)
    say(", ".join(f"{count} records of {part}" for part, count in written.items()))
    return facts
