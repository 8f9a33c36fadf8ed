"""The Secrets that a cluster's pipelines read: made by the External Secrets Operator, or listed for whoever makes them.

Their values are never in Git. https://external-secrets.io/latest/api/externalsecret/
"""

from __future__ import annotations

from collections.abc import Sequence

from generators.delivery.needs import Needs
from generators.delivery.objects import made
from generators.engines.engine import Object
from generators.model import Environment, SecretStore

# What the operator's definition fills in. Argo CD compares the list as a whole, and would find a difference for ever.
_DEFAULTS = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}


def render(environment: Environment, needs: Needs) -> dict[str, list[Object]]:
    """One file: an ExternalSecret for each Secret, or a ConfigMap with the keys that each must have."""
    if not needs.secrets:
        return {}
    if store := environment.secret_store:
        made_by = [_external(environment, store, name, keys) for name, keys in needs.secrets.items()]
        return {"externalsecrets.yaml": made_by}
    data = {name: "\n".join(keys) + "\n" for name, keys in needs.secrets.items()}
    body = {"data": data}
    return {"required-secrets.yaml": [made("v1", "ConfigMap", "required-secrets", environment.namespace, body)]}


def _external(environment: Environment, store: SecretStore, name: str, keys: Sequence[str]) -> Object:
    """A Secret's keys, each a property of the entry of its name in the store."""
    entry = f"{store.prefix}{name}"
    spec = {
        "refreshInterval": "1h",
        "secretStoreRef": {"name": store.name, "kind": store.kind},
        "target": {"name": name, "creationPolicy": "Owner"},
        "data": [{"secretKey": key, "remoteRef": {"key": entry, "property": key, **_DEFAULTS}} for key in keys],
    }
    return made("external-secrets.io/v1", "ExternalSecret", name, environment.namespace, {"spec": spec})
