"""Namespaces of the tests' own: nothing in them is seen outside, and leaving them ends everything in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from cluster import process
from cluster.process import Process
from cluster.requirements import MissingRequirement

REAPER = (sys.executable, "-m", "cluster.reaper")
COMMANDS = ("unshare", "nsenter", "ip")
PRIVATE = ("--net", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc")
ENTER = ("--net", "--mount", "--pid")


@dataclass(frozen=True)
class Sandbox:
    """Private network, mounts and processes; `folder` is a temporary one that goes with it."""

    folder: Path
    reaper: subprocess.Popen[str]
    enter: tuple[str, ...]

    @property
    def name(self) -> str:
        """A name that no other sandbox of this machine has."""
        return self.folder.name

    def start(self, name: str, argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Process:
        """Start a process that lives at most as long as the sandbox, its log in `folder`."""
        return process.start(name, [*self.enter, *argv], self.folder / f"{name}.log", env, entered=True)

    def run(
        self,
        argv: Sequence[str | Path],
        input: str | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = 120,
    ) -> str:
        """What a command prints; raises CommandFailed."""
        return process.run([*self.enter, *argv], input, env, timeout)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reaper.stdin.close()
        self.reaper.wait(180)


def create() -> Sandbox:
    """A sandbox; as root of this machine where the tests run as root, else as root of a user namespace alone."""
    if missing := [name for name in COMMANDS if not shutil.which(name)]:
        raise MissingRequirement(f"{', '.join(missing)} not found")
    user = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    # short, since the path of a socket has 107 characters at most, and outside /var, which the node covers
    folder = Path(tempfile.mkdtemp(prefix="graft-e2e-", dir="/tmp"))
    reaper = subprocess.Popen(
        [*REAPER, str(folder), *user, *PRIVATE],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    pid = reaper.stdout.readline().strip()
    if not pid:
        raise MissingRequirement(f"namespaces are not permitted: {reaper.communicate()[1].strip().splitlines()[-1]}")
    entry = ("nsenter", "--target", pid, *(("--user", "--preserve-credentials") if user else ()), *ENTER, "--")
    sandbox = Sandbox(folder, reaper, entry)
    sandbox.run(["ip", "link", "set", "lo", "up"])
    return sandbox
