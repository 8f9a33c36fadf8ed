"""Argo Workflows: its controller, and a namespace where pipelines run with the rights that the docs name."""

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
BUCKET = "graft"  # as workflows.yaml names it, too
OBJECTS = Path(__file__).with_name("workflows.yaml")
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


def start(server: ApiServer, controller: Path) -> Process:
    """Start the controller, once its namespaces hold what they must, and wait until it is healthy."""
    for namespace in (OWN, PIPELINES):
        server.namespace(namespace)
    server.apply(yaml.safe_load_all(OBJECTS.read_text("utf-8")))
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
