"""The Secrets that a cluster's pipelines read: made by the External Secrets Operator, or listed for whoever makes them.

Their values are never in Git. https://external-secrets.io/latest/api/externalsecret/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from generators.delivery import serving
from generators.delivery.needs import ALL, REGISTRY, Needs
from generators.delivery.objects import made
from generators.engines.engine import Object
from generators.model import Environment, SecretKey, SecretStore

REQUIRED = "required-secrets"  # the ConfigMap of Secrets to their keys, where somebody else makes them
# What the operator's definition fills in. Argo CD compares the list as a whole, and would find a difference for ever.
_DEFAULTS = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}


def render(environment: Environment, needs: Needs) -> dict[str, list[Object]]:
    """One file: an ExternalSecret for each Secret, or a ConfigMap with the keys that each must have."""
    if not needs.secrets:
        return {}
    read_by_kserve = environment.storage.credentials if needs.serves else {}
    if store := environment.secret_store:
        made_by = [_external(environment, store, name, keys) for name, keys in needs.secrets.items()]
        made_by += [_for_kserve(environment, store, read_by_kserve)] if read_by_kserve else []
        return {"externalsecrets.yaml": made_by}
    required = {**needs.secrets, **({serving.STORAGE: sorted(read_by_kserve)} if read_by_kserve else {})}
    data = {name: "\n".join(keys) + "\n" for name, keys in required.items()}
    body = {"data": data}
    return {f"{REQUIRED}.yaml": [made("v1", "ConfigMap", REQUIRED, environment.namespace, body)]}


def _external(environment: Environment, store: SecretStore, name: str, keys: Sequence[str]) -> Object:
    """A Secret's keys, each a property of the entry of its name in the store; all that it has where it is mounted."""
    template = {"type": "kubernetes.io/dockerconfigjson"} if REGISTRY in keys else None
    return _made(environment, store, name, {key: SecretKey(name, key) for key in keys}, template)


def _for_kserve(environment: Environment, store: SecretStore, credentials: Mapping[str, SecretKey]) -> Object:
    """The keys of the storage under the names that KServe knows, which are the variables' own, and where it is.

    https://kserve.github.io/website/docs/model-serving/storage/providers/s3
    """
    storage, place = environment.storage, urlsplit(environment.storage.endpoint)
    said = {"s3-endpoint": place.netloc, "s3-region": storage.region}
    said |= {"s3-usehttps": "0" if place.scheme == "http" else "1"} if place.netloc else {}
    annotations = {f"{serving.GROUP}/{key}": value for key, value in said.items() if value}
    return _made(environment, store, serving.STORAGE, credentials, {"metadata": {"annotations": annotations}})


def _made(
    environment: Environment,
    store: SecretStore,
    name: str,
    keys: Mapping[str, SecretKey],
    template: Mapping[str, Any] | None = None,
) -> Object:
    """An ExternalSecret: each key of the Secret is a property of an entry of the store, ALL the whole entry."""
    taken = [
        {"secretKey": key, "remoteRef": {"key": f"{store.prefix}{of.secret}", "property": of.key, **_DEFAULTS}}
        for key, of in keys.items()
        if key != ALL
    ]
    whole = [{"extract": {"key": f"{store.prefix}{of.secret}", **_DEFAULTS}} for key, of in keys.items() if key == ALL]
    spec = {
        "refreshInterval": "1h",
        "secretStoreRef": {"name": store.name, "kind": store.kind},
        "target": {"name": name, "creationPolicy": "Owner", **({"template": template} if template else {})},
        **({"data": taken} if taken else {}),
        **({"dataFrom": whole} if whole else {}),
    }
    return made("external-secrets.io/v1", "ExternalSecret", name, environment.namespace, {"spec": spec})
