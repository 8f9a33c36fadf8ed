"""GitHub's API for the commits of a checkout: that of the tests of `operations`, held to GitHub's own description."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cluster import serving
from cluster.operations import COMPONENT
from cluster.process import Process
from cluster.requirements import MissingRequirement
from cluster.sandbox import Sandbox

sys.path.append(str(COMPONENT / "tests"))

import github_server

NEWEST = 20  # commits; no more are asked for


def require() -> None:
    """Download GitHub's description where it is not there; raises MissingRequirement where it is not to be had."""
    try:
        github_server.description()
    except github_server.NotAvailable as missing:
        raise MissingRequirement(str(missing)) from missing


def start(sandbox: Sandbox, address: str, port: int, checkout: Path) -> Process:
    """The server; nothing has been written to it yet."""
    state(sandbox.folder).write_text(json.dumps(github_server.state()))
    return serving.start(sandbox, "forge", address, port, checkout, state(sandbox.folder))


def state(folder: Path) -> Path:
    """The file of the statuses that were written."""
    return folder / "forge.json"


def statuses(folder: Path) -> list[tuple[str, str, str, str]]:
    """(commit, context, state, description) of each that was written, in their order."""
    written = json.loads(state(folder).read_text())["statuses"]
    return [(it["sha"], *(it["status"][key] for key in ("context", "state", "description"))) for it in written]


@dataclass(frozen=True)
class Tree:
    """The files of a commit."""

    checkout: Path
    commit: str

    def get(self, path: str) -> str | None:
        """A file's text; None where the commit does not have it."""
        found, text = git(self.checkout, "show", f"{self.commit}:{path}")
        return text if found else None


@dataclass(frozen=True)
class Forge(github_server.GitHub):
    """The repository whose commits are those of a checkout as it stands when it is asked."""

    checkout: Path

    def _route(self, known: Mapping[str, Any], *asked: Any) -> tuple[int, Any]:
        _, listed = git(self.checkout, "log", f"--max-count={NEWEST}", "--format=%H")
        commits = [{"sha": sha, "files": Tree(self.checkout, sha)} for sha in listed.split()]
        return super()._route({**known, "commits": commits}, *asked)


def git(checkout: Path, *arguments: str) -> tuple[bool, str]:
    """Whether git succeeds in a checkout, and what it prints."""
    command = ["git", "-c", "safe.directory=*", "-C", checkout, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout


def main(address: str, port: str, checkout: str, file: str) -> None:
    """Serve until ended."""
    server = ThreadingHTTPServer((address, int(port)), github_server.handler(Forge(Path(file), Path(checkout))))
    print(serving.SERVES)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
