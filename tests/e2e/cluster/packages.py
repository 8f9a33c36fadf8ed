"""Debian's packages that the cluster is made of: installed where the tests run as root, and required elsewhere."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cluster import process
from cluster.process import CommandFailed
from cluster.requirements import MissingRequirement

POLICY = Path("/usr/sbin/policy-rc.d")  # asked by every package before it starts its service; 101 forbids it
INSTALLED = "install ok installed"
LOCK = Path(tempfile.gettempdir()) / "graft-e2e-packages.lock"


def require(*names: str) -> None:
    """Install these packages where they are missing; raises MissingRequirement where that cannot be done."""
    if not (missing := [name for name in names if not installed(name)]):
        return
    lacking = f"Debian packages missing: {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingRequirement(lacking)
    try:
        with one_at_a_time(), no_services():
            install(missing)
    except CommandFailed as failed:
        raise MissingRequirement(f"{lacking}; {str(failed).splitlines()[-1]}") from failed


def installed(name: str) -> bool:
    """Whether dpkg knows the package as installed; never, where there is no dpkg."""
    try:
        return process.run(["dpkg-query", "--show", "--showformat", "${Status}", name]) == INSTALLED
    except (CommandFailed, FileNotFoundError):
        return False


def install(names: list[str]) -> None:
    """Install packages, with fresh lists where the machine's do not have them."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        process.run(command, env=quiet, timeout=600)
    except CommandFailed:
        process.run(["apt-get", "update"], timeout=600)
        process.run(command, env=quiet, timeout=600)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for what else installs packages for tests, such as another worker of pytest-xdist."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def no_services() -> Iterator[None]:
    """Keep packages from starting servers of their own: the tests start what they need, where they need it."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
