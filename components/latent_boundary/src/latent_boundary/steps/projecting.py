"""The step that makes the model: all boundaries together, each without the components along the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from graft_steps import say
from graft_steps.checks import StepError

from latent_boundary import boundaries, dataset, files, model, results
from latent_boundary.projection import conditional

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def project(data: Path, folders: Sequence[Path], attributes: Sequence[str], out: Path, found: Path) -> dict[str, Any]:
    """Write the model into the folder `out` and what is known of all boundaries into `found`; return its facts.

    Attributes are in the order in which they were asked for; each must have one boundary.
    """
    loaded = {trained.attribute: (trained, boundary) for trained, boundary in map(results.load, folders)}
    if sorted(loaded) != sorted(attributes) or len(folders) != len(attributes):
        raise StepError(f"attributes: {sorted(attributes)} were asked for, and the boundaries are of {sorted(loaded)}")
    trained = [loaded[name][0] for name in attributes]
    normals = np.concatenate([loaded[name][1].normal for name in attributes])
    directions = model.Directions(
        tuple(attributes), normals, conditional(normals, attributes), np.array([each.offset for each in trained])
    )
    for name, own, left in zip(attributes, normals, directions.conditional, strict=True):
        say(f"{name}: cosine {boundaries.cosine(own, left):.3f} between boundary and conditional direction")
    codes = dataset.load(data)
    facts = {**codes.facts, **trained[0].used, "data_digest": codes.digest(), "images": len(codes.seeds)}
    facts["attributes"] = list(attributes)  # a data set from elsewhere may hold more
    seen = {"trained_on": sorted({code for each in trained for code in each.trained_on})}
    model.export(directions, codes.latents[0], {**facts, **seen}, out)
    found.mkdir(parents=True, exist_ok=True)
    files.write_facts(found / results.RESULTS, {"used": facts, "boundaries": [each.as_json() for each in trained]})
    return facts
