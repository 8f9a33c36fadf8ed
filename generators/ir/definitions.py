"""A definition: a pipeline compiled once, without any environment, named by the hash of its content.

The file `definitions/<pipeline>/<hash>.json` is canonical JSON, and `<hash>` is the start of the file's own SHA-256,
so `sha256sum` on a file confirms its name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generators.ir.depth import deepest
from generators.ir.view import Pipeline, Task

FOLDER = "definitions"
DEEPEST = 500  # levels; what kfp compiles has some 20
_FIRST = "(artifactIterator|cachingOptions|componentRef)"  # the first key of a task in a definition's file
VERSION = "2.1.0"  # of the PipelineSpec
HASH_LENGTH = 10
_SOURCE = re.compile(r"[0-9a-f]{8}")
DEFINITION_LABEL = "graft.dev/definition"  # the same in every environment that runs the same definition
CONTENT_LABEL = "graft.dev/content"  # of what one object holds, overlay included


@dataclass(frozen=True)
class Definition:
    """A compiled pipeline as its file holds it; what is in it is read when it is asked for.

    `lines` are the file and the line of the author's code that each step is made at, where it was compiled of the code
    as it is now.
    """

    pipeline: str
    text: str
    lines: Mapping[str, tuple[str, int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def spec(self) -> dict[str, Any]:
        """Its PipelineSpec 2.1.0."""
        return self._content["pipelineSpec"]

    @property
    def platform(self) -> dict[str, Any]:
        """Its PlatformSpec, empty where it has none."""
        return self._content["platformSpec"]

    @property
    def sources(self) -> dict[str, str]:
        """The components whose images its steps run, each with the hash of what its image is built from."""
        return self._content["sources"]

    @property
    def keys(self) -> set[str]:
        """The keys at the top of its file."""
        return set(self._content)

    @cached_property
    def _content(self) -> dict[str, Any]:
        return json.loads(self.text)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def hash(self) -> str:
        """The name that people know it by."""
        return self.digest[:HASH_LENGTH]

    def __reduce__(self) -> tuple[type[Definition], tuple[str, str]]:
        """Another process gets the text alone, and reads it where it needs to."""
        return Definition, (self.pipeline, self.text)

    @property
    def path(self) -> str:
        return path_of(self.pipeline, self.hash)

    def line_of(self, step: str) -> tuple[str, int]:
        """Where a step is made, by its path: file and line in the author's code, or in the definition's own file."""
        if step in self.lines:
            return self.lines[step]
        key = next((task.key for path, task in Pipeline.of(self.spec).walk() if path == step), None)
        task = (
            re.search(rf"^ *{re.escape(json.dumps(key))}: {{\n *\"{_FIRST}\"", self.text, re.MULTILINE) if key else None
        )
        return self.path, self.text.count("\n", 0, task.start()) + 1 if task else 1

    def line_of_path(self, path: Sequence[str | int]) -> tuple[str, int] | None:
        """Where the author's code makes the task that a path in the PipelineSpec leads into, None for another path."""
        last = max((at for at, part in enumerate(path[:-1]) if part == "tasks"), default=None)
        if last is None:
            return None
        tree: Any = self.spec
        for key in path[: last + 2]:
            tree = tree.get(key, {}) if isinstance(tree, dict) else {}
        name = Task(str(path[last + 1]), tree).name
        found = {line for step, line in self.lines.items() if step.split("/")[-1] == name}
        return found.pop() if len(found) == 1 else None

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """The pipeline's run-time inputs: name to KFP's ParameterSpec (`parameterType`, `defaultValue`, ...)."""
        return self.spec.get("root", {}).get("inputDefinitions", {}).get("parameters", {})


def definition(
    pipeline: str, spec: dict[str, Any], platform: dict[str, Any], sources: Mapping[str, str] | None = None
) -> Definition:
    """The definition of a PipelineSpec, a PlatformSpec and the sources of its components' images."""
    return Definition(pipeline, with_sources(compiled_text(spec, platform), sources or {}))


def compiled_text(spec: dict[str, Any], platform: dict[str, Any]) -> str:
    """A definition's text but for its sources, which may change though nothing is compiled anew.

    Sorted keys, one item a line, so that two definitions can be compared by a plain diff.
    """
    return _text({"pipelineSpec": spec, "platformSpec": platform})


def with_sources(compiled: str, sources: Mapping[str, str]) -> str:
    """A definition's text; its last key is added as it would stand if all had been written at once."""
    return compiled.removesuffix("\n}\n") + "," + _text({"sources": dict(sources)}).removeprefix("{")


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def path_of(pipeline: str, hash_: str) -> str:
    return f"{FOLDER}/{pipeline}/{hash_}.json"


def from_text(pipeline: str, text: str) -> Definition:
    """The definition that a file of `definitions/` holds; raises ValueError where it is not one."""
    found = Definition(pipeline, text)
    if deepest(text) > DEEPEST:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels")
    try:
        if not all(isinstance(part, dict) for part in (found.spec, found.platform, found.sources)):
            raise ValueError("its pipelineSpec, its platformSpec or its sources are not a mapping")
    except (KeyError, TypeError) as error:
        raise ValueError(f"it has no {error}") from error
    _refuse_foreign(found)
    return found


def _refuse_foreign(found: Definition) -> None:
    """Raise ValueError for what no compiler of graft's writes into a definition, and nothing else would look at."""
    version = found.spec.get("schemaVersion", VERSION)
    if isinstance(version, str) and version != VERSION:  # of another type it is a finding of the IR
        raise ValueError(f"its schemaVersion is {version}, and {VERSION} is wanted")
    for image, source in found.sources.items():
        if not isinstance(source, str) or not _SOURCE.fullmatch(source):
            raise ValueError(f"the source of {image} is not 8 hexadecimal digits")
    if unknown := found.keys - {"pipelineSpec", "platformSpec", "sources"}:
        raise ValueError(f"it has {', '.join(sorted(unknown))}, which is not part of one")


def hash_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def hash_of(value: Any) -> str:
    """The content hash of any JSON value, whatever the order of its keys."""
    return hash_of_text(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))
