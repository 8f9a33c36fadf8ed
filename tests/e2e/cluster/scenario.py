"""The words of the tests of delivery, as Argo CD's own end-to-end tests have them: given, when, then.

`given` makes what a test starts from, `when` does one thing, and `then` waits for what is to come of it, no longer than
it is told, and answers how many seconds that took.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cluster import apiserver, applications, live, plan, process
from cluster.apiserver import ApiServer
from cluster.applications import NotYet
from cluster.delivery import Delivery
from cluster.live import Key
from cluster.process import CommandFailed, wait_until

GRAFT = Path(sys.executable).with_name("graft")
IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
PATIENCE = 180.0  # seconds; a busy machine takes a minute for what an idle one does in five
LOOK = 0.3  # seconds between two looks, each of which costs a kubectl
FIRST = "first"  # the tag of the state that every test starts from


def repository(rendered: Path, environments: Path, folder: Path) -> Path:
    """A repository in `folder` with what is in `rendered`, but these environments; committed as what comes first."""
    shutil.copytree(rendered, folder, symlinks=True)
    shutil.copytree(environments, folder / "environments", dirs_exist_ok=True)
    render(folder)
    begin(folder)
    return folder


def begin(folder: Path) -> None:
    """Make a folder a Git repository, and commit what is in it as what comes first."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", f"--message={FIRST}")
    git(folder, "tag", FIRST)


def render(folder: Path) -> None:
    """Have graft render a repository."""
    process.run([GRAFT, "render", "--repo", folder], env={"NO_COLOR": "1"})


def git(folder: Path, *arguments: str | Path) -> str:
    """What git prints in a repository."""
    return process.run(["git", "-C", folder, *IDENTITY, *arguments]).strip()


@dataclass
class Scenario:
    """The repository, what delivers it, when something was last done, and how long the first delivery took."""

    repository: Path
    delivery: Delivery
    acted: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def git(self, *arguments: str | Path) -> str:
        """What git prints in the repository."""
        return git(self.repository, *arguments)

    def commit(self, message: str) -> str:
        """Commit everything, and count from now."""
        self.git("add", "--all")
        self.acted = time.monotonic()
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")
        return self.head

    @property
    def head(self) -> str:
        """The commit that is delivered."""
        return self.git("rev-parse", "HEAD")

    @property
    def rendered(self) -> Path:
        """The folder that Argo CD reads."""
        return self.repository / "rendered"

    def cluster(self, name: str) -> ApiServer:
        """A cluster of an environment, such as `staging-two`."""
        return self.delivery.clusters[self.destination(name).server]

    def destination(self, name: str) -> plan.Destination:
        """The same, as Argo CD knows it."""
        return next(each for each in self.delivery.plan.destinations if each.name == name)

    def applications(self) -> list[str]:
        """The names of all Applications that the repository holds."""
        items = plan.objects(self.rendered.glob("*/argocd/*.yaml"))
        return [item["metadata"]["name"] for item in items if plan.is_application(item)]


@dataclass(frozen=True)
class Given:
    """What a test starts from."""

    scenario: Scenario

    def repository(self) -> None:
        """The repository as it was first, delivered to all clusters."""
        self.scenario.git("read-tree", "--reset", "-u", FIRST)
        if self.scenario.git("status", "--porcelain"):
            self.scenario.commit("As it was first")
        Then(self.scenario).synced()

    @contextmanager
    def policy(self, cluster: str, resource: str, message: str) -> Iterator[None]:
        """A policy of a cluster's that refuses to have objects of a kind made or changed, for as long as this lasts."""
        server, namespace = self.scenario.cluster(cluster), self.scenario.destination(cluster).namespace
        server.apply(live.refusal(resource, namespace, message))
        wait_until(lambda: live.refused(server, resource, namespace, message), "the policy to act", timeout=30)
        try:
            yield
        finally:
            server.kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", live.POLICY)
            self.scenario.acted = time.monotonic()


@dataclass(frozen=True)
class When:
    """The one thing that is done."""

    scenario: Scenario

    def committed(self, message: str, *edits: tuple[str, str, str]) -> str:
        """Commit edits, each a file, a text that stands there once and another in its place, and what they render."""
        for name, old, new in edits:
            file = self.scenario.repository / name
            text = file.read_text("utf-8")
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
            file.write_text(text.replace(old, new), "utf-8")
        render(self.scenario.repository)
        return self.scenario.commit(message)

    def reverted(self, commit: str) -> str:
        """Take a commit back by `git revert`, and nothing else."""
        self.scenario.acted = time.monotonic()
        self.scenario.git("revert", "--no-edit", commit)
        return self.scenario.head

    def deleted(self, cluster: str, resource: str, name: str) -> None:
        """Delete an object in a cluster, by hand."""
        namespace = f"--namespace={self.scenario.destination(cluster).namespace}"
        self.scenario.acted = time.monotonic()
        self.scenario.cluster(cluster).kubectl("delete", "--wait=false", resource, name, namespace)

    def changed(self, cluster: str, resource: str, name: str, patch: str) -> None:
        """Change an object in a cluster, by hand, by a merge patch."""
        namespace = f"--namespace={self.scenario.destination(cluster).namespace}"
        self.scenario.acted = time.monotonic()
        self.scenario.cluster(cluster).kubectl("patch", resource, name, namespace, "--type=merge", f"--patch={patch}")

    def stopped(self, cluster: str) -> None:
        """Have a cluster's API server end."""
        self.scenario.cluster(cluster).process.stop()
        self.scenario.acted = time.monotonic()

    def started(self, cluster: str) -> None:
        """Have it answer again."""
        server = self.scenario.destination(cluster).server
        again = apiserver.restart(self.scenario.cluster(cluster))
        self.scenario.delivery.clusters[server] = again
        self.scenario.acted = time.monotonic()


@dataclass(frozen=True)
class Then:
    """What comes of it; each waits `within` seconds at most, and answers the seconds since the last thing was done."""

    scenario: Scenario

    def synced(self, *names: str, within: float = PATIENCE) -> float:
        """These Applications, or all of the repository, are synced to its head."""
        head, named = self.scenario.head, names or self.scenario.applications()
        home = self.scenario.delivery.home
        return self._waited(lambda: applications.all_at(home, head, named), f"{len(named)} Applications", within)

    def failed(self, name: str, reason: str, within: float = PATIENCE) -> float:
        """An Application is not synced, and says why."""

        def is_told() -> bool:
            found = applications.read(self.scenario.delivery.home)[name]
            if reason not in str(found):
                raise NotYet(str(found))
            return not found.is_at(self.scenario.head)

        return self._waited(is_told, f"{name} to fail by {reason!r}", within)

    def left(self, name: str, within: float = PATIENCE) -> float:
        """There is no such Application any more, which means that what it held is gone too."""
        home = self.scenario.delivery.home
        return self._waited(lambda: name not in applications.read(home), f"{name} to leave", within)

    def gone(self, cluster: str, resource: str, name: str, within: float = PATIENCE) -> float:
        """An object is no longer in a cluster."""
        return self._waited(lambda: not self._found(cluster, resource, name), f"{name} to be gone", within)

    def back(self, cluster: str, resource: str, name: str, within: float = PATIENCE) -> float:
        """An object is in a cluster again, and is not about to go."""
        return self._waited(lambda: self._found(cluster, resource, name), f"{name} to be back", within)

    def holds(self, contents: dict[Key, Any], within: float = PATIENCE) -> float:
        """The clusters hold these contents, and no others of what is rendered."""
        return self._waited(lambda: self.contents() == contents, "the clusters to hold what they held", within)

    def serves(self, expected: Any, served: Callable[[Then], Any], within: float = PATIENCE) -> float:
        """What `served` reads of the clusters is as expected."""
        return self._waited(lambda: served(self) == expected, f"{expected} to be served", within)

    def applications(self) -> list[str]:
        """The names of all Applications that the repository holds."""
        return self.scenario.applications()

    def findings(self, file: Path, environment: str) -> list[dict[str, Any]]:
        """What `graft check` finds in a file that would go to an environment."""
        command = [GRAFT, "check", file, f"--repo={self.scenario.repository}", f"--env={environment}"]
        done = subprocess.run(
            [*command, "--output=json"], capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        return json.loads(done.stdout)["findings"]

    def refusal(self, cluster: str, file: Path) -> str:
        """What a cluster says to somebody who would create the objects of a file by hand; "" where it takes them."""
        try:
            self.scenario.cluster(cluster).kubectl("create", "--dry-run=server", f"--filename={file}")
        except CommandFailed as failed:
            return str(failed)
        return ""

    def folder(self, cluster: str) -> Path:
        """What is rendered for a cluster."""
        return self.scenario.rendered / self.scenario.destination(cluster).folder

    def rendered(self) -> set[Key]:
        """All objects that the repository holds for clusters."""
        return {
            (where.name, item["kind"], item["metadata"]["name"])
            for where in self.scenario.delivery.plan.destinations
            for item in plan.all_objects(self.scenario.rendered / where.folder)
        }

    def contents(self) -> dict[Key, Any]:
        """What the clusters hold of all that is rendered, without what they say of it themselves."""
        return {key: live.content(item) for key, item in self._objects().items()}

    def versions(self, environment: str) -> dict[Key, str]:
        """The objects of an environment, each with a number that is another one after every change."""
        versions = {key: item["metadata"]["resourceVersion"] for key, item in self._objects().items()}
        return {key: version for key, version in versions.items() if key[0].startswith(f"{environment}-")}

    def _objects(self) -> dict[Key, Any]:
        found = {}
        for where in self.scenario.delivery.plan.destinations:
            folder = self.scenario.rendered / where.folder
            for item in live.objects(self.scenario.cluster(where.name), folder, where.namespace):
                found[where.name, item["kind"], item["metadata"]["name"]] = item
        return found

    def _found(self, cluster: str, resource: str, name: str) -> bool:
        return live.found(self.scenario.cluster(cluster), resource, name, self.scenario.destination(cluster).namespace)

    def _waited(self, condition: Any, what: str, within: float) -> float:
        wait_until(condition, what, self.scenario.delivery.processes, timeout=within, every=LOOK)
        return time.monotonic() - self.scenario.acted
