"""A definition: a pipeline compiled once, without any environment, named by the hash of its content.

The file `definitions/<pipeline>/<hash>.json` is canonical JSON, and `<hash>` is the start of the file's own SHA-256,
so `sha256sum` on a file confirms its name.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

FOLDER = "definitions"
HASH_LENGTH = 10
DEFINITION_LABEL = "graft.dev/definition"  # the same in every environment that runs the same definition
CONTENT_LABEL = "graft.dev/content"  # of what one object holds, overlay included


@dataclass(frozen=True)
class Definition:
    """A compiled pipeline: `spec` is its PipelineSpec 2.1.0, `platform` its PlatformSpec (empty where it has none)."""

    pipeline: str
    spec: dict[str, Any]
    platform: dict[str, Any]

    @cached_property
    def text(self) -> str:
        """The file's content: sorted keys, one item a line, so that two definitions can be compared by a plain diff."""
        content = {"pipelineSpec": self.spec, "platformSpec": self.platform}
        return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n"

    @cached_property
    def hash(self) -> str:
        return hash_of_text(self.text)

    @property
    def path(self) -> str:
        return path_of(self.pipeline, self.hash)

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """The pipeline's run-time inputs: name to KFP's ParameterSpec (`parameterType`, `defaultValue`, ...)."""
        return self.spec.get("root", {}).get("inputDefinitions", {}).get("parameters", {})


def definition(pipeline: str, spec: dict[str, Any], platform: dict[str, Any]) -> Definition:
    """A definition with its keys in the order of its file, wherever its parts come from."""
    return from_text(pipeline, Definition(pipeline, spec, platform).text)


def path_of(pipeline: str, hash_: str) -> str:
    return f"{FOLDER}/{pipeline}/{hash_}.json"


def from_text(pipeline: str, text: str) -> Definition:
    """The definition that a file of `definitions/` holds; raises ValueError where it is not one."""
    try:
        content = json.loads(text)
        return Definition(pipeline, content["pipelineSpec"], content["platformSpec"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"it has no {error}") from error


def hash_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def hash_of(value: Any) -> str:
    """The content hash of any JSON value, whatever the order of its keys."""
    return hash_of_text(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))
