"""containerd with runc, the container runtime of the node, and the network of its pods."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from cluster import images, packages
from cluster.process import Process
from cluster.sandbox import Sandbox

PLUGINS = "/usr/lib/cni"  # where Debian puts the network plugins
PROGRAMS = {"containerd": "containerd", "runc": "runc", "containernetworking-plugins": f"{PLUGINS}/bridge"}
PODS = "10.89.0.0/16"


def require() -> None:
    """Install the programs where they are missing; raises MissingRequirement with their packages where it cannot."""
    packages.require(*(package for package, program in PROGRAMS.items() if not shutil.which(program)))


def start(sandbox: Sandbox, registry: str) -> Process:
    """Start it; it pulls every image from `registry`, whatever its name."""
    folder = sandbox.folder / "containerd"
    asked = f'server = "{registry}"\n[host."{registry}"]\ncapabilities = ["pull", "resolve"]\n'
    files = {
        "network/10-bridge.conflist": json.dumps(network(folder)),
        "registries/_default/hosts.toml": asked,
        "config.toml": configuration(folder),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return sandbox.start("containerd", ["containerd", "--config", folder / "config.toml"])


def socket(sandbox: Sandbox) -> Path:
    """Where it is spoken to."""
    return sandbox.folder / "containerd" / "containerd.sock"


def network(folder: Path) -> dict[str, Any]:
    """The pods' network: a bridge; nothing outside the sandbox is to be reached, so nothing is translated."""
    addresses = {"type": "host-local", "dataDir": str(folder / "addresses"), "ranges": [[{"subnet": PODS}]]}
    bridge = {"type": "bridge", "bridge": "pods", "isGateway": True, "hairpinMode": True}
    plugin = {**bridge, "ipam": {**addresses, "routes": [{"dst": "0.0.0.0/0"}]}}
    return {"cniVersion": "1.0.0", "name": "pods", "plugins": [plugin]}


def configuration(folder: Path) -> str:
    """containerd's configuration: everything that it keeps is in `folder`."""
    return f'''version = 2
root = "{folder}/containerd"
state = "{folder}/state"
[grpc]
  address = "{folder}/containerd.sock"
[debug]
  address = "{folder}/debug.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{images.PAUSE}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "{folder}/registries"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{PLUGINS}"
    conf_dir = "{folder}/network"
'''
