"""Policies have the verdict and the message that the API server's own plugin has, whatever the object."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from admission import bound_policies, cluster, namespaces_of, objects, own_params, rendered_params
from changed_objects import mutated
from probes import DEFINITION, policies, probe

from generators.checks.policies import Denial, Resources, bindings, judge
from generators.checks.policies import policies as read_policies

SEED = 20261127
PARTS = [pytest.param(part, marks=pytest.mark.xdist_group(f"part-{part}")) for part in range(2)]  # for two workers
COUNT = (120_000 if os.environ.get("GRAFT_E2E") else 6_000) // len(PARTS)  # objects of a part
USER = {"username": "somebody", "groups": ["system:masters", "system:authenticated"]}
AGAIN = 100  # times that an object is asked again of which the verdicts differ
LARGEST = 16_000  # characters of an object as JSON: the API server's code copies it for every policy

Object = dict[str, Any]
Oracle = Callable[[Object, list[Object]], Callable[[], Iterator[list[Object] | None]]]


@pytest.mark.parametrize("part", PARTS)
def test_every_object_has_the_verdict_and_the_message_of_the_api_server(
    part: int, policies_oracle: Oracle, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = [*bound_policies(), *policies()]
    resources, params = Resources.of([DEFINITION]), [*own_params(), *rendered_params()]
    requests = list(_requests(Random(SEED + part), resources))
    namespaces = namespaces_of(requests)

    began = time.perf_counter()
    state = cluster(documents, namespaces, params)
    answers = policies_oracle(state, requests)
    known, bound = read_policies(documents), bindings(documents)
    differing, denied, failing = [], 0, 0
    for request, theirs in zip(requests, answers(), strict=True):
        namespace = namespaces.get(request["namespace"])
        ours = judge(
            known, bound, request["object"], old=request["old"], namespace=namespace, params=params,
            operation=request["operation"], user=USER, resources=resources,
        )  # fmt: skip
        said = _said(ours)
        denied, failing = denied + bool(said), failing + any("resulted in error" in text for _, text in said)
        if said != _theirs(theirs):
            differing.append((request, said))
    undecided = [each for each in differing if each[1] in _answers(policies_oracle, state, each[0])]
    differing = [(request, said) for request, said in differing if (request, said) not in undecided]
    seconds = time.perf_counter() - began
    with capsys.disabled():
        print(
            f"\n{len(requests)} objects against {len(known)} policies in {seconds:.0f} s: "
            f"{denied} denied, {failing} of them by an expression that fails; {len(differing)} differ, "
            f"and of {len(undecided)} the API server's code has now one error of a map's entries and now another"
        )

    assert differing[:3] == []
    assert len(requests) == COUNT
    assert COUNT / 4 < denied < COUNT and failing > COUNT / 10
    assert len(undecided) <= COUNT / 10_000


def _answers(oracle: Oracle, state: Object, request: Object) -> list[list[tuple[str, str]]]:
    """All that the API server's code says of an object: Go goes through a map in any order."""
    return [_theirs(answer) for answer in oracle(state, [request] * AGAIN)()]


def _said(denials: list[Denial]) -> list[tuple[str, str]]:
    """Each denial as the API server's client sees it: the first one of a policy that denies, and all warnings."""
    first = {each.policy: each.message for each in reversed(denials) if each.action == "deny"}
    warned = [(each.policy, each.message) for each in denials if each.action == "warn"]
    return sorted([*first.items(), *warned])


def _theirs(verdicts: list[Object] | None) -> list[tuple[str, str]]:
    said = []
    for each in verdicts or []:
        said += [(each["policy"], warning) for warning in each["warnings"] or []]
        if each["message"]:
            said.append((each["policy"], each["message"].partition(" is forbidden: ")[2]))
    return sorted(said)


def _requests(random: Random, resources: Resources) -> Iterator[Object]:
    known = [each for each in objects() if resources.of_object(each) and len(json.dumps(each)) < LARGEST]
    for place in range(COUNT):
        chosen = probe(random) if place % 2 else random.choice(known)
        yield _request(mutated(chosen, random, random.choice((0, 1, 1, 2, 3))), chosen, random, resources)


def _request(obj: Object, original: Object, random: Random, resources: Resources) -> Object:
    resource = resources.of_object(obj)
    assert resource is not None
    old = mutated(original, random, 1) if random.random() < 0.15 else None
    metadata = obj["metadata"]
    if resource.namespaced:
        metadata.setdefault("namespace", "default")
    else:
        metadata.pop("namespace", None)
    name = str(metadata.get("name") or "")
    return {
        "operation": "UPDATE" if old else "CREATE",
        "resource": resource.name,
        "namespace": name if obj["kind"] == "Namespace" else metadata.get("namespace", ""),
        "name": name,
        "object": obj,
        "old": old,
    }
