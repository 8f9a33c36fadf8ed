"""Holds a sandbox's namespaces while the tests live, and removes what would outlive them: folder and control groups.

A program of its own: `python -m cluster.reaper FOLDER UNSHARE-OPTION...`. Its standard input is a pipe that only the
tests hold: it ends however they end, killed too, and with it the namespaces' first process and so every process and
mount in them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from cluster.process import children

CONTROL_GROUPS = Path("/sys/fs/cgroup")
HOLD = "echo; cat; :"  # a shell, since the first process of a namespace must reap those that lost their parents


def main(folder: Path, *options: str) -> int:
    """Print the process id to enter the namespaces by, wait for the end of standard input, and clean up."""
    with subprocess.Popen(["unshare", *options, "sh", "-c", HOLD], stdout=subprocess.PIPE) as unshare:
        if unshare.stdout.readline():
            print(*children(unshare.pid), flush=True)
        status = unshare.wait()
    remove_control_groups(folder.name)
    remove(folder)
    return status


def remove(folder: Path) -> None:
    """Remove a folder, those that not even their owner may list too, such as Argo CD's of repositories."""
    for place, folders, _ in os.walk(folder):
        for each in (Path(place, name) for name in folders):
            if not each.is_symlink():
                with suppress(OSError):  # somebody else's
                    each.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def remove_control_groups(name: str, seconds: float = 10) -> None:
    """Remove the group of this name in every hierarchy; the kernel needs a moment until the last process has left."""
    deadline = time.monotonic() + seconds
    while (groups := groups_named(name)) and time.monotonic() < deadline:
        for group in groups:
            for nested in sorted([group, *group.rglob("*/")], reverse=True):
                with suppress(OSError):
                    nested.rmdir()
        time.sleep(0.05)


def groups_named(name: str) -> list[Path]:
    """The control groups of this name: one in version 2, one a controller in version 1."""
    return [*CONTROL_GROUPS.glob(name), *CONTROL_GROUPS.glob(f"*/{name}")]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
