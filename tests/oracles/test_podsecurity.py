"""Pods are what Kubernetes' own evaluator of Pod Security says, and the policies say the same of any pod."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent), str(ROOT / "tests/argo")]

from pods import pods_of  # noqa: E402

from generators.verbs.convert import Wanted, converted  # noqa: E402
from tests.policies.examples import FACTS, Example, judged, rules  # noqa: E402

Object = dict[str, Any]
Oracle = Callable[[list[tuple[str, Object]]], list[list[dict[str, str]]]]
SEED = 20261127
COUNT = int(os.environ.get("GRAFT_PODS", "1000"))  # how many pods are made up
# A reason of Pod Security, by what it begins with, and the policies that stand for it.
POLICIES = {
    "allowPrivilegeEscalation": {"pod-security-privilege-escalation"},
    "forbidden AppArmor": {"pod-security-app-armor"},
    "non-default capabilities": {"pod-security-added-capabilities"},
    "unrestricted capabilities": {"pod-security-added-capabilities", "pod-security-dropped-capabilities"},
    "host namespaces": {"pod-security-host-namespaces"},
    "hostPath volumes": {"pod-security-host-path-volumes"},
    "hostPort": {"pod-security-host-ports"},
    "probe or lifecycle host": {"pod-security-host-probes"},
    "privileged": {"pod-security-privileged-containers"},
    "procMount": {"pod-security-proc-mount"},
    "restricted volume types": {"pod-security-volume-types"},
    "runAsNonRoot": {"pod-security-run-as-non-root"},
    "runAsUser": {"pod-security-run-as-user"},
    "seLinuxOptions": {"pod-security-se-linux"},
    "seccompProfile": {"pod-security-seccomp-profile"},
    "forbidden sysctls": {"pod-security-sysctls"},
    "hostProcess": {"pod-security-windows-host-process"},
}
RULES = [rule for rule in rules() if rule.startswith("pod-security-")]


def test_every_pod_that_is_rendered_is_one_that_its_namespace_takes(pod_security: Oracle) -> None:
    asked = []
    for tree in (ROOT / "rendered", ROOT / "tests/tiny/rendered"):
        for facts in sorted(tree.glob("*/*/platform/policy-parameters.yaml")):
            level = yaml.load(facts.read_text(), yaml.CSafeLoader)["data"]["level"]
            asked += [(level, pod) for pod in _pods(facts.parents[1])]

    answers = pod_security(asked)
    assert len(asked) > 100
    assert [answer for answer in answers if answer] == []


def test_every_case_that_is_converted_for_a_level_gives_pods_that_it_takes(pod_security: Oracle) -> None:
    import suite

    asked = []
    for name in suite.NAMES:
        spec, platform = suite.compiled(name)
        text = json.dumps({"pipelineSpec": spec, "platformSpec": platform})
        for level in ("baseline", "restricted") if name.startswith("platform-") else ("restricted",):
            for to in ("argo", "kubeflow"):
                asked += [(level, pod) for pod in _converted(text, Wanted(to=to, pod_security=level))]

    assert len(asked) > 200
    assert [answer for answer in pod_security(asked) if answer] == []


def test_the_templates_of_what_steps_send_are_what_the_strictest_level_takes(pod_security: Oracle) -> None:
    merged = yaml.load(
        (ROOT / "rendered/staging/staging-eu/text-classifier/pipelineversion.yaml").read_text(), yaml.CSafeLoader
    )
    given = merged["spec"]["pipelineSpec"]["root"]["inputDefinitions"]["parameters"]
    pods = [pod for _, pod in pods_of(given["tfjob"]["defaultValue"])]

    assert len(pods) >= 2
    assert [answer for answer in pod_security([("restricted", pod) for pod in pods]) if answer] == []


def test_the_policies_say_of_any_pod_what_pod_security_says(pod_security: Oracle) -> None:
    random = Random(SEED)
    asked = [(random.choice(("baseline", "restricted")), _random_pod(random)) for _ in range(COUNT)]

    differing = _differing(pod_security, asked)
    print(f"{COUNT} pods, {len(differing)} differ")
    assert differing == []


def test_the_policies_say_of_kubernetes_own_fixtures_what_pod_security_says(
    pod_security: Oracle, pod_security_fixtures: Path
) -> None:
    files = sorted(pod_security_fixtures.glob("*/v1.3[0-9]/*/*.yaml"))
    pods = {json.dumps(pod, sort_keys=True) for file in files for pod in _documents(file) if pod.get("kind") == "Pod"}
    asked = [(level, json.loads(pod)) for pod in sorted(pods) for level in ("baseline", "restricted")]

    differing = _differing(pod_security, asked)
    print(f"{len(asked)} fixtures, {len(differing)} differ")
    assert len(asked) > 100
    assert differing == []


def _differing(oracle: Oracle, asked: list[tuple[str, Object]]) -> list[tuple[str, Object, set[str], set[str]]]:
    """Where the policies and Pod Security do not refuse for the same reasons."""
    found = []
    for (level, pod), answer in zip(asked, oracle(asked), strict=True):
        theirs = {each["reason"] for each in answer}
        ours = _denied(level, pod)
        meant = [next(rules for word, rules in POLICIES.items() if reason.startswith(word)) for reason in theirs]
        if not all(ours & each for each in meant) or ours - set().union(*meant):
            found.append((level, pod, theirs, ours))
    return found


def _denied(level: str, pod: Object) -> set[str]:
    document = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one", "namespace": "ml"}} | pod
    example = Example(Path(), "", document, "", {**FACTS, "level": level})
    return {rule for rule in RULES if judged(rule, example)}


def _pods(folder: Path) -> Iterator[Object]:
    for file in sorted(folder.glob("*/*.yaml")):
        for obj in _documents(file):
            yield from (pod for _, pod in pods_of(obj))


def _documents(file: Path) -> list[Object]:
    return [each for each in yaml.load_all(file.read_text(), yaml.CSafeLoader) if each]


def _converted(text: str, wanted: Wanted) -> Iterator[Object]:
    from generators.errors import Refused

    try:
        made = converted(text, "case.json", wanted).objects
    except Refused:
        return
    for obj in made:
        yield from (pod for _, pod in pods_of(obj))


def _random_pod(random: Random) -> Object:
    """A pod that says one thing or another in every field that Pod Security looks at."""
    names = ["a", "b", "c"][: random.randint(1, 3)]
    spec: Object = {"containers": [_random_container(random, name) for name in names]}
    if random.random() < 0.3:
        spec["initContainers"] = [_random_container(random, "d")]
    if random.random() < 0.2:
        spec["ephemeralContainers"] = [_random_container(random, "e")]
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        _maybe(random, spec, field, [True, False], 0.05)
    _maybe(random, spec, "hostUsers", [True, False], 0.15)
    _maybe(random, spec, "os", [{"name": "windows"}, {"name": "linux"}], 0.1)
    volumes = [
        {"hostPath": {"path": "/"}},
        {"emptyDir": {}},
        {"nfs": {"server": "a", "path": "/"}},
        {"secret": {}},
        {"image": {}},
    ]
    _maybe(random, spec, "volumes", [[{"name": "v", **volume}] for volume in volumes], 0.2)
    _maybe(random, spec, "securityContext", [_random_context(random, True)], 0.7)
    metadata: Object = {"name": "one", "namespace": "ml"}
    profile = "container.apparmor.security.beta.kubernetes.io/a"
    _maybe(
        random,
        metadata,
        "annotations",
        [{profile: value} for value in ("unconfined", "runtime/default", "localhost/x", "")],
        0.1,
    )
    return {"metadata": metadata, "spec": spec}


def _random_container(random: Random, name: str) -> Object:
    found: Object = {"name": name, "image": "x"}
    _maybe(random, found, "securityContext", [_random_context(random, False)], 0.9)
    _maybe(random, found, "ports", [[{"containerPort": 1, "hostPort": port}] for port in (0, 1)], 0.05)
    asked = {way: {"host": host, "port": 1} for way in ("httpGet", "tcpSocket") for host in ("", "h")}
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        _maybe(random, found, probe, [{way: said} for way, said in asked.items()], 0.03)
    _maybe(random, found, "lifecycle", [{where: asked} for where in ("postStart", "preStop")], 0.03)
    return found


def _random_context(random: Random, of_pod: bool) -> Object:
    found: Object = {}
    _maybe(random, found, "runAsNonRoot", [True, True, True, False], 0.6)
    _maybe(random, found, "runAsUser", [0, 1000, 1000], 0.2)
    _maybe(
        random,
        found,
        "seccompProfile",
        [{"type": each} for each in ("RuntimeDefault", "RuntimeDefault", "Localhost", "Unconfined", "")],
        0.6,
    )
    _maybe(
        random,
        found,
        "appArmorProfile",
        [{"type": each} for each in ("RuntimeDefault", "Localhost", "Unconfined")],
        0.1,
    )
    _maybe(
        random,
        found,
        "seLinuxOptions",
        [{}, {"type": "container_t"}, {"type": "spc_t"}, {"user": "u"}, {"role": "r"}, {"level": "s0"}],
        0.1,
    )
    _maybe(random, found, "windowsOptions", [{"hostProcess": True}, {"hostProcess": False}, {}], 0.05)
    if of_pod:
        _maybe(
            random,
            found,
            "sysctls",
            [[{"name": each, "value": "1"}] for each in ("kernel.msgmax", "net.ipv4.tcp_rmem")],
            0.1,
        )
        return found
    _maybe(random, found, "privileged", [True, False], 0.05)
    _maybe(random, found, "allowPrivilegeEscalation", [True, False, False, False], 0.9)
    capabilities = [
        {"drop": ["ALL"]},
        {"drop": ["ALL"]},
        {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        {"drop": ["KILL"]},
        {"add": ["CHOWN"]},
        {"add": ["SYS_ADMIN"]},
        {},
    ]
    _maybe(random, found, "capabilities", capabilities, 0.9)
    _maybe(random, found, "procMount", ["Default", "Unmasked"], 0.1)
    return found


def _maybe(random: Random, tree: Object, key: str, values: list[Any], share: float) -> None:
    if random.random() < share:
        tree[key] = random.choice(values)
