"""Hold a document against a JSON Schema (2020-12) and word what is wrong for the person who wrote it.

jsonschema-rs decides whether a document is valid; only one that is not is looked at again, by jsonschema, for words.
A schema may help with the wording: `description` says what is allowed, `examples` how it looks, and a condition that is
more than a form carries `x-message`, `x-fix` and, where the value must not be repeated, `x-hide`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import jsonschema_rs

from generators.errors import GraftError, Unreadable
from generators.inventory.paths import KeyPath, format_path
from generators.inventory.read import Repository
from generators.model import Finding, Place
from generators.suggestions import MOST, asked, nearest

_SECRET = re.compile(r"passw|secret|token|credential|api_?key|private", re.IGNORECASE)
QUOTES = ", with quotes"  # how a fix ends that lets a number be text
_RESTORE = "fix it, or restore it from Git"
# A host with no password before it and no query after it; a single word may be a password itself.
_HARMLESS_URL = re.compile(
    r"[\w+.-]+:/{1,3}([\w-]+@)?[\w.-]*(:\d{1,5})?(/[\w./-]*)?|[\w-]+(\.[\w-]+)+(:\d{1,5})?(/[\w./-]*)?"
)
_WORD = re.compile(r"[\w.-]+")
_MOST_UNKNOWN = 1_000  # keys of one mapping that are looked at one by one
_READ = 1_000  # characters of a value that are looked at, to show a hundred of them
_USERINFO = re.compile(r"(://)[^\s\"]*@")


@dataclass(frozen=True)
class Problem:
    """A finding before it has a place: `path` leads from the document's top to the value or key.

    `check` is the family of the finding. `replacement` is a value that would pass in its place, for the checks to go on
    with, and `missing` the key that it is for where a key is missing; without one the value is best left out. `against`
    are the paths of other values that it goes by: where one of those is a guess, so is the problem. `place` is where it
    stands if that is in no file of the inventory.
    """

    path: KeyPath
    rule: str
    message: str
    found: str = ""
    allowed: str = ""
    fix: str = ""
    check: str = "schema"
    missing: str = field(default="", compare=False)
    replacement: Any = field(default=None, compare=False)
    against: tuple[KeyPath, ...] = field(default=(), compare=False)
    place: Place | None = field(default=None, compare=False)

    @property
    def about_key(self) -> bool:
        """Whether the key itself is the problem, and not its value."""
        return self.rule.startswith(("unknown-", "missing-", "unused"))

    def at(self, place: Place, verdict: str = "invalid") -> Finding:
        """The problem as a finding at a place."""
        path = format_path(self.path)
        return Finding(verdict, self.check, self.rule, place, path, self.message, self.found, self.allowed, self.fix)


def validator(schema: dict[str, Any]) -> Callable[[Any], list[Problem]]:
    """A function from a document to its problems, in the order of their paths."""
    rust = _rust_validator(schema)

    def problems(document: Any) -> list[Problem]:
        if rust.is_valid(document):
            return []
        from jsonschema import Draft202012Validator  # only a document that is wrong pays for this import

        errors = Draft202012Validator(schema).iter_errors(document)
        found = {problem for error in errors for problem in _problems(error)}
        return sorted(
            _told_once(_outermost(found)) or _plainly(rust, document),
            key=lambda found: [str(part) for part in found.path],
        )

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


def shown(value: Any) -> str:
    """A value on one line, as a person would write it in YAML, cut where it is long, without credentials in a URL."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    begin, rest = text[:_READ], text[_READ:]
    begin = _USERINFO.sub(r"\1(not shown)@", f"{begin}@" if "@" in rest else begin)
    return begin if len(begin) <= 100 and not rest else begin[:97] + "..."


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
