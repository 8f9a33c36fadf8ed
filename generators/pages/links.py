"""The address at which a repository's host shows a line of a file, where it is a host whose addresses are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from generators.errors import GraftError
from generators.fleet.git import git
from generators.inventory.read import Repository
from generators.model import Place

# git@host:group/name.git, ssh://git@host:22/group/name.git, https://user:token@host/group/name.git
_ORIGIN = re.compile(r"(?:(?:https|ssh)://(?:[^@/]*@)?|[^@/:]+@)(?P<host>[\w.-]+)(?::\d+)?[:/](?P<path>[\w./~-]+?)/?")
_BLOB = {"github": "blob", "gitlab": "-/blob"}  # a word of the host's name to what stands before the commit


@dataclass(frozen=True)
class Links:
    """What an address begins with, "" where none is known, and the folder of the repository below Git's own top.

    `commit` is the one that is checked out, in few digits.
    """

    base: str = ""
    folder: str = ""
    commit: str = ""

    def to(self, place: Place) -> str:
        """The address of a place, "" where none is known."""
        if not self.base:
            return ""
        line = f"#L{place.line}" if place.line else ""
        return f"{self.base}/{quote(self.folder + place.file)}{line}"


def links(repository: Repository) -> Links:
    """Those of the commit that is checked out, by the remote `origin`."""
    commit = _said(repository, "rev-parse", "HEAD")
    base = base_of(_said(repository, "config", "--get", "remote.origin.url"), commit)
    return Links(base, _said(repository, "rev-parse", "--show-prefix"), commit[:10])


def _said(repository: Repository, *arguments: str) -> str:
    """What Git says, "" where it has no answer: outside of a repository, before the first commit, without a remote."""
    try:
        return git(repository, *arguments).decode().strip()
    except GraftError:
        return ""


def base_of(origin: str, commit: str) -> str:
    """What the addresses of a commit's files begin with, "" for a host whose addresses are not known."""
    found = _ORIGIN.fullmatch(origin)
    blob = next((blob for host, blob in _BLOB.items() if found and host in found["host"]), "")
    if not (found and blob and commit):
        return ""
    return f"https://{found['host']}/{found['path'].removesuffix('.git')}/{blob}/{commit}"
