"""Claim: graft holds 4,000 objects of 1 kB a second on one core against their schemas, kubeconform's rate or more, and
against 20 policies too.

Run it with `python -m benchmarks.check`; it needs Go, which builds kubeconform once, and is not run without. Both judge
the same Jobs by the same JSON Schemas, those that kubernetes-validate bundles; graft by more, since it also asks for
the values that a field may have, and for what several fields must agree in. kubeconform's figure is its whole process
with one worker, less that of a process that judges one object. Policies are those of `schemas/policies`, the first 20
by name, bound as a production cluster has them; kubeconform has none.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.measure import best, here, run, scratch
from benchmarks.report import Row, section

COUNT, ROUNDS, BUDGET = 4000, 3, 4000
LABELS = {"graft.dev/environment": "prod", "graft.dev/owner": "ml-platform"}
POLICIES, JUDGED = 20, 1000  # policies; objects that they judge
KUBECONFORM = "github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0"
TOOLS = Path(__file__).resolve().parents[1] / ".graft" / "tools"


def main() -> None:
    program = _kubeconform()
    if program is None:
        section("Checking objects", __doc__, [], "not run: Go, or kubeconform's module, not found")
        return
    objects = [job(number) for number in range(COUNT)]
    checked = _checker()
    with scratch() as folder:
        many, one = _written(folder / "many", objects), _written(folder / "one", objects[:1])
        command = [program, "-n", "1", "-strict", "-schema-location", _schemas(folder)]
        works = {
            "graft": lambda: here(lambda: checked(objects)),
            "kubeconform": lambda: run([*command, many]),
            "kubeconform, one object": lambda: run([*command, one]),
        }
        admitted = _admitter()
        works["policies"] = lambda: here(lambda: admitted(objects[:JUDGED]))
        ours, whole, start, judged = best(ROUNDS, works)
    theirs = COUNT / (whole.cpu - start.cpu)
    both = 1 / (ours.cpu / COUNT + judged.cpu / JUDGED)
    rows = [_row("schemas", COUNT / ours.cpu, theirs), _row(f"schemas and {POLICIES} policies", both, theirs)]
    section("Checking objects", __doc__, rows)


def _row(what: str, rate: float, theirs: float) -> Row:
    size = len(json.dumps(job(0)))
    found = f"{rate:.0f}/s of CPU time ({size} bytes each)"
    ratio = f"{rate / theirs:.2f} x the rate"
    name = f"objects a second a core: {what}"
    return Row(name, found, f"kubeconform: {theirs:.0f}/s", ratio, f"{BUDGET}/s", rate >= BUDGET)


def _admitter() -> Any:
    """A function that judges objects by policies; it fails where one of them is denied."""
    from generators.checks.policies import Judge, bindings, policies
    from generators.delivery.policies import API_VERSION, BINDING, FOLDER, POLICY, Admission, Policies
    from generators.fleet.cache import Cache
    from generators.fleet.fleet import load
    from generators.inventory.read import Repository

    repository = Repository(Path(__file__).resolve().parents[1])
    known = Policies.of({file: repository.text(file) for file in repository.files(f"{FOLDER}/*.yaml")})
    environment = load(repository, Cache.of_user()).environments["prod"]
    where = Admission.of(environment, next(each for each in environment.clusters if each.engine == "argo"))
    rules = list(known.specs)[:POLICIES]

    def made(kind: str, spec: Any, rule: str) -> dict[str, Any]:
        return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": rule}, "spec": spec}

    judged = policies([made(POLICY, known.specs[rule], rule) for rule in rules])
    bound = bindings([made(BINDING, where.binding(rule), rule) for rule in rules])

    judge = Judge(judged, bound, [where.facts])

    def admitted(objects: list[dict[str, Any]]) -> None:
        if denials := [each for obj in objects for each in judge.denials(obj)]:
            raise RuntimeError(f"an object is denied: {denials[0].message}")

    root = {"runAsNonRoot": False}
    broken = json.loads(json.dumps(job(0)))
    broken["spec"]["template"]["spec"]["securityContext"] |= root
    if not judge.denials(broken):
        raise RuntimeError("a pod that runs as root is admitted")
    return admitted


def _checker() -> Any:
    """A function that judges objects by all that graft asks of their kind; it fails where one of them is wrong."""
    from generators.checks.schemas import Schemas, load
    from generators.fleet.cache import Cache
    from generators.inventory.read import Repository

    check = Schemas(load(Repository(Path(__file__).resolve().parents[1]), Cache.of_user())).check("Job", "batch/v1")

    def checked(objects: list[dict[str, Any]]) -> None:
        if wrong := [problem for obj in objects for problem in check(obj)]:
            raise RuntimeError(f"an object is wrong: {wrong[0]}")

    broken = {**job(0), "spec": {**job(0)["spec"], "backofLimit": 1}}
    if not check(broken):
        raise RuntimeError("an unknown field is taken")
    return checked


def _kubeconform() -> Path | None:
    """The program, built once; None where it cannot be."""
    program = TOOLS / "kubeconform"
    if program.exists():
        return program
    if not shutil.which("go"):
        return None
    env = os.environ | {"GOBIN": str(TOOLS), "CGO_ENABLED": "0"}
    done = subprocess.run(["go", "install", "-trimpath", KUBECONFORM], env=env, capture_output=True, check=False)
    return program if done.returncode == 0 else None


def _schemas(folder: Path) -> str:
    """Where kubeconform finds the schema that kubernetes-validate bundles, in a file with all that it refers to."""
    from generators.checks import kinds

    (folder / "job-batch-v1.json").write_text(json.dumps(kinds.bundled("Job", "batch/v1")))
    return f"{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"


def _written(folder: Path, objects: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "objects.yaml").write_text("".join(f"---\n{json.dumps(obj)}\n" for obj in objects))
    return folder / "objects.yaml"


def job(number: int) -> dict[str, Any]:
    """A Job of 1 kB, as those are that start runs."""
    resources = {"cpu": "50m", "memory": "128Mi", "ephemeral-storage": "1Gi"}
    container = {
        "name": "operations",
        "image": f"registry.internal/ml/operations@sha256:{number:064x}",
        "args": ["run", f"--definition={number * 7919:010x}", "--engine=kubeflow", "--parameters=/etc/run/parameters"],
        "env": [{"name": "CLUSTER", "valueFrom": {"configMapKeyRef": {"name": "graft", "key": "cluster"}}}],
        "resources": {"requests": resources, "limits": resources},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [{"name": "intent", "mountPath": "/etc/run", "readOnly": True}],
    }
    pod = {
        "restartPolicy": "Never",
        "serviceAccountName": "graft-operations",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "intent", "configMap": {"name": f"pipeline-{number}"}}],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": f"run-{number}", "namespace": "ml-prod", "labels": dict(LABELS)},
        "spec": {"backoffLimit": 0, "activeDeadlineSeconds": 600, "template": {"spec": pod}},
    }


if __name__ == "__main__":
    main()
