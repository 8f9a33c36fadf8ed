"""A persistent volume claim on this machine: a folder, which a step finds by a variable that names where it is mounted.

A process has no mounts of its own, so a step that would find the claim by its path alone cannot run here. One whose
variable WORKDIR=/workdir/a names a place at or below the mount /workdir is given WORKDIR=<folder of the claim>/a.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from generators.ir.view import Pod
from generators.ir.view.pod import CLAIM, Mount
from generators.output.write.inside import refuse_links
from generators.runner.environment import object_name

FOLDER = ".graft/claims"  # below the repository


def is_found(mount: Mount, values: Iterable[str]) -> bool:
    """Whether one of a step's variables names the place where the claim is mounted, or one below it."""
    return mount.kind == CLAIM and any(PurePosixPath(value).is_relative_to(mount.path) for value in values)


def moved(variables: Mapping[str, str], pod: Pod, repository: Path) -> dict[str, str]:
    """The variables, with the folder of a claim in place of where it is mounted; the folder is made."""
    found = dict(variables)
    for mount in pod.mounts:
        for name, value in variables.items():
            if is_found(mount, [value]):
                folder = _folder(mount, repository)
                folder.mkdir(parents=True, exist_ok=True)
                found[name] = str(folder / PurePosixPath(value).relative_to(mount.path))
    return found


def _folder(mount: Mount, repository: Path) -> Path:
    """The folder of a claim; one that an input names has that input's name, whatever its value is."""
    source = mount.source
    name = object_name(source) if source and source.is_constant else source.name.removeprefix("pipelinechannel--")
    inside = mount.tree.get("subPath", "").lstrip("/")
    return refuse_links(repository, f"{FOLDER}/{name}/{inside}").resolve()
