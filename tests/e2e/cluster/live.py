"""What clusters hold of a rendered tree, and a policy that has one refuse some of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cluster.apiserver import ApiServer
from cluster.process import CommandFailed

POLICY = "frozen"
REGISTRATION = "admissionregistration.k8s.io"
VOLATILE = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid")

Key = tuple[str, str, str]  # a cluster as `staging-two`, a kind, a name


def objects(server: ApiServer, folder: Path, namespace: str) -> list[dict[str, Any]]:
    """The objects of a cluster that the files of a folder name; those that are not there are left out."""
    options = ("--recursive", "--ignore-not-found", f"--namespace={namespace}", "--output=json")
    answer = server.kubectl("get", f"--filename={folder}", *options)
    found = json.loads(answer) if answer.strip() else {"kind": "List", "items": []}
    return found["items"] if found["kind"] == "List" else [found]


def content(item: dict[str, Any]) -> dict[str, Any]:
    """An object without what the cluster says of it."""
    metadata = {key: value for key, value in item["metadata"].items() if key not in VOLATILE}
    return {**item, "metadata": metadata, "status": None}


def found(server: ApiServer, resource: str, name: str, namespace: str) -> bool:
    """Whether an object is there, and stays."""
    answer = server.kubectl("get", resource, name, f"--namespace={namespace}", "--ignore-not-found", "--output=json")
    return bool(answer.strip()) and "deletionTimestamp" not in json.loads(answer)["metadata"]


def refusal(resource: str, namespace: str, message: str) -> Iterator[dict[str, Any]]:
    """A policy by which nobody makes or changes objects of a kind (`plural.group`) in a namespace, and its binding."""
    plural, _, group = resource.partition(".")
    rule = {"apiGroups": [group], "apiVersions": ["*"], "resources": [plural], "operations": ["CREATE", "UPDATE"]}
    selector = {"matchLabels": {"kubernetes.io/metadata.name": namespace}}
    yield _registered(
        "ValidatingAdmissionPolicy",
        failurePolicy="Fail",
        matchConstraints={"resourceRules": [rule], "namespaceSelector": selector},
        validations=[{"expression": "false", "message": message}],
    )
    yield _registered("ValidatingAdmissionPolicyBinding", policyName=POLICY, validationActions=["Deny"])


def refused(server: ApiServer, resource: str, namespace: str, message: str) -> bool:
    """Whether the policy acts already, which takes an API server about a second."""
    try:
        server.kubectl("annotate", resource, "--all", "probe=1", "--overwrite", "--dry-run=server", "-n", namespace)
    except CommandFailed as failed:
        return message in str(failed)
    return False


def _registered(kind: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": f"{REGISTRATION}/v1", "kind": kind, "metadata": {"name": POLICY}, "spec": spec}
