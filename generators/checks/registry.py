"""The checks that there are: every other module of this folder, by the functions that it has; a package is none.

    check_objects(rendered, inputs)    the findings of the objects of one unit, their files named inside its folder;
                                       kept until the unit or `inputs` changes
    load_inputs(repository, cache)     what `check_objects` of the same module goes by besides, all of it, as text
    check_fleet(fleet, rendering)      the findings of the fleet and its whole rendered tree
"""  # fmt: skip

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from generators import checks
from generators.fleet import fleet as fleets
from generators.fleet import manifests
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import ObjectChecks, Rendering
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output.digest import digest

Inputs = tuple[tuple[str, str], ...]  # the name of a module, and what it goes by


@dataclass(frozen=True)
class Judged:
    """A repository with its manifests, and everything that is wrong with them."""

    fleet: Fleet
    rendering: Rendering
    findings: tuple[Finding, ...]


def judge(repository: Repository, cache: Cache) -> Judged:
    """Read, render and check a repository; the rendered tree is compared once its sources are in order."""
    fleet = fleets.load(repository, cache)
    rendering = manifests.render(fleet, checks=object_checks(repository, cache))
    return Judged(fleet, rendering, (*fleet.findings, *rendering.findings, *check_fleet(fleet, rendering)))


def object_checks(repository: Repository, cache: Cache) -> ObjectChecks:
    """Every check of the objects of single units, as one."""
    modules = [module for module in _modules() if hasattr(module, "check_objects")]
    inputs = tuple((module.__name__, _inputs(module, repository, cache)) for module in modules)
    return ObjectChecks(partial(_check_objects, inputs), digest(*(part for each in inputs for part in each)))


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of every check of the whole."""
    for module in _modules():
        if hasattr(module, "check_fleet"):
            yield from module.check_fleet(fleet, rendering)


def _modules() -> list[ModuleType]:
    names = sorted(found.name for found in pkgutil.iter_modules(checks.__path__) if not found.ispkg)
    return [
        importlib.import_module(f"{checks.__name__}.{name}")
        for name in names
        if name != "registry" and not name.startswith("_")
    ]


def _inputs(module: ModuleType, repository: Repository, cache: Cache) -> str:
    return module.load_inputs(repository, cache) if hasattr(module, "load_inputs") else ""


def _check_objects(inputs: Inputs, rendered: RenderedUnit) -> list[Finding]:
    modules = ((importlib.import_module(name), text) for name, text in inputs)
    return [finding for module, text in modules for finding in module.check_objects(rendered, text)]
