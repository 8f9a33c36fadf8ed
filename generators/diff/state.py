"""One of the two states that are compared, as far as the other differs from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generators.fleet.objects import Objects
from generators.inventory.paths import KeyPath
from generators.ir.definitions import Definition
from generators.model import Environment


@dataclass(frozen=True)
class Side:
    """One of two states.

    objects       of the files in which they differ
    files         all of `rendered/`, by their paths from the repository
    sizes         how many objects each (environment, cluster) has
    environments  what its inputs describe, and `documents` the same as it was merged; none where they cannot be read
    definitions   those that its objects name, by pipeline and hash
    runs          which definition each (environment, pipeline) runs
    place         where a value of an environment was written, as `file:line`, "" where nobody wrote it
    """

    label: str
    objects: Objects = field(default_factory=dict)
    files: tuple[str, ...] = ()
    sizes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    environments: Mapping[str, Environment] = field(default_factory=dict)
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    definitions: Mapping[tuple[str, str], Definition] = field(default_factory=dict)
    runs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    place: Callable[[str, KeyPath], str] = lambda environment, path: ""
