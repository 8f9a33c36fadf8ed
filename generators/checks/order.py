"""Whether Argo CD's own order of applying satisfies what the objects of one Application need of one another.

What is needed of another Application is applied by itself, and got by being tried again: those are listed, not found
fault with. So is an AppProject, which comes after its Applications on purpose (`delivery.projects`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from generators.checks.references import Name, made_by, name_of, needed
from generators.checks.sync import in_order, moment
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import RENDERED, Rendering
from generators.fleet.units import RenderedUnit
from generators.model import Finding, Place

Object = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CACHE = "retried"
_LATE = {"AppProject"}  # what is waited for by trying again, in one Application too
_WAVE = "argocd.argoproj.io/sync-wave"


def check_objects(rendered: RenderedUnit, inputs: str = "") -> Iterator[Finding]:
    """A finding for every object of a unit, which is one Application, that is applied before what it needs."""
    files = {id(obj): file for file, objects in rendered.files.items() for obj in objects if "kind" in obj}
    objects = [obj for each in rendered.files.values() for obj in each if "kind" in obj]
    for obj, other in violations(objects):
        yield _finding(files[id(obj)], obj, other)


def violations(objects: Sequence[Object]) -> Iterator[tuple[Object, Object]]:
    """(an object, what it needs and is applied after it) of one Application."""
    ordered = in_order(objects)
    place = {id(obj): number for number, obj in enumerate(ordered)}
    known = _known(ordered)
    for obj in ordered:
        for name in dict.fromkeys(needed(obj)):
            other = known.get(name)
            if other is not None and other is not obj and name.kind not in _LATE and place[id(other)] > place[id(obj)]:
                yield obj, other


def retried(applications: Mapping[str, Sequence[Object]]) -> Iterator[tuple[str, Name, Name, str]]:
    """(an Application, its object, what that needs, the other Application that has it), tried until it is there."""
    where = {name: application for application, objects in applications.items() for name in _known(objects)}
    for application, objects in applications.items():
        own = _known(objects)
        for obj in objects:
            for name in dict.fromkeys(needed(obj)):
                other = where.get(name)
                if other and (name not in own or name.kind in _LATE):
                    yield application, name_of(obj), name, other


def across(fleet: Fleet, rendering: Rendering) -> list[dict[str, str]]:
    """What `retried` finds in each cluster of each environment, as records; kept until a file changes."""
    digests = (part for path, text in sorted(rendering.tree.items()) for part in (path, text.digest))
    key = fleet.cache.key(*digests)
    found = fleet.cache.get(_CACHE, key)
    if found is None:
        found = [record for cluster in _clusters(rendering).values() for record in _records(cluster)]
        fleet.cache.put(_CACHE, key, found)
    return found


def _clusters(rendering: Rendering) -> dict[str, dict[str, list[Object]]]:
    """The objects of each folder, which is one Application, by the cluster that they go to."""
    found: dict[str, dict[str, list[Object]]] = {}
    for path, text in rendering.tree.items():
        folder = path.rpartition("/")[0]
        documents = yaml.load_all(text.text(), Loader=_LOADER)
        objects = [each for each in documents if isinstance(each, dict) and "kind" in each]
        cluster = "/".join(folder.split("/")[:2])
        found.setdefault(cluster, {}).setdefault(folder, []).extend(objects)
    return found


def _records(applications: Mapping[str, Sequence[Object]]) -> list[dict[str, str]]:
    return [
        {"folder": f"{RENDERED}/{folder}", "object": str(name), "needs": str(other), "from": f"{RENDERED}/{there}"}
        for folder, name, other, there in retried(applications)
    ]


def _known(objects: Iterable[Object]) -> dict[Name, Object]:
    """What is there once objects are applied, by name: themselves, and what is made of them."""
    found: dict[Name, Object] = {}
    for obj in objects:
        for name in (name_of(obj), *made_by(obj)):
            found.setdefault(name, obj)
    return found


def _finding(file: str, obj: Object, other: Object) -> Finding:
    phase, wave = moment(other)
    message = f"{name_of(obj)} is applied before {name_of(other)}, which it needs"
    found = f"wave {moment(obj)[1]}, before wave {wave}" if moment(obj) != (phase, wave) else "the same wave, by kind"
    fix = f'give it the annotation {_WAVE}: "{wave + 1}", or give {name_of(other)} an earlier one'
    return Finding("invalid", "order", "needs", Place(file), "", message, found, fix=fix)
