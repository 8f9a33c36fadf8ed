"""Layers of single programs that need no library, and the shell that images with more in them stand on."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from cluster import packages, process
from cluster.image_build import Layer
from cluster.image_python import libraries
from cluster.image_tree import Folder, Link, Tree
from cluster.requirements import MissingRequirement

USERS = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/false\n"
GROUPS = "root:x:0:\nnogroup:x:65534:\n"


def layer(program: Path, place: str, beside: Tree) -> Layer:
    """One program at its place, with a few files."""
    with program.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return Layer(f"program {content} {place} {beside}", lambda folder: {place: program, **beside})


def shell() -> Layer:
    """busybox under all its names, with what every system has."""
    if not (program := _static_busybox()):
        packages.require("busybox-static")
        program = _static_busybox()
    if not program:
        raise MissingRequirement("statically linked busybox not found")
    commands = process.run([program, "--list"]).split()
    beside: Tree = {
        **{f"bin/{command}": Link("busybox") for command in commands if command != "busybox"},
        "usr/bin/env": Link("/bin/busybox"),
        "tmp": Folder(0o1777),
        "root": Folder(),
        **accounts(),
    }
    return layer(program, "bin/busybox", beside)


def accounts(user: int = 0, home: str = "") -> Tree:
    """The system's users, with one more at home in a folder of its own."""
    if not user:
        return {"etc/passwd": USERS.encode(), "etc/group": GROUPS.encode()}
    line = f"user:x:{user}:{user}::{home}:/bin/sh\n"
    return {"etc/passwd": f"{USERS}{line}".encode(), home.strip("/"): Folder(0o755, user)}


def _static_busybox() -> Path | None:
    found = shutil.which("busybox")
    return Path(found) if found and not libraries([Path(found)]) else None
