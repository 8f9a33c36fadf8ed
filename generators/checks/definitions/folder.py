"""Reads CustomResourceDefinitions from a folder that a person names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generators.checks.definitions.structural import json_schema
from generators.checks.forms import Schema
from generators.errors import GraftError
from generators.inventory.read import load_all

_ENDINGS = (".yaml", ".yml", ".json")
_KIND = "CustomResourceDefinition"


def files(folder: Path) -> list[Path]:
    """The files of a folder and of those in it; GraftError where there are none."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS and path.is_file())
    if not found:
        raise GraftError(f"{folder} holds no definitions", f"name a folder with {_KIND}s in YAML or JSON")
    return found


def text_of(file: Path) -> str:
    """What a file holds; GraftError where it is no text."""
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise GraftError(f"{file} is not text in UTF-8: {error}", "save it as UTF-8, or remove it") from None


def definitions(file: Path, text: str) -> Iterator[dict[str, Any]]:
    """The CustomResourceDefinitions in the text of a file; GraftError where it cannot be read."""
    try:
        documents = load_all(text)
    except ValueError as error:
        raise GraftError(f"{file} is not YAML: {error}", "correct it, or remove it") from None
    for document in documents:
        items = document.get("items") if isinstance(document, dict) and document.get("kind") == "List" else [document]
        yield from (each for each in items or () if isinstance(each, dict) and each.get("kind") == _KIND)


def schemas(definition: dict[str, Any]) -> Iterator[tuple[str, str, Schema]]:
    """(API version, kind, schema) of each version that a definition serves, the one that is stored first."""
    try:
        spec, kind = definition["spec"], definition["spec"]["names"]["kind"]
        for version in sorted(spec["versions"], key=lambda version: not version.get("storage")):
            if version.get("served", True):
                api_version = f"{spec['group']}/{version['name']}"
                whole = version["schema"]["openAPIV3Schema"]
                yield api_version, kind, json_schema(whole, api_version, kind, spec.get("scope") != "Cluster")
    except (LookupError, TypeError, AttributeError) as error:
        metadata = definition.get("metadata")
        name = metadata.get("name", "a definition") if isinstance(metadata, dict) else "a definition"
        raise GraftError(f"{name} is no {_KIND} of apiextensions.k8s.io/v1: {error!r}", "correct it") from None
