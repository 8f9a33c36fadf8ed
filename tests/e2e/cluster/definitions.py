"""Definitions of custom resources: large ones cost an API server seconds each, so a store that holds them is kept."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from cluster import apiserver, binaries, etcd, sandbox
from cluster.apiserver import ApiServer
from cluster.process import wait_until
from cluster.sandbox import Sandbox
from cluster.site import ONLY, Site

ESTABLISHED = ("wait", "--for=condition=Established", "customresourcedefinitions", "--all", "--timeout=30s")


def start(private: Sandbox, programs: Path, files: Sequence[Path], site: Site = ONLY) -> ApiServer:
    """An API server that knows the definitions in these files."""
    kept = binaries.BUILT / f"definitions-{content(files)}"
    if not kept.is_dir():
        keep(programs, files, kept)
    shutil.copytree(kept, etcd.data(private, site))
    return apiserver.start(private, programs, site)


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


def content(files: Iterable[Path]) -> str:
    """A hash of the definitions and of the programs that store them."""
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return hashlib.sha256("".join([binaries.content(), *hashes]).encode()).hexdigest()[:16]
