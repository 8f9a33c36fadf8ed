"""`operations` in a namespace of the real API server, as a user who has the rights that it needs and no others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from cluster.apiserver import ApiServer

COMPONENT = Path(__file__).resolve().parents[3] / "components" / "operations"
RIGHTS = [  # of the service account that starts runs and sweeps
    ([""], ["configmaps"], ["get", "list", "create", "update", "delete"]),
    ([""], ["pods"], ["list"]),
    ([""], ["pods/log"], ["get"]),
    (["batch"], ["jobs", "cronjobs"], ["list"]),
    (["argoproj.io"], ["workflows"], ["get", "list", "create"]),
    (["argoproj.io"], ["workflowtemplates"], ["get", "list", "delete"]),
    (["argoproj.io"], ["cronworkflows"], ["list"]),
    (["pipelines.kubeflow.org"], ["pipelineversions"], ["get", "list", "delete"]),
]
OWN = {"app.kubernetes.io/managed-by": "graft", "app.kubernetes.io/name": "churn", "graft.dev/definition": "4dbb8e3ec3"}
QUICK = ("--poll=0.2", "--lease=3", "--give-up=20")
_NUMBERS = count(1)


@dataclass
class Namespace:
    """A namespace of the real API server, and `operations` in it."""

    server: ApiServer
    name: str
    config: Path

    def start_command(self, *arguments: str, engine: str = "argo") -> subprocess.Popen[str]:
        """`operations` with these arguments, on its way."""
        command = [sys.executable, "-m", "operations", *arguments, f"--engine={engine}", f"--namespace={self.name}"]
        environment = {**os.environ, "PYTHONPATH": str(COMPONENT / "src"), "KUBECONFIG": str(self.config)}
        environment |= {"GITHUB_TOKEN": "secret"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen([*self.server.sandbox.enter, *command], env=environment, **pipes)

    def operations(self, *arguments: str, engine: str = "argo") -> tuple[int, str]:
        """Its exit status, and all that it prints."""
        process = self.start_command(*arguments, engine=engine)
        printed = process.communicate(timeout=120)[0]
        return process.returncode, printed

    def start(self, run: str, *more: str, version: str = "churn-1", engine: str = "argo") -> tuple[int, str]:
        """`operations start` for a version of the pipeline `churn`."""
        return self.operations("start", *self.of(run, version), *more, engine=engine)

    @staticmethod
    def of(run: str, version: str = "churn-1") -> tuple[str, ...]:
        return ("--pipeline=churn", f"--version={version}", f"--run={run}", *QUICK)

    def kubectl(self, *arguments: str) -> str:
        return self.server.kubectl(*arguments, f"--namespace={self.name}")

    def get(self, kind: str, name: str) -> dict[str, Any]:
        return json.loads(self.kubectl("get", kind, name, "--output=json"))

    def names(self, kind: str, *more: str) -> list[str]:
        return [name.partition("/")[2] for name in self.kubectl("get", kind, "--output=name", *more).split()]

    def record(self, run: str) -> dict[str, str]:
        return self.get("configmap", f"run-{run}")["data"]

    def create(self, *objects: dict[str, Any]) -> None:
        self.server.create(objects, f"--namespace={self.name}")

    def patch(self, kind: str, name: str, changes: dict[str, Any]) -> None:
        self.kubectl("patch", kind, name, "--type=merge", f"--patch={json.dumps(changes)}")


def namespace(server: ApiServer) -> Namespace:
    """A namespace that nobody has used."""
    if (number := next(_NUMBERS)) == 1:
        server.kubectl("get", "--raw=/openapi/v2")  # made at the first request, and kubectl's own waits 32 s at most
    name = user = f"operations-{number}"
    server.namespace(name)
    server.apply(rights(user), f"--namespace={name}")
    return Namespace(server, name, server.authority.kubeconfig(user, server.site.url, user, namespace=name))


def rights(user: str) -> list[dict[str, Any]]:
    """The rights of `operations` for a user."""
    api = "rbac.authorization.k8s.io"
    rules = [{"apiGroups": groups, "resources": resources, "verbs": verbs} for groups, resources, verbs in RIGHTS]
    named = {"apiVersion": f"{api}/v1", "metadata": {"name": "operations"}}
    subject = {"kind": "User", "name": user, "apiGroup": api}
    role = {"kind": "Role", "name": "operations", "apiGroup": api}
    return [
        named | {"kind": "Role", "rules": rules},
        named | {"kind": "RoleBinding", "subjects": [subject], "roleRef": role},
    ]


def template(name: str, labels: dict[str, str] = OWN) -> dict[str, Any]:
    """A WorkflowTemplate as graft labels its own."""
    metadata = {
        "name": name,
        "labels": {**labels, "graft.dev/content": name[-10:], "app.kubernetes.io/instance": "app"},
    }
    spec = {"entrypoint": "main", "templates": [{"name": "main", "suspend": {"duration": "0"}}]}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "WorkflowTemplate", "metadata": metadata, "spec": spec}


def workflow(metadata: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": metadata, "spec": spec}


def cron_workflow(version: str) -> dict[str, Any]:
    spec = {"schedules": ["0 3 * * 1"], "workflowSpec": {"workflowTemplateRef": {"name": version}}}
    return workflow({"name": "churn"}, spec) | {"kind": "CronWorkflow"}


def cron_job(command: str) -> dict[str, Any]:
    container = {"name": "start", "image": "operations", "args": command.split()}
    pod = {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}}
    spec = {"schedule": "0 3 * * 1", "jobTemplate": {"spec": pod}}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "churn"}, "spec": spec}


def intent(**data: str) -> dict[str, Any]:
    metadata = {"name": "churn", "labels": {"graft.dev/record": "intent"}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def ended(name: str, phase: str = "Succeeded") -> dict[str, Any]:
    """What Argo's controller writes into a Workflow that is over, as a run of a rendered pipeline has it."""
    metrics = {
        "name": "metrics",
        "uri": "s3://a/m",
        "type": {"schemaTitle": "system.Metrics"},
        "metadata": {"accuracy": 0.79},
    }
    gate = {
        "id": "a",
        "name": f"{name}.pipeline.gate",
        "type": "Pod",
        "phase": phase,
        "finishedAt": "2026-11-27T10:00:09Z",
    }
    gate["outputs"] = {"parameters": [{"name": "metrics", "value": json.dumps(metrics)}]}
    root = {"id": "b", "name": f"{name}.pipeline", "type": "DAG", "phase": phase, "finishedAt": "2026-11-27T10:00:10Z"}
    root |= {"children": ["a"], "outputs": {"parameters": [{"name": "version", "value": '"7"'}]}}
    times = {"startedAt": "2026-11-27T10:00:00Z", "finishedAt": "2026-11-27T10:00:11Z"}
    message = "" if phase == "Succeeded" else "main: Error (exit code 1)"
    return {"status": {"phase": phase, "message": message, **times, "nodes": {"a": gate, "b": root}}}
