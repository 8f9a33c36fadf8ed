"""Claim: graft holds 4,000 objects of 1 kB a second against their schemas on one core, kubeconform's rate or more.

Run it with `python -m benchmarks.check`; it needs Go, which builds kubeconform once, and is not run without. Both judge
the same Jobs by the same JSON Schemas, those that kubernetes-validate bundles; graft by more, since it also asks for
the values that a field may have, and for what several fields must agree in. kubeconform's figure is its whole process
with one worker, less that of a process that judges one object. The policies of `schemas/policies` are not in it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, best, here, run, scratch
from benchmarks.report import Row, section

COUNT, ROUNDS, BUDGET = 4000, 3, 4000
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
        ours, whole, start = best(ROUNDS, works)
    section("Checking objects", __doc__, [_row(ours, Cost(whole.wall - start.wall, whole.cpu - start.cpu))])


def _row(ours: Cost, theirs: Cost) -> Row:
    rate, other = COUNT / ours.cpu, COUNT / theirs.cpu
    size = len(json.dumps(job(0)))
    found = f"{rate:.0f}/s of CPU time ({size} bytes each)"
    ratio = f"{rate / other:.1f} x the rate"
    return Row("objects a second a core", found, f"kubeconform: {other:.0f}/s", ratio, f"{BUDGET}/s", rate >= BUDGET)


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
        "metadata": {"name": f"run-{number}", "namespace": "ml-prod", "labels": {"graft.dev/owner": "ml-platform"}},
        "spec": {"backoffLimit": 0, "activeDeadlineSeconds": 600, "template": {"spec": pod}},
    }


if __name__ == "__main__":
    main()
