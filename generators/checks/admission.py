"""Whether the policies of `schemas/policies` admit what is rendered, as the API server of its cluster would judge it.

Everything that is for Kubernetes is judged, also where nothing delivers the policies to the cluster: they are the
repository's own rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache as kept
from typing import Any

from generators.checks import policies as evaluated
from generators.checks.kubernetes.defaults import defaulted
from generators.checks.policies.compiled import compiled
from generators.delivery.policies import API_VERSION, BINDING, FOLDER, POLICY, SKIP, Admission, Policies
from generators.fleet.cache import Cache
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.fleet.units import RenderedUnit
from generators.inventory.explain import place_of
from generators.inventory.read import Repository
from generators.ir.steps import steps
from generators.model import Finding, Place
from generators.suggestions import did_you_mean

_CHECK = "policy"
_PART = re.compile(r"\b(?:template|container) ([^\s,;]+)")  # how policies name a part of an object
_VERDICTS = {"deny": "denied", "warn": "warning", "unchecked": "unchecked"}  # what is audited was warned of


def load_inputs(repository: Repository, cache: Cache) -> str:
    """The texts of the policies by their rules, as JSON."""
    files = repository.files(f"{FOLDER}/*.yaml")
    return json.dumps(Policies.of({file: repository.text(file) for file in files}).texts, sort_keys=True)


def check_objects(rendered: RenderedUnit, texts: str) -> Iterator[Finding]:
    """What the policies have against the objects of a unit, in the API server's own words; `path` is the step's."""
    if rendered.admission is None or texts == "{}":
        return
    known = _policies(texts)
    enforced = [each for each in known if rendered.admission.settings.get(each.name) != SKIP]
    bindings = evaluated.bindings(_bindings(rendered.admission, tuple(each.name for each in enforced)))
    judge = evaluated.Judge(enforced, bindings, [rendered.admission.facts])
    named = _named_steps(rendered)
    for file, objects in rendered.files.items():
        for obj in objects:
            if "kind" in obj:
                for finding in _judged(file, obj, judge, rendered.admission):
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


def _judged(file: str, obj: dict[str, Any], judge: evaluated.Judge, where: Admission) -> Iterator[Finding]:
    try:
        denials = judge.denials(defaulted(obj))
    except (evaluated.UnknownKind, evaluated.NotCompiled) as error:
        yield Finding("unchecked", _CHECK, obj["kind"], Place(file), "", f"no policy could judge this: {error}")
        return
    for denial in denials:
        if verdict := _VERDICTS.get(denial.action):
            name = f"{where.environment}-{denial.policy}"
            said = replace(denial, policy=name, binding=name)
            fix = denial.problem.partition("; ")[2]
            found = f"{obj['kind']} {obj['metadata'].get('name', '')} ({file})"
            yield Finding(verdict, _CHECK, denial.policy, Place(file), "", said.message, found, fix=fix)


def _named_steps(rendered: RenderedUnit) -> dict[str, str]:
    """The paths of a unit's steps by what the manifests call them: a template, or an executor."""
    found = steps(rendered.spec) if rendered.spec else []
    return {name: step.path for step in found for name in (step.executor, step.path.replace("/", "-"))}


def _step(message: str, named: Mapping[str, str]) -> str:
    """The path of the first step that a message is about, "" where it is about none."""
    return next((named[name] for name in _PART.findall(message) if name in named), "")


@kept
def _policies(texts: str) -> list[evaluated.Policy]:
    return evaluated.policies(_documents(Policies(json.loads(texts))))


def _documents(known: Policies) -> list[dict[str, Any]]:
    return [
        {"apiVersion": API_VERSION, "kind": POLICY, "metadata": {"name": rule}, "spec": spec}
        for rule, spec in known.specs.items()
    ]


def _bindings(where: Admission, rules: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"apiVersion": API_VERSION, "kind": BINDING, "metadata": {"name": rule}, "spec": where.binding(rule)}
        for rule in rules
    ]


def _not_compiled(known: Policies, cache: Cache) -> list[Finding]:
    key = cache.key(known.digest)
    records = cache.get("policies", key)
    if records is None:
        found = [finding for policy in evaluated.policies(_documents(known)) for finding in _problems(policy)]
        cache.put("policies", key, [finding.to_record() for finding in found])
        return found
    return list(map(Finding.from_record, records))


def _problems(policy: evaluated.Policy) -> Iterator[Finding]:
    for problem in compiled(policy).problems:
        verdict = "unchecked" if problem.unchecked else "invalid"
        place = Place(f"{FOLDER}/{policy.name}.yaml")
        yield Finding(verdict, _CHECK, policy.name, place, problem.expression.path, problem.message)
