"""Outcomes by commit statuses, as the component `operations` writes them: `graft/<environment>/<cluster>/<pipeline>`.

https://docs.github.com/en/rest/commits/statuses#list-commit-statuses-for-a-reference
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from generators.errors import Unreached
from generators.fleet import git
from generators.inventory.read import Repository
from generators.ir.definitions import DEFINITION_LABEL
from generators.live.declared import Declared
from generators.live.outcomes.outcome import FAILED, PROVED, UNKNOWN, Outcome
from generators.model import Environment

API, VERSION = "https://api.github.com", "2022-11-28"
TOKEN, REPOSITORY, URL = "GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_API_URL"
_COMMITS = 20  # of the newest that changed a manifest; `operations` looks at no more
_SECONDS = 10.0
_STATES = {"success": PROVED, "failure": FAILED, "error": FAILED}
_REMOTE = re.compile(r"(?:https?://(?:[^@/]*@)?|ssh://(?:[^@/]*@)?|[^@/]*@)?([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?/?")


@dataclass(frozen=True)
class GitHub:
    """A repository by its address in the API, `https://api.github.com/repos/ORG/REPO`, and the token for it."""

    address: str
    token: str

    def outcome(self, repository: Repository, declared: Declared, definition: str) -> Outcome:
        """What the newest status of a definition says, at the commits that have it on this cluster, newest first."""
        cluster, file = declared.cluster.name, f"{declared.folder}/{declared.data.get('file', '')}"
        context = f"graft/{declared.environment.name}/{cluster}/{declared.pipeline.name}"
        named = re.compile(rf'{re.escape(DEFINITION_LABEL)}: "?{definition}"?$', re.MULTILINE)
        looked = ""
        for commit in git.commits_of(repository, file, most=_COMMITS):
            if not named.search(git.content_at(repository, commit, file)):
                break
            looked = looked or commit[:10]
            if status := self._newest(commit, context):
                state, said = status["state"], status.get("description") or ""
                why = f"{state} at commit {commit[:10]}{f', {said}' if said else ''}"
                return Outcome(cluster, _STATES.get(state, UNKNOWN), why)
        where = f"at commit {looked} or before" if looked else f"and no commit of this branch has {definition} there"
        return Outcome(cluster, UNKNOWN, f"no commit status {context} {where}")

    def _newest(self, commit: str, context: str) -> Mapping[str, Any] | None:
        """The newest status of a commit in a context; Unreached where GitHub gives no answer."""
        headers = {"X-GitHub-Api-Version": VERSION, "User-Agent": "graft", "Accept": "application/vnd.github+json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            url, query = f"{self.address}/commits/{commit}/statuses", {"per_page": "100"}
            answer = httpx2.get(url, params=query, headers=headers, timeout=_SECONDS, follow_redirects=True)
            if answer.status_code in (404, 422):  # it does not have the commit: it was not pushed
                return None
            answer.raise_for_status()
            return next((it for it in answer.json() if it["context"] == context), None)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError) as error:
            raise Unreached(f"{self.address}: {error}", f"is {TOKEN} allowed to read commit statuses?") from error


def of(repository: Repository, environment: Environment, environ: Mapping[str, str] = os.environ) -> GitHub | None:
    """Where the outcomes of an environment are: where it writes them, else at `origin`; None if unknown."""
    token = environ.get(TOKEN, "")
    if environment.delivery and environment.delivery.statuses:
        return GitHub(environment.delivery.statuses.url.rstrip("/"), token)
    name, api = environ.get(REPOSITORY, ""), environ.get(URL, "").rstrip("/")
    if not name:
        remote = _REMOTE.fullmatch(git.origin(repository))
        if not remote or not (api or remote[1] == "github.com"):
            return None
        name = remote[2]
    return GitHub(f"{api or API}/repos/{name}", token)
