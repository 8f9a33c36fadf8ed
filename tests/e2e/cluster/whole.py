"""All in one cluster: Argo CD delivers a pipeline, Argo Workflows runs it on a node, and `operations` sees to it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cluster import audit, delivery, forge, images, node, plan, registry, s3, scenario, workflows
from cluster.apiserver import ApiServer
from cluster.operations import COMPONENT
from cluster.running import ENVIRONMENT, NAMESPACE, Running
from cluster.sandbox import Sandbox
from cluster.scenario import Scenario, Then
from generators.inventory.read import Repository

OPERATIONS, GREETER = "registry.local/operations:1", "registry.local/greeter:1"
STEPS = "components/greeter"
FORGE = 9100  # a port beside the node's other servers
LEFT_OUT = ("environments", "definitions", "rendered", "components", "__pycache__")
SECRETS = {"storage": ("access-key", "secret-key"), "github": ("token",)}


@dataclass(frozen=True)
class Prepared:
    """A sandbox that is ready for a node, the programs and the images, whose digests are known by their names."""

    sandbox: Sandbox
    programs: Path
    controller: Path
    digests: Mapping[str, str]


def prepared(private: Sandbox, programs: Path, argo: tuple[Path, Path], overlay: Path) -> Prepared:
    """Make the images; raises MissingRequirement where this machine lacks or forbids what it takes."""
    controller, executor = argo
    forge.require()
    node.prepare(private)
    own = [images.operations(OPERATIONS, COMPONENT), images.component(GREETER, overlay / STEPS)]
    made = [images.pause(programs / "pause"), images.argoexec(executor), *own]
    return Prepared(private, programs, controller, images.build(images.LAYOUT, made))


def start(ready: Prepared, files: Sequence[Path], tiny: Path, overlay: Path) -> Running:
    """Start everything, and have the repository of `tiny` with what is in `overlay` delivered."""
    private, folder = ready.sandbox, ready.sandbox.folder
    checkout = repository(tiny, overlay, folder / "repository", ready.digests)
    found = plan.read(checkout / "rendered")
    running = delivery.start(private, ready.programs, files, checkout, found, audit.options(folder))
    server = running.home
    beside(private, checkout)
    node.start(server, f"http://{node.ADDRESS}:{node.REGISTRY}")
    engine = workflows.start(server, ready.controller)
    server.apply(secrets(), f"--namespace={NAMESPACE}")
    began = Scenario(checkout, running)
    delivery.apply_by_hand(running)
    began.seconds = Then(began).synced(within=900)
    return Running(began, ready.controller, engine, watched(server))


def repository(tiny: Path, overlay: Path, folder: Path, digests: Mapping[str, str]) -> Path:
    """The repository, whose environment names the images that were made by their digests."""
    shutil.copytree(tiny, folder, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    shutil.copytree(overlay, folder, dirs_exist_ok=True)
    file = folder / ENVIRONMENT
    content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    source = Repository(folder).source(STEPS, "components/shared")
    reference = f"{OPERATIONS.rpartition(':')[0]}@{digests[OPERATIONS]}"
    content["parameters"]["images"] = {"operations": reference, "greeter": {source: digests[GREETER]}}
    file.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    scenario.render(folder)
    scenario.begin(folder)
    return folder


def beside(private: Sandbox, checkout: Path) -> None:
    """Start what stands beside the node: the images, the object store, and Git's forge."""
    registry.start(private, node.ADDRESS, node.REGISTRY, images.LAYOUT)
    s3.start(private, node.ADDRESS, node.STORAGE, workflows.BUCKET)
    forge.start(private, node.ADDRESS, FORGE, checkout)


def secrets() -> list[dict[str, Any]]:
    """What a secret store gives the namespace."""
    return [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {key: key for key in keys}}
        for name, keys in SECRETS.items()
    ]


def watched(server: ApiServer) -> Any:
    """A watch that tells of every Workflow that there is at any time: its UID, its name, its version and its phase."""
    columns = "UID:.metadata.uid,NAME:.metadata.name,VERSION:.spec.workflowTemplateRef.name,PHASE:.status.phase"
    options = (f"--namespace={NAMESPACE}", "--no-headers", "--watch", f"--output=custom-columns={columns}")
    return server.start_kubectl("runs", "get", "workflows", *options)
