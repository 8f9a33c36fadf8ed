"""The checks that there are: every other module of this folder that has one of two functions.

look(made, given)         the findings of the objects of one unit, their files named inside its folder; kept until
                          the unit or `given` changes. `given(repository, cache)`, where the module has it, is a text
                          that holds all that it goes by besides
check(fleet, rendering)   the findings of the fleet and its whole rendered tree
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import partial
from types import ModuleType

from generators import checks
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Inspection, Rendering
from generators.fleet.units import Made
from generators.inventory.read import Repository
from generators.model import Finding
from generators.output.digest import digest

Given = tuple[tuple[str, str], ...]  # the name of a module, and what it goes by


def inspection(repository: Repository, cache: Cache) -> Inspection:
    """Every check of single units, as one look at each."""
    looking = [module for module in _modules() if hasattr(module, "look")]
    given = tuple((module.__name__, _given(module, repository, cache)) for module in looking)
    return Inspection(partial(_look, given), digest(*(part for each in given for part in each)))


def findings(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of every check of the whole."""
    for module in _modules():
        if hasattr(module, "check"):
            yield from module.check(fleet, rendering)


def _modules() -> list[ModuleType]:
    names = sorted(found.name for found in pkgutil.iter_modules(checks.__path__))
    return [importlib.import_module(f"{checks.__name__}.{name}") for name in names if name != "registry"]


def _given(module: ModuleType, repository: Repository, cache: Cache) -> str:
    return module.given(repository, cache) if hasattr(module, "given") else ""


def _look(given: Given, made: Made) -> list[Finding]:
    return [finding for name, text in given for finding in importlib.import_module(name).look(made, text)]
