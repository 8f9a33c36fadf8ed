"""Argo's default artifact repository in a namespace: the bucket of the environment's storage.

https://argo-workflows.readthedocs.io/en/latest/configure-artifact-repository/
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import yaml

from generators.delivery.objects import made
from generators.engines.engine import Object
from generators.model import Environment, SecretKey, Storage

_NAME = "artifact-repositories"  # which Argo looks for
_DEFAULT = "workflows.argoproj.io/default-artifact-repository"
_AMAZON = "s3.amazonaws.com"
# Argo's fields of the credentials, by the variable that clients read them from
_KEYS = {"accessKeySecret": "AWS_ACCESS_KEY_ID", "secretKeySecret": "AWS_SECRET_ACCESS_KEY"}


def render(environment: Environment) -> dict[str, list[Object]]:
    """The ConfigMap; none where the storage is no object store."""
    store = urlsplit(environment.storage.uri)
    if store.scheme not in ("s3", "gs"):
        return {}
    is_s3, bucket = store.scheme == "s3", store.netloc
    where = {"s3": _s3(environment.storage, bucket)} if is_s3 else {"gcs": {"bucket": bucket}}
    body = {"data": {"pipelines": yaml.safe_dump(where, sort_keys=False)}}
    chosen = {_DEFAULT: "pipelines"}
    return {"artifacts.yaml": [made("v1", "ConfigMap", _NAME, environment.namespace, body, annotations=chosen)]}


def _s3(storage: Storage, bucket: str) -> dict[str, Any]:
    """Credentials from the Secrets that steps read, or where there are none those of the pod's own cloud identity."""
    endpoint = urlsplit(storage.endpoint)
    found: dict[str, Any] = {"bucket": bucket, "endpoint": endpoint.netloc or _AMAZON}
    found |= {"insecure": True} if endpoint.scheme == "http" else {}
    found |= {"region": storage.region} if storage.region else {}
    named = {field: _reference(storage.credentials.get(variable)) for field, variable in _KEYS.items()}
    return found | (named if all(named.values()) else {"useSDKCreds": True})


def _reference(key: SecretKey | None) -> dict[str, str]:
    return {"name": key.secret, "key": key.key} if key else {}
