"""Two states of the rendered tree: that of a revision, which is deployed, and that of the checkout, which will be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from generators.errors import GraftError
from generators.fleet.git import git
from generators.fleet.manifests import RENDERED
from generators.fleet.objects import Objects, files_of_revision, of_checkout, of_revision
from generators.inventory.read import Repository

Object = dict[str, Any]
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"


class Identity(NamedTuple):
    """What an object is to the cluster that it is in; the cluster `argocd` is the one that Argo CD runs in."""

    environment: str
    cluster: str
    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.environment}/{self.cluster}/{self.kind}/{self.name}"


class Found(NamedTuple):
    """An object and the file that it stands in."""

    file: str
    object: Object


@dataclass(frozen=True)
class Change:
    """What is deployed and what will be, of the files in which they differ; `commit` is the former's.

    `base` are all the files of the former, by which the size of a cluster is known. `there` are all those of the
    latter where that is not on the disk, and `counted` the objects of each cluster where they are known.
    """

    repository: Repository
    commit: str
    before: dict[Identity, Found]
    after: dict[Identity, Found]
    base: tuple[str, ...]
    there: tuple[str, ...] | None = None
    counted: Mapping[tuple[str, str], int] | None = None

    @classmethod
    def since(cls, repository: Repository, revision: str) -> Change:
        """The change from where the checkout left a revision."""
        commit = merge_base(repository, revision)
        listed = git(repository, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", RENDERED)
        base = files_of_revision(repository, commit)
        there = repository.files(f"{RENDERED}/**/*.yaml")
        changed = {*listed.decode().split("\0"), *(set(there) - set(base))}
        before, after = of_revision(repository, commit, changed), of_checkout(repository, changed)
        return cls(repository, commit, identified(before), identified(after), tuple(base))

    @cached_property
    def deleted(self) -> dict[Identity, Found]:
        """What will be no more."""
        return {identity: found for identity, found in self.before.items() if identity not in self.after}

    @cached_property
    def kept(self) -> list[tuple[Identity, Object, Found]]:
        """What stays, as it was and as it will be."""
        return [(key, found.object, self.after[key]) for key, found in self.before.items() if key in self.after]

    def is_pruned(self, identity: Identity) -> bool:
        """Whether Argo CD deletes an object that is in Git no longer: with its Application, or by itself.

        It never prunes what has an owner, which KFP's webhook gives every PipelineVersion.
        """
        found = self.before[identity]
        if identity.kind == "PipelineVersion":
            return False
        folder = found.file.rpartition("/")[0]
        gone = not (
            self.repository.files(f"{folder}/*.yaml")
            if self.there is None
            else any(file.startswith(f"{folder}/") for file in self.there)
        )
        return f"{'Delete' if gone else 'Prune'}=false" not in sync_options(found.object)

    def sizes(self) -> Counter[tuple[str, str]]:
        """How many objects each cluster of each environment had, by their files' lines."""
        if self.counted is not None:
            return Counter(self.counted)
        found: Counter[tuple[str, str]] = Counter()
        for file, objects in of_revision(self.repository, self.commit).items():
            found[_folder(file)] += sum(1 for each in objects if isinstance(each, dict) and "kind" in each)
        return found


def sync_options(obj: Object) -> set[str]:
    """What an object's annotation tells Argo CD of how to apply it, such as `Prune=false`."""
    annotations = obj.get("metadata", {}).get("annotations") or {}
    return {part.strip() for part in str(annotations.get(SYNC_OPTIONS, "")).split(",")}


def merge_base(repository: Repository, revision: str) -> str:
    """The commit at which the checkout left a revision."""
    git(repository, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    try:
        return git(repository, "merge-base", revision, "HEAD").decode().strip()
    except GraftError:
        message = f"{revision} and what is checked out have no commit in common"
        raise GraftError(
            message, "run: git fetch --unshallow, or name a revision that this one was made from"
        ) from None


def identified(objects: Objects) -> dict[Identity, Found]:
    """The objects that are a cluster's, by what they are to it."""
    return {identity: found for file, documents in objects.items() for identity, found in _each(file, documents)}


def _each(file: str, documents: list[Any]) -> Iterator[tuple[Identity, Found]]:
    environment, cluster = _folder(file)
    for obj in documents:
        if not isinstance(obj, dict) or not isinstance(obj.get("metadata"), dict) or "kind" not in obj:
            continue  # the IR, which `local` and `vertex` read
        group, slash, _ = str(obj.get("apiVersion", "")).rpartition("/")
        metadata = obj["metadata"]
        names = str(obj["kind"]), str(metadata.get("namespace", "")), str(metadata.get("name", ""))
        yield Identity(environment, cluster, group if slash else "", *names), Found(file, obj)


def _folder(file: str) -> tuple[str, str]:
    """The environment and the cluster that a file of `rendered/` is for."""
    _, environment, cluster, *_ = file.split("/")
    return environment, cluster
