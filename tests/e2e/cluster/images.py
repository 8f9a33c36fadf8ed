"""The images of the cluster's node, made without Docker and without network from what is on this machine.

`build` writes them into one OCI layout, which `registry` serves.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cluster import binaries, image_build, image_component, image_programs, image_python, packages
from cluster.image_build import Image, Layer
from cluster.image_layout import Layout
from cluster.image_tree import Folder

LAYOUT = binaries.BUILT / "images"
PAUSE = "registry.local/pause:1"
ARGOEXEC = "registry.local/argoexec:1"
BUSYBOX = ("docker.io/library/busybox:1.36", "docker.io/library/busybox:latest")
# what compiled pipelines name; the version that runs the tests is in each of them
PYTHON = tuple(sorted({f"docker.io/library/python:{tag}" for tag in ("3.11", image_python.VERSION)}))
SHELLS = "PATH=/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LANGUAGE = "LANG=C.UTF-8"
KFP = ("kfp",)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def build(folder: Path, images: Iterable[Image]) -> dict[str, str]:
    """Add these images to the OCI layout in `folder`; the digest of every name in it."""
    return image_build.write(Layout(folder), images)


def pause(program: Path) -> Image:
    """What holds a pod's namespaces."""
    return Image((PAUSE,), (image_programs.layer(program, "pause", {}),), {"Entrypoint": ["/pause"]})


def argoexec(program: Path) -> Image:
    """Argo's executor, as the project publishes it."""
    if not CERTIFICATES.is_file():
        packages.require("ca-certificates")
    beside = {"etc/nsswitch.conf": b"hosts: files dns\n", "etc/ssl/certs/ca-certificates.crt": CERTIFICATES}
    layer = image_programs.layer(program, "bin/argoexec", {"tmp": Folder(0o1777), **beside})
    return Image((ARGOEXEC,), (layer,), {"Entrypoint": ["argoexec"], "User": "8737", "Env": [SHELLS]})


def busybox() -> Image:
    """A shell and the usual commands."""
    return Image(BUSYBOX, (image_programs.shell(),), {"Cmd": ["sh"], "Env": [SHELLS]})


def python() -> Image:
    """Python with kfp, as its executor needs it."""
    return Image(PYTHON, _python_layers(), {"Cmd": ["python3"], "Env": [SHELLS, LANGUAGE]})


def component(name: str, folder: Path) -> Image:
    """The image of a component's folder, as its Dockerfile describes it, on the image of Python with kfp."""
    described = image_component.read(folder)
    beside = image_python.distributions(described.requirements, KFP)
    config = {"Cmd": ["python3"], "Env": [SHELLS, LANGUAGE, *described.environment], **described.running}
    return Image((name,), (*_python_layers(), beside, described.own), config)


def operations(name: str, folder: Path) -> Image:
    """The image of what starts runs and cleans up, as its Dockerfile describes it, on this machine's Python alone."""
    described = image_component.read(folder)
    layers = (image_programs.shell(), image_python.interpreter(), image_python.distributions(described.requirements))
    config = {"Env": [SHELLS, LANGUAGE, *described.environment], **described.running}
    return Image((name,), (*layers, described.own), config)


def _python_layers() -> tuple[Layer, ...]:
    return (image_programs.shell(), image_python.interpreter(), image_python.distributions(KFP))
