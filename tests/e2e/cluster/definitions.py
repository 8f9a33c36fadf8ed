"""Definitions of custom resources: large ones cost an API server seconds each, so a store that holds them is kept."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cluster import apiserver, binaries, etcd, sandbox
from cluster.apiserver import ApiServer
from cluster.process import wait_until
from cluster.sandbox import Sandbox
from cluster.site import ONLY, Site

ESTABLISHED = ("wait", "--for=condition=Established", "customresourcedefinitions", "--all", "--timeout=30s")


def start(
    private: Sandbox, programs: Path, files: Sequence[Path], site: Site = ONLY, more: Iterable[str] = ()
) -> ApiServer:
    """An API server that knows the definitions in these files, with more options."""
    kept = binaries.BUILT / f"definitions-{content(files)}"
    if not kept.is_dir():
        keep(programs, files, kept)
    shutil.copytree(kept, etcd.data(private, site))
    return apiserver.start(private, programs, site, more)


def keep(programs: Path, files: Iterable[Path], kept: Path) -> None:
    """Have an API server of its own establish the definitions, and keep what etcd then holds."""
    with sandbox.create() as private, tempfile.TemporaryDirectory(dir=binaries.BUILT) as folder:
        server = apiserver.start(private, programs)
        server.kubectl("create", "--validate=false", *(f"--filename={file}" for file in files))
        wait_until(lambda: server.kubectl(*ESTABLISHED), "established definitions", server.processes, timeout=300)
        for process in reversed(server.processes):  # an API server whose etcd is gone first does not end
            process.stop(60)
        shutil.copytree(etcd.data(private, ONLY), Path(folder) / kept.name)
        if not kept.is_dir():
            (Path(folder) / kept.name).rename(kept)


def needed(files: Iterable[Path], objects: Iterable[Mapping[str, Any]]) -> list[Path]:
    """Of these files those that define the kind of an object: each costs an API server memory, and all who ask it."""
    kinds = {(item["apiVersion"].split("/")[0], item["kind"]) for item in objects}
    return [file for file in files if defined(file) in kinds]


def defined(file: Path) -> tuple[str, str]:
    """The group and the kind that a file defines; read as text, since the largest would take a second as YAML."""
    text = file.read_text("utf-8")
    group, kind = (
        re.search(r"^  group: (\S+)$", text, re.M),
        re.search(r"^  names:\n(?:    .*\n)*?    kind: (\S+)$", text, re.M),
    )
    if not group or not kind:
        raise ValueError(f"{file}: is no CustomResourceDefinition as controller-gen writes it")
    return group[1], kind[1]


def content(files: Iterable[Path]) -> str:
    """A hash of the definitions and of the programs that store them."""
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return hashlib.sha256("".join([binaries.content(), *hashes]).encode()).hexdigest()[:16]
