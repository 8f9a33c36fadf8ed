"""Word what jsonschema says is wrong with a document for the person who wrote it.

A schema may help with the wording: `description` says what is allowed, `examples` how it looks, and a condition that is
more than a form carries `x-message`, `x-fix` and, where the value must not be repeated, `x-hide`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem, shown
from generators.suggestions import MOST, asked, nearest

_SECRET = re.compile(r"passw|secret|token|credential|api_?key|private", re.IGNORECASE)
QUOTES = ", with quotes"  # how a fix ends that lets a number be text
# A host with no password before it and no query after it; a single word may be a password itself.
_HARMLESS_URL = re.compile(
    r"[\w+.-]+:/{1,3}([\w-]+@)?[\w.-]*(:\d{1,5})?(/[\w./-]*)?|[\w-]+(\.[\w-]+)+(:\d{1,5})?(/[\w./-]*)?"
)
_MOST_UNKNOWN = 1_000  # keys of one mapping that are looked at one by one
_WORD = re.compile(r"[\w.-]+")


def worded(errors: Iterable[Any]) -> set[Problem]:
    """The problems in jsonschema's errors, each told once."""
    return _told_once(_outermost({problem for error in errors for problem in _problems(error)}))


def _outermost(problems: set[Problem]) -> set[Problem]:
    """Without those of what stands below a key that should not be there at all."""
    strange = {problem.path for problem in problems if problem.rule.startswith("unknown-")}
    return {each for each in problems if not any(each.path[:end] in strange for end in range(1, len(each.path)))}


def _told_once(problems: set[Problem]) -> set[Problem]:
    """Without a key that is missing where another one stands that was meant for it."""
    meant = {path for problem in problems if problem.rule == "unknown-key" for path in problem.against}
    return {each for each in problems if not (each.missing and (*each.path, each.missing) in meant)}


def _problems(error: Any) -> Iterator[Problem]:
    """The problems in one of jsonschema's errors; of alternatives, those of the one that the value was meant for."""
    if error.validator == "anyOf" and error.context and _meant_for_several(error):
        message = _message(error, "is not one of what is allowed")
        yield Problem(tuple(error.absolute_path), "anyOf", message, _found(error), _allowed(error.schema), _fix(error))
        return
    if error.validator == "anyOf" and error.context:
        first = [inner for inner in error.context if inner.schema_path[0] == 0]
        yield from (problem for inner in first for problem in _problems(inner))
        return
    path = tuple(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        message, found = _message(error, "this key does not have the form that is wanted"), str(error.instance)
        yield Problem((*path, found), "unknown-form", message, found, _allowed(error.schema), _fix(error))
        return
    yield from _WORDS.get(error.validator, _other)(error, path)


def _meant_for_several(error: Any) -> bool:
    """Whether a number is of the kind that more than one of the alternatives want, so that none of them says it all."""
    of_another_kind = {inner.schema_path[0] for inner in error.context if inner.validator in ("type", "const", "enum")}
    return isinstance(error.instance, int | float) and len(error.validator_value) - len(of_another_kind) > 1


def _unknown_keys(error: Any, path: KeyPath) -> Iterable[Problem]:
    known = [key for key in error.schema.get("properties", {}) if not key.startswith("~")]
    allowed = ", ".join(known)
    strange = [key for key in error.instance if key not in error.schema.get("properties", {})]
    for number, key in enumerate(strange[:_MOST_UNKNOWN]):
        found = f"{key}: {'(not shown)' if _SECRET.search(key) else shown(error.instance[key])}"
        near = nearest(key, known) if number < MOST else None
        fix = _meant(key, error.instance[key], known, error.schema, near)
        meant = ((*path, near),) if near else ()
        yield Problem((*path, key), "unknown-key", "unknown key", found, allowed, fix, against=meant)
    if rest := strange[_MOST_UNKNOWN:]:
        yield Problem((*path, rest[0]), "unknown-key", f"unknown key, the first of {len(rest)} more", rest[0][:100])


def _meant(key: str, value: Any, known: Iterable[str], schema: dict[str, Any], near: str | None) -> str:
    """What to write for an unknown key: what the schema says of such ones, a space after a colon, or the nearest."""
    name, _, rest = key.partition(":")
    if rest and value is None and name in known:
        return f"write {name}: {rest}, with a space after the colon"
    said = (fix for pattern, fix in schema.get("x-unknown", {}).items() if re.fullmatch(pattern, key))
    return next(said, "") or asked(near)


def _missing_keys(error: Any, path: KeyPath) -> Iterable[Problem]:
    for key in error.validator_value:
        if key not in error.instance:
            schema = error.schema.get("properties", {}).get(key, {})
            has = ", ".join(error.instance) or "nothing"
            added = schema.get("x-add") or _example(schema) or "..."
            message, fix = f"the key {key!r} is missing", f"add {key}: {added}"
            instead = _replacement(schema)
            yield Problem(path, "missing-key", message, has, _allowed(schema), fix, missing=key, replacement=instead)


def _wrong_type(error: Any, path: KeyPath) -> Iterable[Problem]:
    wanted = _kinds(error.validator_value)
    message = f"expected {wanted}, found {_kind_of(error.instance)}"
    allowed, instead = _allowed(error.schema) or wanted, _replacement(error.schema)
    example = _example(error.schema)
    fix = _retyped(error) or _fix(error) or (f"for example {example}" if example else f"write {wanted}")
    yield Problem(path, "type", message, _found(error), allowed, fix, replacement=instead)


def _not_listed(error: Any, path: KeyPath) -> Iterable[Problem]:
    listed = [str(item) for item in error.validator_value if item not in (None, "")]
    near = nearest(str(error.instance), listed)
    message, fix = "not one of the values that are allowed", f"did you mean {near}?" if near else "write one of them"
    yield Problem(path, "enum", message, shown(error.instance), ", ".join(listed), fix, replacement=near)


def _misshapen(error: Any, path: KeyPath) -> Iterable[Problem]:
    example = _example(error.schema)
    message, fix = "does not have the form that is wanted", f"for example {example}" if example else ""
    allowed = _allowed(error.schema) or str(error.validator_value)
    yield Problem(path, "pattern", message, _found(error), allowed, fix, replacement=example or None)


def _other(error: Any, path: KeyPath) -> Iterable[Problem]:
    message = _message(error, "is refused" if error.schema.get("x-hide") else error.message)
    yield Problem(path, error.validator, message, _found(error), _allowed(error.schema), _fix(error))


def _out_of_range(error: Any, path: KeyPath) -> Iterable[Problem]:
    limit, wording = error.validator_value, _LIMITS[error.validator]
    yield from (replace(problem, allowed=wording.format(limit)) for problem in _other(error, path))


def _repeated(error: Any, path: KeyPath) -> Iterable[Problem]:
    """The items of a list that stand in it twice, each at its second place."""
    for position, item in enumerate(error.instance):
        if item in error.instance[:position]:
            yield Problem((*path, position), "uniqueItems", "is listed twice", shown(item), fix="remove one of the two")


_LIMITS = {
    "minimum": "{} or more",
    "maximum": "{} or less",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
}
_WORDS: dict[str, Callable[[Any, KeyPath], Iterable[Problem]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "enum": _not_listed,
    "pattern": _misshapen,
    "uniqueItems": _repeated,
    **dict.fromkeys(_LIMITS, _out_of_range),
}
_NAMES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def _kinds(types: str | list[str]) -> str:
    return " or ".join(_NAMES[kind] for kind in ([types] if isinstance(types, str) else types))


def _kind_of(value: Any) -> str:
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return _NAMES[kinds.get(type(value), "null")]


def _found(error: Any) -> str:
    """The value, but for one that must not be repeated; with `x-hide: url` a URL without room for a secret is shown."""
    hide = error.schema.get("x-hide")
    harmless = hide == "url" and isinstance(error.instance, str) and _HARMLESS_URL.fullmatch(error.instance)
    return shown(error.instance) if harmless or not hide else "(not shown)"


def _message(error: Any, otherwise: str) -> str:
    return error.schema.get("x-message", otherwise)


def _fix(error: Any) -> str:
    """The next step that a schema names, in which {found} stands for the value where that is a word."""
    found = _found(error)
    return error.schema.get("x-fix", "").replace("{found}", found if _WORD.fullmatch(found) else "NAME")


def _allowed(schema: dict[str, Any]) -> str:
    return schema.get("description", "")


def _example(schema: dict[str, Any]) -> str:
    return str(schema["examples"][0]) if schema.get("examples") else ""


def _replacement(schema: dict[str, Any]) -> Any:
    """A value that passes a schema and says nothing that a later check would refuse; or None."""
    if schema.get("type") == "object" and schema.get("required"):
        return None
    empty = {"object": {}, "array": [], "integer": 0, "number": 0, "boolean": False}
    kinds = schema.get("type", "")  # one, or a list of those that it may be
    return _example(schema) or empty.get(kinds if isinstance(kinds, str) else kinds[0])


def _retyped(error: Any) -> str:
    """The value in the type that is wanted, where quotes are all that is wrong with it."""
    value, wanted = error.instance, error.validator_value
    if wanted == "string" and isinstance(value, bool | int | float):
        text = json.dumps(value)
        return f'write "{text}"{QUOTES}' if re.search(error.schema.get("pattern", ""), text) else ""
    if isinstance(value, str) and wanted in ("integer", "number", "boolean"):
        try:
            plain = json.loads(value)
        except ValueError:
            return ""
        return f"write {value}, without quotes" if not isinstance(plain, str) else ""
    return ""
