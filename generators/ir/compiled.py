"""Find the IR in whatever a compiled pipeline comes in: IR YAML or JSON, a PipelineJob, KFP's Kubernetes manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from generators.errors import GraftError
from generators.ir.depth import deepest
from generators.ir.values import integers

VERSION = "2.1.0"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EXPECTED = "give what kfp's compiler writes, a PipelineJob, or a PipelineVersion"
_ALIASED = re.compile(r"(?m)(^|[\s\[,])&\w.*(^|[\s\[,])\*\w", re.DOTALL)
DEEPEST = 1000
_FREE = {"constant", "defaultValue", "literals", "metadata"}  # what a person wrote, null included


def read_compiled(text: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The PipelineSpec and the PlatformSpec (empty where there is none) in `text`, which is called `name` in errors.

    What a PipelineJob sets for its run becomes the defaults of the pipeline. Raises GraftError for what is not a
    compiled pipeline of KFP 2.
    """
    try:
        return _read(text, name)
    except RecursionError:
        raise GraftError(f"{name} is nested too deeply", _EXPECTED) from None


def _read(text: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    documents = _documents(text, name)
    specs = [found for document in documents if (found := _spec(document))]
    platforms = [found for document in documents if (found := _platform(document))]
    if len(specs) != 1:
        raise GraftError(f"{name} holds {len(specs)} compiled pipelines, and one is wanted", _EXPECTED)
    if (version := specs[0].get("schemaVersion")) != VERSION:
        found = f"has the schemaVersion {version}" if version else "has no schemaVersion: it may be cut off"
        raise GraftError(f"{name} {found}; {VERSION} is wanted", "compile it with kfp 2")
    return integers(_without_null(specs[0])), integers(_without_null(platforms[0])) if platforms else {}


def _documents(text: str, name: str) -> list[Any]:
    try:
        if text.lstrip().startswith("{"):
            return [json.loads(text)]
    except ValueError:
        pass  # YAML's flow style begins alike
    if deepest(text) > DEEPEST:  # the stack of libyaml's reader would overflow, and end the process
        raise RecursionError
    try:
        if _ALIASED.search(text) and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, _LOADER)):
            raise GraftError(f"{name} has YAML aliases, which kfp does not write", _EXPECTED)
        return list(yaml.load_all(text, Loader=_LOADER))
    except (yaml.YAMLError, ValueError) as error:  # a number of more digits than Python reads
        raise GraftError(f"{name} is neither YAML nor JSON: {error}", _EXPECTED) from None


def _spec(document: Any) -> dict[str, Any] | None:
    """A PipelineSpec has a root; a PipelineJob and a PipelineVersion hold one."""
    if not isinstance(document, dict):
        return None
    if "root" in document and "pipelineInfo" in document:
        return document
    holder = _holder(document)
    found = _spec(holder.get("pipelineSpec"))
    return found and _with_values(found, _mapping(holder, "runtimeConfig"))


def _with_values(spec: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
    """The pipeline with what a PipelineJob's runtimeConfig sets, in place of its defaults."""
    if root := run.get("gcsOutputDirectory"):
        spec = {**spec, "defaultPipelineRoot": root}
    values = _mapping(run, "parameterValues")
    declared = _mapping(_mapping(_mapping(spec, "root"), "inputDefinitions"), "parameters")
    for name in values.keys() & declared.keys():
        _mapping(declared, name)["defaultValue"] = values[name]
    return spec


def _mapping(holder: dict[str, Any], key: str) -> dict[str, Any]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _platform(document: Any) -> dict[str, Any] | None:
    if not isinstance(document, dict):
        return None
    return document if "platforms" in document else _platform(_holder(document).get("platformSpec"))


def _holder(document: dict[str, Any]) -> dict[str, Any]:
    return document["spec"] if isinstance(document.get("spec"), dict) else document


def _without_null(value: Any) -> Any:
    """A message without the fields that are null, which is to say not set."""
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    if not isinstance(value, dict):
        return value
    return dict(_set_fields(value))


def _set_fields(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        if item is not None:
            yield key, item if key in _FREE else _without_null(item)
