"""What an API server refuses to create is refused, and what it takes is taken, for thousands of objects nearly right.

The judge is Kubernetes' own code: the strategies of its kinds, and apiextensions' validation of the real definitions.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generators.checks.schemas import Schemas, load
from generators.fleet.cache import Cache
from generators.inventory.problem import Problem
from generators.inventory.read import Repository
from tests.oracles.mutants import mutants

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = ROOT.parent / "shared" / "crds"
EXAMPLES = Path(__file__).parent / "examples"
SEED, COUNT = 20261127, 6000
Judge = Callable[[list[dict[str, Any]]], list[list[str] | None]]
# Where ours is stricter on purpose: (kind or "" for any, a rule, words of the message), and why.
STRICTER = {
    (
        "Secret",
        "type",
        "text or nothing",
    ): "a list of numbers is bytes to Go's reader of JSON, and here a mistake",
    ("Pod", "enum", "not one of the values"): "what a volume is kept on is only looked at once the pod is scheduled",
    ("", "duplicate", "is there already"): "server-side apply, by which Argo CD applies, takes no key of a list twice",
    (
        "LimitRange",
        "missing-key",
        "",
    ): "Kubernetes' published schema requires limits; a name is made up for one without",
    ("RoleBinding", "missing-key", "'apiGroup'"): "Kubernetes' published schema requires the group of a role",
    (
        "",
        "pattern",
        "form that is wanted",
    ): "labels and names of a template are only looked at once a pod is made of it",
    ("", "missing-key", "'rules'"): "Kubernetes' published schema requires the rules of a policy for failures",
    ("", "oneOf", "valid under each"): "a fraction is no number of pods, though the server cuts it to one",
    ("", "type", "found nothing"): "Kubernetes takes null for a list or a text that it asks for, and nobody means that",
    ("", "not", ""): "the same of an object, and of an item of a list",
    ("", "const", ""): "an empty group of a role is filled in by the server",
}


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    """One right object and more of each kind: what is rendered for the tests, and examples that use more fields."""
    files = [*sorted((ROOT / "tests/tiny/rendered").rglob("*.yaml")), *sorted(EXAMPLES.glob("*.yaml"))]
    found = [
        each for file in files for each in yaml.load_all(file.read_text(), yaml.CSafeLoader) if each and "kind" in each
    ]
    return [json.loads(json.dumps(each, default=str)) for each in found]


ADMITTED = "must not be specified when serviceAccountName is not set"  # an API server names the account first


@pytest.fixture(scope="module")
def schemas(own_cache: Path) -> Schemas:
    return Schemas(load(Repository(ROOT), Cache.of_user()))


def _ours(obj: dict[str, Any], schemas: Schemas) -> list[Problem]:
    check = schemas.check(obj["kind"], obj["apiVersion"])
    assert check is not None, obj["kind"]
    return check(obj)


def test_the_objects_that_the_mutants_are_made_of_are_right(
    objects: list[dict[str, Any]], schemas: Schemas, objects_oracle: Judge
) -> None:
    assert [(obj["kind"], why) for obj, why in zip(objects, objects_oracle(objects), strict=True) if why != []] == []
    assert [(obj["kind"], found) for obj in objects if (found := _ours(obj, schemas))] == []


def test_six_thousand_mutants_are_judged_as_kubernetes_judges_them(
    objects: list[dict[str, Any]], schemas: Schemas, objects_oracle: Judge
) -> None:
    changed = list(mutants(_in_turn(objects), COUNT, SEED))
    theirs = objects_oracle(changed)
    assert None not in theirs
    ours = [_ours(obj, schemas) for obj in changed]

    refused = sum(map(bool, theirs))
    agreed = sum(bool(one) == bool(other) for one, other in zip(ours, theirs, strict=True))
    print(f"{COUNT} mutants of {len({obj['kind'] for obj in changed})} kinds: {refused} refused, {agreed} judged alike")
    assert COUNT // 4 < refused < COUNT * 3 // 4
    laxer = {
        f"{obj['kind']}: {why[0][:300]}"
        for obj, one, why in zip(changed, ours, theirs, strict=True)
        if why and not one and not (obj["kind"] == "Pod" and ADMITTED in why[0])
    }
    assert not laxer, "\n".join(sorted(laxer))
    stricter = Counter(_unexplained(changed, ours, theirs))
    assert not stricter, "\n".join(f"{count} {each}" for each, count in stricter.items())


def _in_turn(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Small objects of every kind one after the other, so that each kind has its share."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for obj in sorted(objects, key=lambda each: len(json.dumps(each))):
        kinds.setdefault(obj["kind"], []).append(obj)
    longest = max(map(len, kinds.values()))
    return [each[at % len(each)] for at in range(longest) for each in kinds.values()]


def _unexplained(
    objects: list[dict[str, Any]], ours: list[list[Problem]], theirs: list[list[str] | None]
) -> Iterator[tuple[str, str, str, str]]:
    for obj, found, why in zip(objects, ours, theirs, strict=True):
        for problem in found if not why else ():
            if not any(
                kind in ("", obj["kind"]) and problem.rule == rule and words in problem.message
                for kind, rule, words in STRICTER
            ):
                yield obj["kind"], ".".join(map(str, problem.path)), problem.rule, problem.message
