"""Claim: graft writes manifests at least six times as fast as PyYAML's C dumper.

Run it with `python -m benchmarks.emit`.
"""

from __future__ import annotations

import yaml

from benchmarks.measure import Cost, best, here
from benchmarks.report import Row, seconds, section
from generators.output.emit import to_yaml

WORKFLOWS = 300
STEPS = 12
ROUNDS = 5
BUDGET = 6  # how many times as fast as PyYAML
CODE = """
import kfp
from kfp import dsl
from kfp.dsl import *
from typing import *

def {name}(data: Input[Dataset], model: Output[Model], epochs: int, learning_rate: float):
    '''Train the network.'''
    from {name}.train import train

    if epochs < 1:
        raise ValueError(f"epochs must be positive, not {{epochs}}")
    train(data.path, model.path, epochs=epochs, learning_rate=learning_rate)
"""


def main() -> None:
    documents = [manifest(number) for number in range(WORKFLOWS)]
    written = {}  # what each wrote, for its size

    def graft() -> None:
        written["graft"] = "".join(to_yaml([document]) for document in documents)

    def pyyaml() -> None:
        written["PyYAML"] = "".join(yaml.dump(each, Dumper=yaml.CSafeDumper, sort_keys=False) for each in documents)

    costs = best(ROUNDS, {"graft": lambda: here(graft), "PyYAML": lambda: here(pyyaml)})
    ours, theirs = (len(text) / cost.wall / 1e6 for text, cost in zip(written.values(), costs, strict=True))
    row = Row("YAML written", _said(ours, costs[0]), f"PyYAML's C dumper: {_said(theirs, costs[1])}",
              f"{ours / theirs:.1f} x the rate", f"{BUDGET} x", ours >= BUDGET * theirs)  # fmt: skip
    section("YAML", __doc__, [row])


def _said(rate: float, cost: Cost) -> str:
    return f"{rate:.1f} MB/s ({seconds(cost)})"


def manifest(number: int) -> dict:
    """A WorkflowTemplate as the fleet's are: a few names and hashes of its own, the rest as in its neighbours."""
    name = f"pipeline-{number}"
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "WorkflowTemplate",
        "metadata": {
            "name": name,
            "namespace": "ml-prod",
            "labels": {"graft.dev/definition": f"{number * 7919:010x}", "app.kubernetes.io/managed-by": "graft"},
            "annotations": {"argocd.argoproj.io/sync-wave": "1"},
        },
        "spec": {
            "entrypoint": "root",
            "arguments": {"parameters": [{"name": "epochs", "value": str(number)}, {"name": "rate", "value": "1e-4"}]},
            "templates": [step(number, index) for index in range(STEPS)],
        },
    }


def step(number: int, index: int) -> dict:
    requests = {"cpu": "500m", "memory": "4000Mi", "nvidia.com/gpu": str(index % 2)}
    return {
        "name": f"train-{index}",
        "inputs": {"parameters": [{"name": key} for key in ("data", "epochs", "learning-rate")]},
        "container": {
            "image": f"registry.internal/ml/train@sha256:{number * STEPS + index:064x}",
            "command": ["python3", "-m", "kfp.dsl.executor_main"],
            "args": [
                "--executor_input",
                '{"inputs": {"parameterValues": {"epochs": 40}}}',
                "--function_to_execute",
                "train",
            ],
            "env": [
                {"name": "MLFLOW_TRACKING_URI", "value": "postgresql://mlflow@db.prod.internal:5432/mlflow"},
                {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "mlflow-database", "key": "password"}}},
                {"name": "PYTHONUNBUFFERED", "value": "1"},
            ],
            "resources": {"requests": requests, "limits": requests},
            "securityContext": {
                "runAsNonRoot": True,
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            },
        },
        "script": CODE.format(name=f"train_{index}") if index % 4 == 0 else "true",
        "retryStrategy": {"limit": 2, "backoff": {"duration": "30s", "factor": 2, "cap": 0.5}},
    }


if __name__ == "__main__":
    main()
