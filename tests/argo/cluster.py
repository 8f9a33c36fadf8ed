"""Runs a WorkflowTemplate on a cluster that KUBECONFIG names, and says how it ended: needs `kubectl` on PATH."""

import json
import subprocess
import time
from dataclasses import dataclass
from typing import Any

from generators.engines.argo.expressions import encoded
from generators.ir.values import kind_of


@dataclass(frozen=True)
class Ended:
    """A workflow that is over: its phase, why, the pipeline's outputs, its pods, and its nodes' phases by path."""

    phase: str
    message: str
    outputs: dict[str, str]
    pods: int
    steps: dict[str, str]


def run(template: dict[str, Any], spec: dict[str, Any], parameters: dict[str, Any], timeout: float = 180) -> Ended:
    """Apply the template, start a workflow from it with `parameters` of the pipeline `spec`, and wait for its end."""
    name = start(template, spec, parameters)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        workflow = json.loads(kubectl("get", "workflow", name, "-o", "json"))
        if workflow.get("status", {}).get("phase") in ("Succeeded", "Failed", "Error"):
            return ended(workflow)
        time.sleep(0.5)
    raise TimeoutError(f"{name} did not end within {timeout} s:\n{kubectl('get', 'workflow', name, '-o', 'yaml')}")


def start(template: dict[str, Any], spec: dict[str, Any], parameters: dict[str, Any]) -> str:
    """Apply the template and start a workflow from it; its name."""
    kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", text=json.dumps(template))
    declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    given = [
        {"name": key, "value": encoded(value, kind_of(declared.get(key, {})))} for key, value in parameters.items()
    ]
    name = template["metadata"]["name"]
    workflow = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": f"{name[:50]}-"},
        "spec": {"workflowTemplateRef": {"name": name}, "arguments": {"parameters": given}},
    }
    return kubectl("create", "-f", "-", "-o", "jsonpath={.metadata.name}", text=json.dumps(workflow))


def ended(workflow: dict[str, Any]) -> Ended:
    """What a finished Workflow says of its end."""
    name, status = workflow["metadata"]["name"], workflow["status"]
    nodes = status.get("nodes", {}).values()
    root = next((node for node in nodes if node["name"] == f"{name}.pipeline"), {})
    return Ended(
        phase=status["phase"],
        message=" | ".join(f"{node['name']}: {node['message']}" for node in nodes if node.get("message"))[:3000],
        outputs={item["name"]: item.get("value", "") for item in root.get("outputs", {}).get("parameters", [])},
        pods=sum(node["type"] == "Pod" for node in nodes),
        steps={node["name"].removeprefix(f"{name}.pipeline."): node["phase"] for node in nodes},
    )


def kubectl(*arguments: str, text: str = "") -> str:
    """What kubectl prints."""
    done = subprocess.run(["kubectl", *arguments], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
