"""A real node: containerd with runc, and kubelet; its images come from a registry in the sandbox."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from cluster import containerd, reaper
from cluster.apiserver import ApiServer
from cluster.process import CommandFailed, Process, wait_until
from cluster.requirements import MissingRequirement
from cluster.sandbox import Sandbox

ADDRESS = "10.88.0.1"  # where pods find what runs beside the node
REGISTRY, STORAGE = 5000, 9000  # ports there
NAME = "node1"
ACCELERATORS = {"graft.dev/chip": "4"}  # of no use, but a pod that asks for one is placed


def prepare(sandbox: Sandbox) -> None:
    """Prepare the sandbox for a node; raises MissingRequirement where this machine lacks or forbids what it takes."""
    containerd.require()
    sandbox.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"])
    try:
        cover(sandbox)
        control_group(sandbox.name)
    except (CommandFailed, OSError) as error:
        raise MissingRequirement(f"a node is not permitted here: {error}") from error


def cover(sandbox: Sandbox) -> None:
    """Cover where containerd, kubelet and the network plugins write by habit, so that nothing of it stays."""
    upper, work = sandbox.folder / "var", sandbox.folder / "var.work"
    upper.mkdir()
    work.mkdir()
    layers = f"lowerdir=/var,upperdir={upper},workdir={work}"
    sandbox.run(["mount", "-t", "overlay", "-o", layers, "overlay", "/var"])
    sandbox.run(["mount", "-t", "tmpfs", "tmpfs", "/run"])
    sandbox.run(["mkdir", "/run/netns"])


def start(server: ApiServer, registry: str) -> tuple[Process, Process]:
    """Start containerd, which pulls from `registry`, and kubelet; wait until the node is ready."""
    folder = server.sandbox.folder / "kubelet"
    folder.mkdir()
    (folder / "config.yaml").write_text(json.dumps(configuration(folder, server)), "utf-8")
    options = {
        "config": folder / "config.yaml",
        "kubeconfig": server.authority.kubeconfig("kubelet", server.site.url, f"system:node:{NAME}", "system:nodes"),
        "root-dir": folder / "root",
        "cert-dir": folder / "certificates",
        "hostname-override": NAME,
        "node-ip": ADDRESS,
    }
    runtime = containerd.start(server.sandbox, registry)
    argv = [server.binaries / "kubelet", *(f"--{key}={value}" for key, value in options.items())]
    kubelet = server.sandbox.start("kubelet", argv)
    ready = ("wait", "--for=condition=Ready", f"node/{NAME}", "--timeout=5s")
    wait_until(lambda: server.kubectl(*ready), "the node to be ready", [runtime, kubelet])
    owned = json.dumps({"status": {"capacity": ACCELERATORS}})
    server.kubectl("patch", "node", NAME, "--subresource=status", "--type=merge", f"--patch={owned}")
    return runtime, kubelet


def logs(sandbox: Sandbox) -> Path:
    """Where what the pods print is kept."""
    return sandbox.folder / "kubelet" / "logs"


def configuration(folder: Path, server: ApiServer) -> dict[str, Any]:
    """kubelet's configuration: a node that never lacks anything and never waits."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": ADDRESS,
        "authentication": {"anonymous": {"enabled": False}, "x509": {"clientCAFile": str(server.authority.file)}},
        "containerRuntimeEndpoint": f"unix://{containerd.socket(server.sandbox)}",
        "podLogsDir": str(logs(server.sandbox)),
        "volumePluginDir": str(folder / "plugins"),
        "resolvConf": "",
        # groups of the sandbox's own, in whichever version the machine has; no reservations for a system
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{server.sandbox.name}",
        "failCgroupV1": False,
        "enforceNodeAllocatable": [],
        "failSwapOn": False,
        # a machine that others use too must not look full
        "evictionHard": {"memory.available": "1%", "nodefs.available": "1%", "imagefs.available": "1%"},
        "imageGCHighThresholdPercent": 100,
        "maxPods": 200,
        "serializeImagePulls": False,
        "registryPullQPS": 0,
        "kubeAPIQPS": 200,
        "kubeAPIBurst": 400,
        "syncFrequency": "5s",
        "makeIPTablesUtilChains": False,
    }


def control_group(name: str) -> None:
    """Make the group that holds all pods; the sandbox's reaper removes it."""
    root = reaper.CONTROL_GROUPS
    hierarchies = [root] if (root / "cgroup.controllers").is_file() else [p.parent for p in root.glob("*/cgroup.procs")]
    for hierarchy in hierarchies:
        (hierarchy / name).mkdir()
    for setting in ("cpuset.cpus", "cpuset.mems"):  # in version 1 this one starts empty, and takes no process then
        with suppress(FileNotFoundError):
            (root / "cpuset" / name / setting).write_text((root / "cpuset" / setting).read_text())
