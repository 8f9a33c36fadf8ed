"""The schemas of what people write: of a file of `environments/`, of one of `base/`, and of what they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generators.errors import GraftError
from generators.inventory.read import Repository
from generators.inventory.schema import json_schema

NODE_SCHEMA = "schemas/environment.schema.json"
CLASS_SCHEMA = "schemas/base.schema.json"
MERGED_SCHEMA = "schemas/merged/environment.schema.json"
FILES = (NODE_SCHEMA, CLASS_SCHEMA, MERGED_SCHEMA)

Facts = Mapping[str, Mapping[str, Any]]  # an engine's name to the form of the facts that only it knows


@dataclass(frozen=True)
class Schemas:
    """JSON Schemas of a file of `environments/`, of a file of `base/`, and of a merged environment."""

    node: dict[str, Any]
    class_: dict[str, Any]
    merged: dict[str, Any]


def load(repository: Repository, engines: Facts) -> Schemas:
    """The schemas of a repository; GraftError where one is missing or cannot be read."""
    node, class_, merged = (json_schema(repository, file) for file in FILES)
    try:
        return Schemas(node, class_, with_engines(merged, engines))
    except (KeyError, TypeError) as error:
        message = f"{MERGED_SCHEMA} does not say what a cluster is, at $defs/cluster/properties/engine"
        raise GraftError(message, "fix it, or restore it from Git") from error


def with_engines(merged: dict[str, Any], engines: Facts) -> dict[str, Any]:
    """The schema of a merged environment in which a cluster names one of `engines`, and may say its facts."""
    cluster = merged["$defs"]["cluster"]
    properties = dict(cluster["properties"])
    properties["engine"] = {**properties["engine"], "enum": list(engines)}
    for facts in engines.values():
        properties |= facts
    return {**merged, "$defs": {**merged["$defs"], "cluster": {**cluster, "properties": properties}}}
