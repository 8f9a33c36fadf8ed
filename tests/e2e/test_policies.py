"""What is denied offline is denied by a real API server, with the same message, and nothing else is."""

from __future__ import annotations

import collections
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import yaml
from cluster import dry_run
from cluster.process import wait_until
from cluster.requirements import ALL

sys.path.append(str(Path(__file__).parents[1] / "oracles"))

import probes
from changed_objects import mutated

from generators.checks.policies import Resources, bindings, judge, policies

ROOT = Path(__file__).parents[2]
SEED = 20261128
PROBES, AT_LEAST = 600, 300
CREATED, EXISTS = 201, 409  # an object that another test has applied meets the policies before it is found to be there
USER = {"username": "admin", "groups": ["system:masters", "system:authenticated"]}
JUDGED_BY = "judged-by"  # a label: one policy judges an object, so that its message is the only one
RESOURCES = Resources.of([probes.DEFINITION])
NAMESPACES = ("default", "ml-learning")


@pytest.mark.skipif(not ALL, reason="not run: 1 test, `make e2e` asks a real API server of every policy")
def test_a_real_api_server_has_every_verdict_and_every_message(api_server, capsys):
    documents = [*map(_denying, probes.policies()), *_of_the_repository()]
    objects = [*_probes(Random(SEED)), *_rendered(documents)]
    params = [each for each in _all_rendered() if each["kind"] == "ConfigMap"]
    for namespace in {*NAMESPACES, *(each["metadata"].get("namespace", "default") for each in [*objects, *params])}:
        api_server.namespace(namespace)
    api_server.apply([probes.DEFINITION])
    api_server.kubectl("wait", "--for=condition=Established", f"customresourcedefinition/probes.{probes.GROUP}")
    api_server.apply(params)
    try:
        api_server.apply([each for each in documents if each["kind"].endswith("Policy")])
        api_server.apply([each for each in documents if each["kind"].endswith("Binding")])
        wait_until(lambda: _all_act(api_server, documents), "all policies to act", api_server.processes)
        answers = _asked(api_server, objects)
        unseen = [at for at, answer in enumerate(answers) if "no params found" in answer["message"]]
        time.sleep(10)  # until the API server sees the params that were there; of the rest it says the same again
        for at, answer in zip(unseen, _asked(api_server, [objects[at] for at in unseen]), strict=True):
            answers[at] = answer
    finally:
        api_server.kubectl("delete", "validatingadmissionpolicies,validatingadmissionpolicybindings", "--all")

    known, bound = policies(documents), bindings(documents)
    counted, differing = collections.Counter(), []
    for obj, answer in zip(objects, answers, strict=True):
        said = judge(known, bound, obj, params=params, user=USER, resources=RESOURCES)
        ours = said[0].message if said else ""
        denied = "ValidatingAdmissionPolicy" in answer["message"]
        theirs = answer["message"].partition(" is forbidden: ")[2] if denied else ""
        if not denied and answer["code"] not in (CREATED, EXISTS):  # it is no object that any policy would see
            counted["not judged"] += 1
            continue
        counted["denied" if denied else "allowed"] += 1
        if (ours, said[0].reason if said else "") != (theirs, answer["reason"] if denied else ""):
            differing.append((ours, theirs, obj))
    judged = counted["denied"] + counted["allowed"]
    with capsys.disabled():
        print(f"\n{judged} objects judged by a real API server: {dict(counted)}; {len(differing)} differ")

    assert [each[:2] for each in differing[:5]] == []
    assert judged >= AT_LEAST and min(counted["denied"], counted["allowed"]) > judged / 10


def _denying(document: dict) -> dict:
    """A binding that denies alone: a real API server takes none that also warns of the same."""
    if document["kind"] == "ValidatingAdmissionPolicyBinding":
        return {**document, "spec": {**document["spec"], "validationActions": ["Deny"]}}
    return document


def _of_the_repository() -> Iterator[dict]:
    """The repository's policies, each for the objects that are labelled with its name."""
    for file in sorted((ROOT / "schemas" / "policies").glob("*.yaml")):
        policy = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
        spec = {
            "policyName": file.stem,
            "validationActions": ["Deny"],
            "matchResources": {"objectSelector": {"matchLabels": {JUDGED_BY: file.stem}}},
        }
        if policy["spec"].get("paramKind"):
            spec["paramRef"] = {"name": "graft-policies", "parameterNotFoundAction": "Deny"}
        yield policy
        yield {**policy, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": file.stem}, "spec": spec}


def _probes(random: Random) -> Iterator[dict]:
    for _ in range(PROBES):
        yield mutated(probes.probe(random), random, random.choice((0, 1, 2)))


def _rendered(documents: list[dict]) -> Iterator[dict]:
    """What is rendered, and the examples of each policy, for one policy each."""
    names = [each["metadata"]["name"] for each in documents if each["kind"] == "ValidatingAdmissionPolicy"]
    for place, obj in enumerate(each for each in _all_rendered() if each["kind"] not in ("Namespace", "ConfigMap")):
        yield _labelled(obj, names[place % len(names)])
    for file in sorted((ROOT / "tests" / "policies").glob("*/*/*.yaml")):
        for obj in yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader):
            if obj and obj.get("kind") not in (None, "Namespace", "ConfigMap") and RESOURCES.of_object(obj):
                yield _labelled(obj, file.parents[1].name)


def _labelled(obj: dict, policy: str) -> dict:
    found = json.loads(json.dumps(obj, default=str))
    found["metadata"]["labels"] = {**(found["metadata"].get("labels") or {}), JUDGED_BY: policy}
    if RESOURCES.of_object(found).namespaced:
        found["metadata"].setdefault("namespace", "default")
    return found


def _all_rendered() -> list[dict]:
    files = sorted((ROOT / "rendered").rglob("*.yaml"))
    documents = (document for file in files for document in yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader))
    return [each for each in documents if each and "kind" in each and "admissionpolicy" not in each["kind"].lower()]


def _asked(server, objects: list[dict]) -> list[dict]:
    lines = "".join(json.dumps({"path": _path(each), "object": each}) + "\n" for each in objects)
    return [json.loads(line) for line in _post(server, lines).splitlines()]


def _post(server, lines: str) -> str:
    return server.sandbox.run([sys.executable, dry_run.__file__, server.admin], lines)


def _path(obj: dict) -> str:
    resource = RESOURCES.of_object(obj)
    base = f"/apis/{resource.group}/{resource.version}" if resource.group else f"/api/{resource.version}"
    namespace = f"/namespaces/{obj['metadata']['namespace']}" if resource.namespaced else ""
    return f"{base}{namespace}/{resource.name}"


def _all_act(server, documents: list[dict]) -> bool:
    """Whether each policy of probes denies one that is empty, which none allows; a new policy acts after a second."""
    names = [each["metadata"]["name"] for each in documents if each["kind"] == "ValidatingAdmissionPolicy"]
    objects = [
        {
            "apiVersion": f"{probes.GROUP}/v1",
            "kind": probes.KIND,
            "metadata": {"name": "empty", "namespace": "default", "labels": {"probe": name.removeprefix("probe-")}},
            "spec": {},
        }
        for name in names
        if name.startswith("probe-")
    ]
    acting = all("ValidatingAdmissionPolicy" in answer["message"] for answer in _asked(server, objects))
    time.sleep(1 if acting else 0.2)
    return acting
