"""What a repository's policies have against objects that are rendered, as those are rendered for their cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache as kept
from typing import Any

from generators.checks.kubernetes.defaults import defaulted
from generators.checks.policies import Judge, NotCompiled, Policy, UnknownKind, bindings, policies
from generators.checks.policies.compiled import compiled
from generators.delivery.policies import API_VERSION, BINDING, FOLDER, POLICY, SKIP, Admission, Policies
from generators.model import Finding, Place

_CHECK = "policy"
_VERDICTS = {"deny": "denied", "warn": "warning", "unchecked": "unchecked"}  # what is audited was warned of


def findings(files: Mapping[str, Sequence[dict[str, Any]]], where: Admission, texts: str) -> Iterator[Finding]:
    """What the policies whose texts are given, as JSON by their rules, have against the objects of some files."""
    enforced = [each for each in _policies(texts) if where.settings.get(each.name) != SKIP]
    bound = [_document(BINDING, each.name, where.binding(each.name)) for each in enforced]
    judge = Judge(enforced, bindings(bound), [where.facts])
    for file, objects in files.items():
        for obj in objects:
            if "kind" in obj:
                yield from _judged(file, obj, judge, where.environment)


def not_compiled(known: Policies) -> Iterator[Finding]:
    """Why the API server would not take some of them."""
    for policy in policies(_documents(known)):
        for problem in compiled(policy).problems:
            verdict = "unchecked" if problem.unchecked else "invalid"
            place = Place(f"{FOLDER}/{policy.name}.yaml")
            yield Finding(verdict, _CHECK, policy.name, place, problem.expression.path, problem.message)


def _judged(file: str, obj: dict[str, Any], judge: Judge, environment: str) -> Iterator[Finding]:
    try:
        denials = judge.denials(defaulted(obj))
    except (UnknownKind, NotCompiled) as error:
        yield Finding("unchecked", _CHECK, obj["kind"], Place(file), "", f"no policy could judge this: {error}")
        return
    for denial in denials:
        if verdict := _VERDICTS.get(denial.action):
            name = f"{environment}-{denial.policy}"
            said = replace(denial, policy=name, binding=name)
            fix = denial.problem.partition("; ")[2]
            found = f"{obj['kind']} {obj['metadata'].get('name', '')} ({file})"
            yield Finding(verdict, _CHECK, denial.policy, Place(file), "", said.message, found, fix=fix)


@kept
def _policies(texts: str) -> list[Policy]:
    return policies(_documents(Policies(json.loads(texts))))


def _documents(known: Policies) -> list[dict[str, Any]]:
    return [_document(POLICY, rule, spec) for rule, spec in known.specs.items()]


def _document(kind: str, name: str, spec: Any) -> dict[str, Any]:
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec}
