"""What an environment calls its own, and what another calls the same: what differs by nothing else is no difference.

the environment, its namespace, its database, its store, its registry, a cluster and its server
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.engines.engine import Object
from generators.model import Cluster, Environment


@dataclass(frozen=True)
class OwnNames:
    """Texts of one environment with those of the other, the longest first."""

    pairs: Mapping[str, str]

    @classmethod
    def of(cls, here: tuple[Environment, Cluster], there: tuple[Environment, Cluster]) -> OwnNames:
        """Those of two clusters in their environments."""
        found = zip(_names(*here), _names(*there), strict=True)
        known = {old: new for old, new in found if old and new and old != new}
        return cls({old: known[old] for old in sorted(known, key=len, reverse=True)})

    def explain(self, before: str | None, after: str | None) -> bool:
        """Whether two texts are the same but for these names."""
        return before is not None and after is not None and self.in_other(before) == after

    def in_other(self, text: str) -> str:
        """A text as the other environment would have it."""
        for old, new in self.pairs.items():
            text = text.replace(old, new)
        return text

    def renamed(self, document: Any) -> Any:
        """An object under the name and in the namespace that it would have there; what is none is as it was."""
        if not isinstance(document, dict) or not isinstance(document.get("metadata"), dict):
            return document
        return {**document, "metadata": self._metadata(document["metadata"])}

    def _metadata(self, metadata: Object) -> Object:
        named = {key: self.in_other(str(metadata[key])) for key in ("name", "namespace") if key in metadata}
        return {**metadata, **named}


def _names(environment: Environment, cluster: Cluster) -> Iterator[str]:
    yield environment.name
    yield environment.namespace
    yield environment.database.url
    yield environment.registry
    yield from (environment.storage.uri, environment.storage.endpoint, environment.storage.region)
    yield from (cluster.name, cluster.server)
