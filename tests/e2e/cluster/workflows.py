"""Argo Workflows: its controller with the rights that the docs name, and a namespace where pipelines run."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import yaml

from cluster import images
from cluster.apiserver import ApiServer
from cluster.process import Process, wait_until
from cluster.requirements import MissingRequirement

CONTROLLER, EXECUTOR = "workflow-controller", "argoexec"
OWN, PIPELINES = "argo", "pipelines"  # the controller's namespace, and that of the pipelines
BUCKET = "graft"  # as pipelines.yaml names it, too
INSTALLED, OF_PIPELINES = (Path(__file__).with_name(f"{name}.yaml") for name in ("workflows", "pipelines"))
HEALTH = "http://127.0.0.1:6060/healthz"
SETTINGS = {
    "LEADER_ELECTION_DISABLE": "true",
    "DEFAULT_REQUEUE_TIME": "1s",  # its default of 10 s would be most of the time that the tests take
    "CRON_SYNC_PERIOD": "1s",
}


def binaries() -> tuple[Path, Path]:
    """The controller and the executor: in the folder ARGO_WORKFLOWS_BIN, or on PATH."""
    path = os.environ.get("ARGO_WORKFLOWS_BIN") or None
    found = [shutil.which(name, path=path) for name in (CONTROLLER, EXECUTOR)]
    if not all(found):
        raise MissingRequirement("Argo Workflows' binaries not found")
    return Path(found[0]), Path(found[1])


def namespace(server: ApiServer) -> None:
    """Make the namespace of the pipelines, with an account that may run them and a store for their artifacts."""
    server.namespace(PIPELINES)
    server.apply(yaml.load_all(OF_PIPELINES.read_text("utf-8"), yaml.CSafeLoader))


def start(server: ApiServer, controller: Path) -> Process:
    """Give the controller what it needs, in the namespace of the pipelines too, and start it."""
    for name in (OWN, PIPELINES):
        server.namespace(name)
    server.apply(yaml.load_all(INSTALLED.read_text("utf-8"), yaml.CSafeLoader))
    return run(server, controller)


def run(server: ApiServer, controller: Path) -> Process:
    """Start the controller, for the first time or again, and wait until it is healthy."""
    arguments = {
        "kubeconfig": server.authority.kubeconfig(CONTROLLER, server.site.url, CONTROLLER, namespace=OWN),
        "managed-namespace": PIPELINES,
        "executor-image": images.ARGOEXEC,
        "executor-image-pull-policy": "IfNotPresent",
        "qps": 100,
        "burst": 200,
    }
    argv = [controller, "--namespaced", *(f"--{key}={value}" for key, value in arguments.items())]
    process = server.sandbox.start(CONTROLLER, argv, SETTINGS)
    healthy = [sys.executable, "-c", f"from urllib.request import urlopen; urlopen({HEALTH!r})"]
    wait_until(lambda: server.sandbox.run(healthy) == "", "workflow-controller to be healthy", [process])
    return process
