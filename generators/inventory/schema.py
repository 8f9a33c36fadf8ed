"""Hold a document against a JSON Schema (2020-12).

jsonschema-rs decides whether a document is valid; only one that is not is looked at again, by jsonschema, for words.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

import jsonschema_rs

from generators.errors import GraftError, Unreadable
from generators.inventory.problem import Problem, shown
from generators.inventory.read import Repository
from generators.inventory.wording import worded
from generators.model import Finding, Place

_RESTORE = "fix it, or restore it from Git"


def validator(schema: dict[str, Any]) -> Callable[[Any], list[Problem]]:
    """A function from a document to its problems, in the order of their paths."""
    rust = _rust_validator(schema)

    def problems(document: Any) -> list[Problem]:
        if rust.is_valid(document):
            return []
        from jsonschema import Draft202012Validator  # only a document that is wrong pays for this import

        errors = Draft202012Validator(schema).iter_errors(document)
        return sorted(worded(errors) or _plainly(rust, document), key=lambda found: [str(part) for part in found.path])

    return problems


def accepting(schema: dict[str, Any]) -> Callable[[Any], bool]:
    """A function that says whether a document is valid, without a word of what is wrong with one that is not."""
    return _rust_validator(schema).is_valid


def json_document(repository: Repository, file: str) -> Any:
    """A JSON file of the repository, such as a schema; GraftError where it is missing or cannot be read."""
    if not repository.exists(file):
        raise GraftError(f"{file} is missing, so nothing could be checked", f"restore it: git checkout -- {file}")
    try:
        return json.loads(repository.text(file))
    except json.JSONDecodeError as error:
        raise _unreadable(Place(file, error.lineno, error.colno), f"{file} is not JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise _unreadable(Place(file), f"{file} is not JSON: {error}") from None


def json_schema(repository: Repository, file: str) -> dict[str, Any]:
    """A JSON Schema of the repository; GraftError where it is missing, or is not one."""
    schema = json_document(repository, file)
    if not isinstance(schema, dict):
        raise _unreadable(Place(file), f"{file} is not a JSON Schema: it is not a mapping")
    try:
        _rust_validator(schema)
    except (GraftError, TypeError, ValueError, RecursionError) as error:
        raise _unreadable(Place(file), f"{file} is not a JSON Schema: {error}") from None
    return schema


def _unreadable(place: Place, message: str) -> Unreadable:
    return Unreadable([Finding("invalid", "read", "schema", place, "", message, fix=_RESTORE)])


def _rust_validator(schema: dict[str, Any]) -> Any:
    try:
        return jsonschema_rs.validator_for(schema, retriever=_refuse_to_fetch)
    except jsonschema_rs.ValidationError as error:
        title = schema.get("title", "a schema")
        raise GraftError(f"{title!r} is not a valid JSON Schema: {error.message}", "fix it in schemas/") from None


def _refuse_to_fetch(uri: str) -> NoReturn:
    raise ValueError(f"{uri} is outside the schema, and nothing is fetched")


def _plainly(rust: Any, document: Any) -> set[Problem]:
    """What jsonschema-rs says where jsonschema finds nothing: the two end a line differently in a pattern."""
    errors = rust.iter_errors(document)
    return {Problem(tuple(error.instance_path), "form", error.message, shown(error.instance)) for error in errors}
