"""Whether the policies of `schemas/policies` admit what is rendered, as the API server of its cluster would judge it.

Everything that is for Kubernetes is judged, also where nothing delivers the policies to the cluster: they are the
repository's own rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from generators.delivery.policies import FOLDER, Policies
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.fleet.units import RenderedUnit
from generators.inventory.explain import place_of
from generators.inventory.read import Repository
from generators.ir.steps import steps
from generators.model import Finding
from generators.suggestions import did_you_mean

_CHECK = "policy"
_PART = re.compile(r"\b(?:template|container) ([^\s,;]+)")  # how policies name a part of an object


def load_inputs(repository: Repository, cache: Cache) -> str:
    """The texts of the policies by their rules, as JSON."""
    files = repository.files(f"{FOLDER}/*.yaml")
    return json.dumps(Policies.of({file: repository.text(file) for file in files}).texts, sort_keys=True)


def check_objects(rendered: RenderedUnit, texts: str) -> Iterator[Finding]:
    """What the policies have against the objects of a unit, in the API server's own words; `path` is the step's."""
    if rendered.admission is None or texts == "{}":
        return
    from generators.checks.policies import rendered as policies  # an interpreter, which nothing needs that is known

    named = _named_steps(rendered)
    for finding in policies.findings(rendered.files, rendered.admission, texts):
        yield replace(finding, path=_step(finding.message, named))


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """Policies that no API server would take, and settings of ones that there are not."""
    yield from _not_compiled(fleet.policies, fleet.cache)
    for name, environment in fleet.environments.items():
        for rule in environment.policies:
            if rule not in fleet.policies.texts:
                path = ("policies", rule)
                message, fix = f"there is no policy {rule} in {FOLDER}", did_you_mean(rule, fleet.policies.texts)
                place = place_of(fleet.files.merged(name), path)
                yield Finding("invalid", _CHECK, "unknown-policy", place, ".".join(path), message, rule, fix=fix)


def _named_steps(rendered: RenderedUnit) -> dict[str, str]:
    """The paths of a unit's steps by what the manifests call them: a template, or an executor."""
    found = steps(rendered.spec) if rendered.spec else []
    return {name: step.path for step in found for name in (step.executor, step.path.replace("/", "-"))}


def _step(message: str, named: Mapping[str, str]) -> str:
    """The path of the first step that a message is about, "" where it is about none."""
    return next((named[name] for name in _PART.findall(message) if name in named), "")


def _not_compiled(known: Policies, cache: Cache) -> list[Finding]:
    key = cache.key(known.digest)
    records = cache.get("policies", key)
    if records is not None:
        return list(map(Finding.from_record, records))
    from generators.checks.policies import rendered as policies

    found = list(policies.not_compiled(known))
    cache.put("policies", key, [finding.to_record() for finding in found])
    return found
