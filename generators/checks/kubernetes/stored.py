"""ConfigMaps, Secrets and claims: what they may be called by and hold."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from generators.checks.forms import CONFIG_KEY
from generators.checks.kubernetes.amounts import amount
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = dict[str, Any]
_LARGEST = 1024 * 1024
# type of a Secret: the keys that it must have
_KEYS = {
    "kubernetes.io/dockercfg": [".dockercfg"],
    "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
    "kubernetes.io/ssh-auth": ["ssh-privatekey"],
    "kubernetes.io/tls": ["tls.crt", "tls.key"],
}


def config_map(obj: Object, path: KeyPath) -> Iterator[Problem]:
    """Its keys, in one of its two halves each, and its size."""
    text, binary = obj.get("data") or {}, obj.get("binaryData") or {}
    yield from _keys(text, (*path, "data"))
    yield from _keys(binary, (*path, "binaryData"))
    for key in text.keys() & binary.keys():
        yield Problem((*path, "binaryData", key), "duplicate", "stands in data too", key, fix="remove one of the two")
    size = sum(
        len(value or "") if name in binary else len((value or "").encode())
        for half in (text, binary)
        for name, value in half.items()
    )
    yield from _size(size, path)
    yield from _encoded(binary, (*path, "binaryData"))


def secret(obj: Object, path: KeyPath) -> Iterator[Problem]:
    """Its keys, their encoding, and those that its type asks for."""
    data, text = obj.get("data") or {}, obj.get("stringData") or {}
    yield from _keys(data, (*path, "data"))
    yield from _keys(text, (*path, "stringData"))
    yield from _encoded(data, (*path, "data"))
    for key in _KEYS.get(obj.get("type") or "", ()):
        if key not in data and key not in text:
            yield Problem((*path, "data"), "missing-key", f"a Secret of type {obj['type']} has the key {key}")
    owner = "kubernetes.io/service-account.name"
    if obj.get("type") == "kubernetes.io/service-account-token" and not (obj["metadata"].get("annotations") or {}).get(
        owner
    ):
        message = f"a token says whose it is, by the annotation {owner}"
        yield Problem((*path, "metadata", "annotations"), "missing-key", message, fix=f"add {owner}: ...")
    yield from _size(sum(len(value or "") for half in (data, text) for value in half.values()), path)


def claim(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """How much it asks for, and by whom it may be mounted."""
    modes = spec.get("accessModes") or []
    if not modes:
        yield Problem(
            (*path, "accessModes"), "access", "a claim says how it is mounted", fix="add accessModes: [ReadWriteOnce]"
        )
    elif "ReadWriteOncePod" in modes and len(modes) > 1:
        yield Problem((*path, "accessModes"), "access", "ReadWriteOncePod goes with no other mode")
    asked = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    where = (*path, "resources", "requests", "storage")
    if asked is None:
        yield Problem(where[:-1], "missing-key", "a claim says how much storage it asks for", fix="add storage: 1Gi")
    elif amount(asked) <= 0:
        yield Problem(where, "quantity", "a claim asks for more than nothing", str(asked))


def _keys(data: Object, where: KeyPath) -> Iterator[Problem]:
    for key in data:
        if len(key) > CONFIG_KEY["maxLength"] or not re.fullmatch(CONFIG_KEY["pattern"], key):
            yield Problem((*where, key), "unknown-form", "is no key", key, CONFIG_KEY["description"])


def _encoded(data: Object, where: KeyPath) -> Iterator[Problem]:
    for key, value in data.items():
        try:
            base64.b64decode(re.sub(r"[\r\n]", "", value or ""), validate=True)
        except (binascii.Error, ValueError):
            yield Problem((*where, key), "base64", "is not base64", "(not shown)", fix="encode it, or use stringData")


def _size(size: int, path: KeyPath) -> Iterator[Problem]:
    if size > _LARGEST:
        yield Problem((*path, "data"), "size", f"has {size} bytes, more than the {_LARGEST} that Kubernetes takes")
