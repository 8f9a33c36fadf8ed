"""What `metadata` of any object may hold: the shape of ObjectMeta, and what an API server refuses of its values.

As ValidateObjectMeta of k8s.io/apimachinery/pkg/api/validation has it.
"""

from __future__ import annotations

from typing import Any

from generators.checks.forms import ANNOTATIONS, DATE_TIME, LABEL, LABELS, QUALIFIED, SUBDOMAIN, Schema

_TEXT: Schema = {"type": ["string", "null"]}
_TIME: Schema = {"type": ["string", "null"], "pattern": DATE_TIME}
_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_WORD: Schema = {"type": "string", "minLength": 1}
_OWNER: Schema = {
    "type": "object",
    "required": ["apiVersion", "kind", "name", "uid"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": _WORD,
        "kind": {**_WORD, "not": {"const": "Event"}},
        "name": _WORD,
        "uid": _WORD,
        "controller": {"type": ["boolean", "null"]},
        "blockOwnerDeletion": {"type": ["boolean", "null"]},
    },
}
_MANAGED: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "apiVersion": _TEXT,
        "fieldsType": {"const": "FieldsV1"},
        "fieldsV1": {"type": ["object", "null"], "additionalProperties": True},
        "manager": {"type": ["string", "null"], "maxLength": 128},
        "operation": {"enum": ["Apply", "Update"]},
        "subresource": {"type": ["string", "null"], "maxLength": 256},
        "time": _TIME,
    },
}


# What Kubernetes' own kinds take of finalizers without a domain.
_STANDARD = ("kubernetes", "orphan", "foregroundDeletion")


def object_meta(name: Schema = SUBDOMAIN, namespaced: bool = True, named: bool = True, own: bool = False) -> Schema:
    """The schema of `metadata`; `named` where an object of its own needs a name, as the template of a pod does not.

    `own` is for a kind of Kubernetes itself.
    """
    # a name that is made ends in five characters of its own, so that a hyphen may stand before them
    begun = {**name, "pattern": name["pattern"].replace("$", "", 1) if name["pattern"].startswith("^(?!") else ""}
    begun["pattern"] = begun["pattern"] or f"{name['pattern'].removesuffix('$')}-?$"
    domain = {**QUALIFIED, "not": {"pattern": "^[^/]*$"}}
    finalizer = {"anyOf": [{"enum": list(_STANDARD)}, domain]} if own else QUALIFIED
    whole = {
        "type": "object" if named else ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "name": name if named else {**name, "type": ["string", "null"]},
            "generateName": {key: value for key, value in begun.items() if key != "maxLength"},
            "namespace": {**LABEL, "pattern": f"^$|{LABEL['pattern']}"} if namespaced else {"const": ""},
            "labels": LABELS,
            "annotations": ANNOTATIONS,
            "finalizers": {"type": ["array", "null"], "items": finalizer},
            "ownerReferences": {"type": ["array", "null"], "items": _OWNER},
            "managedFields": {"type": ["array", "null"], "items": _MANAGED},
            "generation": _COUNT,
            "deletionGracePeriodSeconds": _COUNT,
            "creationTimestamp": _TIME,
            "deletionTimestamp": _TIME,
            "resourceVersion": _TEXT,
            "selfLink": _TEXT,
            "uid": _TEXT,
        },
    }
    either = {"anyOf": [{"required": ["name"]}, {"required": ["generateName"]}]} if named else {}
    return {**whole, **either}


ANNOTATIONS_SIZE = 256 * 1024  # bytes of all keys and values together


def size_of_annotations(annotations: dict[str, Any]) -> int:
    """The bytes that an API server counts."""
    return sum(len(key.encode()) + len(str(value).encode()) for key, value in annotations.items())
