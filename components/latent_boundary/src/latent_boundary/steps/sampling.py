"""The steps around sampling: what each shard has to do, and all shards brought together in one order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graft_steps import places, say
from graft_steps.checks import one_of

from latent_boundary import classifiers, dataset, samples, scores, seeds, settings
from latent_boundary.linear import Linear

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def plan(seed: int, images: int, shards: int, attributes: list[str], generator: str, classifier: str) -> list[str]:
    """Check what the whole sampling rests on, and return a range of seeds for each shard."""
    classifiers.check(classifier, settings.attributes(attributes))
    if not places.is_place(generator):
        one_of("generator", generator, (Linear.name,))
    wanted = seeds.of_run(settings.seed(seed), settings.images(images))
    found = seeds.shards(wanted, settings.shards(shards))
    say(f"{len(wanted)} pictures in {len(found)} shards: {', '.join(found)}")
    return found


def combine(latents: Sequence[Path], scored: Sequence[Path], seed: int, images: int, out: Path) -> dict[str, Any]:
    """Bring all shards together in the order of the seeds, into the folder `out`; return the data set's facts."""
    expected = seeds.of_run(settings.seed(seed), settings.images(images))
    shards = [samples.read_codes(folder) for folder in latents]
    found = dataset.combined(shards, [scores.read(folder) for folder in scored], expected)
    found.save(out)
    say(f"{len(found.seeds)} pictures of {len(shards)} shards, {found.facts['pictures']} of them different")
    say(f"digest {found.digest()[:16]}")
    return {**found.facts, "digest": found.digest(), "images": len(found.seeds)}
