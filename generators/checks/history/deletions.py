"""What a change deletes that holds data or that others depend on, and clusters of which much is gone at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generators.checks.history.change import Change, Identity
from generators.checks.history.destroyed import Destroyed

MOST = 0.1  # of a cluster's objects
_FEW = 10  # objects, of which one is soon a tenth
# (group, kind) to what is lost with an object of it.
_HOLDS = {
    ("", "PersistentVolumeClaim"): "the data of its volume is deleted with it",
    ("", "PersistentVolume"): "its data is lost to whoever claims it",
    ("", "Namespace"): "everything in it is deleted with it",
    ("", "Secret"): "what reads its keys fails",
    ("apps", "StatefulSet"): "its pods and their identities end",
    ("apiextensions.k8s.io", "CustomResourceDefinition"): "every object of its kind is deleted with it",
    ("external-secrets.io", "ExternalSecret"): "the Secret that it keeps is deleted with it, and what reads it fails",
    ("pipelines.kubeflow.org", "Pipeline"): "its versions are deleted with it",
    ("argoproj.io", "WorkflowTemplate"): "what names it can no longer be run, nor rolled back to",
    ("serving.kserve.io", "InferenceService"): "the model is no longer served",
    ("kubeflow.org", "TFJob"): "the training that it is ends",
}


def destroyed(change: Change) -> Iterator[Destroyed]:
    """Everything that is deleted and should not be without a word."""
    gone = [identity for identity in change.deleted if change.is_pruned(identity)]
    for identity in gone:
        if why := _HOLDS.get((identity.group, identity.kind)):
            new = _renamed(change, identity)
            words = f"{_becomes(identity, new)}, which starts empty: {why}" if new else f"is deleted: {why}"
            yield Destroyed(str(identity), change.before[identity].file, words)
    yield from _much(change, gone)


def _becomes(old: Identity, new: Identity) -> str:
    if old.name == new.name and old.namespace != new.namespace:
        return f"moves from the namespace {old.namespace} to {new.namespace}"
    return f"is renamed to {new.name}"


def _renamed(change: Change, identity: Identity) -> Identity | None:
    """What stands for a deleted object under another name: a new one of its kind, with the same content."""
    body = _body(change.before[identity].object)
    same = identity._replace(name="", namespace="")
    added = (key for key in change.after if key not in change.before and key._replace(name="", namespace="") == same)
    return next((key for key in added if _body(change.after[key].object) == body), None)


def _body(obj: dict) -> dict:
    return {key: value for key, value in obj.items() if key != "metadata"}


def _much(change: Change, gone: list[Identity]) -> Iterator[Destroyed]:
    """A cluster of which more than a tenth goes at once, as where an environment is renamed or a class is lost."""
    counts = Counter((each.environment, each.cluster) for each in gone)
    sizes = change.sizes() if counts else Counter()
    for (environment, cluster), count in counts.items():
        size = sizes[environment, cluster]
        if count > max(size * MOST, 1 if size < _FEW else 0):
            name = f"{environment}/{cluster}"
            why = f"loses {count} of its {size} objects at once, more than a tenth"
            yield Destroyed(name, f"rendered/{name}", why, "mass-deletion")
