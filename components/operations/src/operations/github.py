"""GitHub's REST API as far as commit statuses need it (https://docs.github.com/en/rest/commits/statuses)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx2

RAW, JSON = "application/vnd.github.raw+json", "application/vnd.github+json"
API_VERSION = "2022-11-28"
COMMITS = 20  # of the newest that changed a file


@dataclass(frozen=True)
class Status:
    """A commit status: whose it is, its state as GitHub calls it, and one line for people."""

    context: str
    state: str
    description: str


@dataclass(frozen=True)
class GitHub:
    """A repository by its address in the API, `https://api.github.com/repos/ORG/REPO`, and what it has said so far."""

    client: httpx2.Client
    repository: str
    seen: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def commit(self, path: str, branch: str, version: str) -> str:
        """The newest commit of the branch that changed the file and has it name the version, "" where there is none."""
        word = re.compile(rf"(?<![-.\w]){re.escape(version)}(?![-.\w])")
        commits = self._once("commits", path=path, sha=branch, per_page=str(COMMITS)).json()
        return next((it["sha"] for it in commits if word.search(self._content(path, it["sha"]))), "")

    def statuses(self, commit: str, context: str) -> list[Status]:
        """The statuses of a commit in one context, the newest first, of the newest 100."""
        answer = self._get(f"commits/{commit}/statuses", JSON, per_page="100").json()
        return [Status(context, it["state"], it["description"] or "") for it in answer if it["context"] == context]

    def post(self, commit: str, status: Status) -> None:
        """Write a status."""
        body = {"state": status.state, "context": status.context, "description": status.description}
        answer = self.client.post(f"{self.repository}/statuses/{commit}", json=body, headers={"Accept": JSON})
        answer.raise_for_status()

    def _content(self, path: str, commit: str) -> str:
        """A file as it was at a commit, "" where it was not there."""
        try:
            return self._once(f"contents/{quote(path)}", RAW, ref=commit).text
        except httpx2.HTTPStatusError as error:
            if error.response.status_code == 404:
                return ""
            raise

    def _once(self, what: str, accept: str = JSON, **query: str) -> httpx2.Response:
        key = (what, *query.values())
        if key not in self.seen:
            self.seen[key] = self._get(what, accept, **query)
        return self.seen[key]

    def _get(self, what: str, accept: str, **query: str) -> httpx2.Response:
        answer = self.client.get(f"{self.repository}/{what}", params=query, headers={"Accept": accept})
        answer.raise_for_status()
        return answer


def connect(repository: str, token: str, timeout: float) -> GitHub:
    """The repository, as whom the token says; without one a public repository can be read and nothing written."""
    headers = {"X-GitHub-Api-Version": API_VERSION, "User-Agent": "graft-operations"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return GitHub(httpx2.Client(headers=headers, timeout=timeout, follow_redirects=True), repository.rstrip("/"))
