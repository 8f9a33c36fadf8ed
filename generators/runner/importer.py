"""Importer tasks: an artifact that is somewhere already becomes an output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from generators.errors import GraftError
from generators.ir.values import integers
from generators.runner.placeholders import fill
from generators.runner.results import Artifact

_REMOTE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*://")


def imported(spec: Mapping[str, Any], tree: Mapping[str, Any], repository: Path) -> Artifact:
    """The artifact that an ImporterSpec names; a file or folder of this machine must be there."""
    source = spec["artifactUri"]
    if "runtimeParameter" in source:
        uri = tree["inputs"]["parameters"].get(source["runtimeParameter"], "")
    else:
        uri = fill(source.get("constant") or "", tree)
    metadata = integers(fill(spec.get("metadata", {}), tree))
    return {
        "name": "artifact",
        "type": spec.get("typeSchema", {}),
        "uri": _located(uri, repository),
        "metadata": metadata,
    }


def _located(uri: str, repository: Path) -> str:
    """A remote URI as it is; a local one as an absolute path, since KFP takes a local URI for the path itself."""
    if _REMOTE.match(uri):
        return uri
    path = repository / (unquote(urlsplit(uri).path) if uri.startswith("file:") else uri)
    if not uri or not path.exists():
        raise GraftError(f"there is nothing to import at {uri or 'an empty URI'}", f"looked for {path}")
    return str(path)
