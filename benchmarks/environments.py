"""The environments of a fleet, and an edit of one.

Each has its own namespace, database and storage. The first half of its clusters each have accelerators, a capacity and
(on Argo) a Pod Security level of their own; the second half say the same as one another. So what two places of the
fleet share is what those of a real fleet would share.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from benchmarks.sizes import PIPELINE, Size


def environment(repository: Path, name: str, size: Size) -> dict[str, Any]:
    """This repository's staging or prod under another name, with every pipeline at its head."""
    kind = name.partition("-")[0]
    node = yaml.safe_load((repository / f"environments/{kind}.yml").read_text().replace(kind, name))
    parameters = node["parameters"]
    settings = parameters["pipelines"].pop(PIPELINE)
    settings.pop("definition", None)
    node["classes"] = ["defaults", *(f"pipelines.{pipeline.replace('-', '_')}" for pipeline in size.pipeline_names)]
    parameters["pipelines"] = {pipeline: {"track": "head"} | settings for pipeline in size.pipeline_names}
    parameters["clusters"] = {f"{name}-{index:03}": _cluster(name, index, size) for index in range(size.clusters)}
    return node


def write(root: Path, name: str, node: dict[str, Any]) -> None:
    file = root / f"environments/{name}.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.dump(node, Dumper=_Plain, sort_keys=False))


def set_epochs(root: Path, name: str, pipeline: str, epochs: int) -> None:
    """Edit one parameter of one pipeline in one environment."""
    node = yaml.safe_load((root / f"environments/{name}.yml").read_text())
    node["parameters"]["pipelines"][pipeline]["parameters"]["epochs"] = epochs
    write(root, name, node)


def _cluster(environment: str, index: int, size: Size) -> dict[str, Any]:
    engine = size.engines[index % len(size.engines)]
    facts = {"engine": engine, "server": f"https://{environment}-{index}.internal:6443"}
    facts |= {"mode": "multi-user"} if engine == "kubeflow" else {"pod_security": "restricted"}
    own = size.clusters // 2 if size.own is None else size.own
    if index >= own:
        return facts | {"capacity": {"cpu": "64", "memory": "256Gi"}}
    if engine == "argo":
        facts["pod_security"] = ("baseline", "restricted")[index // 2 % 2]
    gpu = {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
    facts["accelerators"] = {"nvidia.com/gpu": {"node_selector": {"pool": f"gpu-{index}"}, "tolerations": [gpu]}}
    return facts | {"capacity": {"cpu": str(65 + index), "memory": "256Gi", "nvidia.com/gpu": "4"}}


class _Plain(yaml.SafeDumper):
    """YAML without aliases, which graft refuses."""

    def ignore_aliases(self, data: object) -> bool:
        return True
