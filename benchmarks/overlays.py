"""What graft renders for Kubeflow clusters, as a kustomize project that builds the same objects.

    base/<pipeline>/                  the Pipeline and the PipelineVersion, with the definition as it was compiled
    <environment>/<cluster>/          the bases of all pipelines, the namespace, and a patch an object that holds what
                                      the environment and the cluster say: image, resources, variables, defaults, ...

One layer of patches, one build a cluster: two layers, or a build a pipeline, would cost kustomize more.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

Value = dict[str, Any]
FILES = ("pipeline.yaml", "pipelineversion.yaml")


def make(repository: Path, project: Path) -> list[Path]:
    """Write the project for a repository that has been rendered; the folders to build, one a cluster."""
    return [_overlay(cluster, repository, project) for cluster in sorted((repository / "rendered").glob("*/*"))]


def differing(rendered: Path, built: Path) -> list[str]:
    """The objects of a cluster that are not the same in both: what graft rendered and what kustomize built."""
    ours = _by_name([_load(rendered / file) for file in rendered.glob("*/pipeline*.yaml")])
    theirs = _by_name(list(yaml.load_all(built.read_bytes(), Loader=yaml.CSafeLoader)))
    return sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))


def _overlay(cluster: Path, repository: Path, project: Path) -> Path:
    folder = project / cluster.relative_to(repository / "rendered")
    patches, pipelines = [], sorted(file.parent for file in cluster.glob(f"*/{FILES[0]}"))
    for pipeline in pipelines:
        base = _base(project / "base" / pipeline.name, repository, pipeline)
        for file in FILES:
            _write(folder / f"{pipeline.name}-{file}", _patch(base[file], _load(pipeline / file)))
            target = {"kind": base[file]["kind"], "name": pipeline.name}
            patches.append({"path": f"{pipeline.name}-{file}", "target": target, "options": {"allowNameChange": True}})
    namespace = _load(pipelines[0] / FILES[0])["metadata"]["namespace"]
    bases = [f"../../base/{pipeline.name}" for pipeline in pipelines]
    _write(folder / "kustomization.yaml", {"resources": bases, "namespace": namespace, "patches": patches})
    return folder


def _base(folder: Path, repository: Path, rendered: Path) -> dict[str, Value]:
    """A pipeline's two objects without any environment, written once."""
    [compiled] = (repository / "definitions" / rendered.name).glob("*.json")
    definition = json.loads(compiled.read_text())
    objects = {file: _bare(rendered.name, file, definition) for file in FILES}
    if not folder.exists():
        for file, value in objects.items():
            _write(folder / file, value)
        _write(folder / "kustomization.yaml", {"resources": list(objects)})
    return objects


def _bare(name: str, file: str, definition: Value) -> Value:
    kind = {"pipeline.yaml": "Pipeline", "pipelineversion.yaml": "PipelineVersion"}[file]
    spec = {"displayName": name}
    if kind == "PipelineVersion":
        spec |= {"pipelineName": name, "pipelineSpec": definition["pipelineSpec"]}
    return {"apiVersion": "pipelines.kubeflow.org/v2beta1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def _patch(base: Value, wanted: Value) -> Value:
    """The merge patch from one object to the other; the namespace is kustomize's to set."""
    patch = _difference(base, wanted) | {"apiVersion": wanted["apiVersion"], "kind": wanted["kind"]}
    patch["metadata"].pop("namespace")
    patch["metadata"].setdefault("name", wanted["metadata"]["name"])
    return patch


def _difference(base: Value, wanted: Value) -> Value:
    found: Value = {key: None for key in base if key not in wanted}
    for key, value in wanted.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            if inside := _difference(base[key], value):
                found[key] = inside
        elif key not in base or base[key] != value:
            found[key] = value
    return found


def _by_name(objects: list[Value]) -> dict[str, Value]:
    return {f"{value['kind']}/{value['metadata']['name']}": value for value in objects}


def _load(file: Path) -> Value:
    return yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)


def _write(file: Path, value: Value) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False))
