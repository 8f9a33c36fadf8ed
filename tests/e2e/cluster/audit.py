"""What users ask an API server, as its own audit log tells: what it allowed, and what it forbade.

https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "system:serviceaccount"
FORBIDDEN = 403


@dataclass(frozen=True)
class Asked:
    """A request: by whom, the verb, the group and the resource with its part, such as `pods/log`, and the answer."""

    user: str
    verb: str
    group: str
    resource: str
    status: int


def options(folder: Path) -> tuple[str, ...]:
    """The options by which an API server writes the log into `folder`: of service accounts, a line for each answer."""
    policy = folder / "audit.json"
    rules = [{"level": "Metadata", "userGroups": [f"{ACCOUNT}s"]}, {"level": "None"}]
    kind = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy"}
    policy.write_text(json.dumps({**kind, "rules": rules, "omitStages": ["RequestReceived", "ResponseStarted"]}))
    return f"--audit-policy-file={policy}", f"--audit-log-path={log(folder)}"


def log(folder: Path) -> Path:
    """Where the log is."""
    return folder / "audit.log"


def asked(folder: Path, namespace: str, account: str) -> Iterator[Asked]:
    """All requests of a service account so far."""
    user = f"{ACCOUNT}:{namespace}:{account}"
    for line in log(folder).read_text("utf-8").splitlines():
        event = json.loads(line)
        what = event.get("objectRef")
        if event["user"]["username"] == user and what:
            resource = "/".join(filter(None, [what["resource"], what.get("subresource")]))
            yield Asked(account, event["verb"], what.get("apiGroup", ""), resource, event["responseStatus"]["code"])
