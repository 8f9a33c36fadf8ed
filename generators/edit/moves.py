"""One pipeline's definition brought into an environment: the pin, and the digests of images that it needs there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.fleet.images import images_of
from generators.inventory.paths import KeyPath
from generators.ir.definitions import Definition
from generators.model import UNBUILT, Environment, Image

Edit = tuple[KeyPath, Any]  # a path in the environment and its value, None to take out what is there


def pin(pipeline: str, definition: str, tracks: bool) -> Iterator[Edit]:
    """The edits that make an environment run a definition, whatever it ran."""
    yield ("pipelines", pipeline, "definition"), definition
    if tracks:
        yield ("pipelines", pipeline, "track"), None


def images(source: Environment, target: Environment, definition: Definition) -> Iterator[Edit]:
    """The digests that the definition's sources need, that `source` lists and `target` does not.

    So are whole references to images that are no component. Those of other sources stay, to go back to.
    """
    pipeline = next(each for each in target.pipelines if each.name == definition.pipeline)
    for image in sorted(images_of(pipeline, definition)):
        listed, known = source.images.get(image), target.images.get(image)
        if listed is None:
            continue
        wanted = definition.sources.get(image)
        if wanted is None and listed.reference and known is None:
            yield ("images", image), listed.reference
        elif wanted and listed.digest(wanted) != UNBUILT and (known or Image()).digest(wanted) == UNBUILT:
            yield ("images", image, wanted), listed.digest(wanted)
