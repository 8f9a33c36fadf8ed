"""Where a JSON Schema accepts what another one refused, as far as its keywords tell.

Every keyword is a condition on its own, so one that is gone, or wider, accepts more. Of some it cannot be told from
their text (`pattern`, `not`, `if`): values are tried, and where none shows it, it is not `surely`. What only words a
finding is no rule.
https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from generators.checks.rule_changes import probes
from generators.checks.rule_changes.model import Loosened
from generators.inventory.paths import KeyPath
from generators.inventory.problem import shown

Found = Iterable[Loosened]
_NO_RULE = {
    "$comment", "deprecated", "description", "examples", "readOnly", "title", "writeOnly", "x-add", "x-fix",
    "x-message", "x-unknown",
}  # fmt: skip
_MEANING = {"$anchor", "$dynamicAnchor", "$id", "$schema", "$vocabulary"}  # what all else goes by: the draft, and where
_SAY_NOTHING = _NO_RULE | _MEANING | {"$defs", "definitions"}
_ACCEPTING = {"nullable", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"}  # what widens a schema
_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"}
_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"}
_ONE = {"additionalProperties", "contains", "items", "propertyNames", "unevaluatedItems", "unevaluatedProperties"}


def loosened(old: Any, new: Any, path: KeyPath = ()) -> Iterator[Loosened]:
    """Every place where a schema accepts more than it did, or may; paths lead into the new one."""
    if _text(old) == _text(new) or old is False or new is False:
        if old is False and new is not False:
            yield Loosened(path, "it accepts what was refused altogether")
        return
    old, new = ({} if schema is True else schema for schema in (old, new))
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield Loosened(path, "it is not a schema any longer", isinstance(old, dict))
        return
    if _says(old) and not _says(new):
        yield Loosened(path, "it accepts everything")
        return
    yield from _properties(old, new, path)
    for keyword in dict.fromkeys((*old, *new)):
        if keyword not in _NO_RULE and keyword not in _TOGETHER and _text(old.get(keyword)) != _text(new.get(keyword)):
            yield from _keyword(keyword, old, new, (*path, keyword))


def _text(value: Any) -> str:
    """A value as JSON tells it from others, unlike Python, to which 0 and false are equal."""
    return json.dumps(value, sort_keys=True)


def _says(schema: dict[str, Any]) -> bool:
    """Whether a schema refuses anything, as far as it has a keyword that may."""
    return any(value is not True and value != {} for key, value in schema.items() if key not in _SAY_NOTHING)


def _keyword(keyword: str, old: dict[str, Any], new: dict[str, Any], path: KeyPath) -> Found:
    if keyword in _MEANING:
        return [Loosened(path, f"what stands here means something else: {keyword} was {shown(old.get(keyword))}")]
    if keyword in _ACCEPTING:
        return [Loosened(path, f"{keyword} accepts more")] if new.get(keyword) else []
    if keyword not in new:
        return [Loosened(path[:-1], f"{keyword}: {shown(old[keyword])} is gone")]
    if keyword not in old:
        return [Loosened(path, f"{keyword} is new", False)] if keyword == "default" else []
    before, after = old[keyword], new[keyword]
    if keyword in _ONE:
        return loosened(before, after, path)
    if keyword in _BY_KEYWORD:
        return _BY_KEYWORD[keyword](keyword, before, after, path)
    accepted = probes.accepted({keyword: before}, {keyword: after}, old.get("examples", ()))
    now = f", and {shown(accepted[0])} is accepted" if accepted else ""
    return [Loosened(path, f"{keyword} was {shown(before)}{now}", bool(accepted))]


def _bound(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in (before, after)):
        yield Loosened(path, f"{keyword} was {shown(before)}", False)
    elif after < before if keyword in _LEAST else after > before:
        yield Loosened(path, f"{keyword} was {before}")


def _choice(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    """`type`, `enum` and `const`: each value that is listed now and was not."""
    old, new = (each if isinstance(each, list) else [each] for each in (before, after))
    known = {*map(_text, old)}
    if more := [each for each in new if _text(each) not in known]:
        yield Loosened(path, f"{keyword} accepts {', '.join(map(shown, more))} too")


def _required(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    if fewer := [each for each in before if each not in after]:
        yield Loosened(path, f"{', '.join(map(shown, fewer))} is required no longer")


def _unique(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    if before and not after:
        yield Loosened(path, "items may stand twice")


def _named(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    """`$defs`, by their names; one that is new says nothing by itself."""
    for name in before:
        if name in after:
            yield from loosened(before[name], after[name], (*path, name))


def _branches(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    """Branches in their order; of `allOf` one that is gone accepts more, of `anyOf` and `oneOf` one that is new."""
    for position, (old, new) in enumerate(zip(before, after, strict=False)):
        yield from loosened(old, new, (*path, position))
    if len(after) < len(before) and keyword != "anyOf":
        yield Loosened(path, f"{keyword} has {len(after)} branches, and had {len(before)}", keyword != "oneOf")
    if len(after) > len(before) and keyword in ("anyOf", "oneOf"):
        yield Loosened(path, f"{keyword} has {len(after)} branches, and had {len(before)}")


def _rules_in_cel(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    """Rules by their text; as many that are new may be the same in other words."""
    old, new = ([str(each.get("rule")) for each in rules] for rules in (before, after))
    if gone := [each for each in old if each not in new]:
        yield Loosened(path, f"the rule {shown(gone[0])} is gone", len(new) < len(old))


_BY_KEYWORD: dict[str, Callable[[str, Any, Any, KeyPath], Found]] = {
    **dict.fromkeys(_LEAST | _MOST, _bound),
    **dict.fromkeys(("type", "enum", "const"), _choice),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _branches),
    "required": _required,
    "uniqueItems": _unique,
    "$defs": _named,
    "definitions": _named,
    "x-kubernetes-validations": _rules_in_cel,
}
_TOGETHER = {"properties", "patternProperties"}  # what they say depends on additionalProperties


def _properties(old: dict[str, Any], new: dict[str, Any], path: KeyPath) -> Found:
    """Keys that are accepted now and were not, whose bounds are gone, or that have others."""
    others = old.get("additionalProperties", old.get("unevaluatedProperties", True))
    for keyword in sorted(_TOGETHER):
        before, after = old.get(keyword) or {}, new.get(keyword) or {}
        for name in dict.fromkeys((*before, *after)):
            where = (*path, keyword, name)
            if name in before and name in after:
                yield from loosened(before[name], after[name], where)
            elif name in after and others is False and after[name] is not False:
                yield Loosened(where, f"{name} is accepted, and was an unknown key")
            elif name in after:
                yield from loosened(others, after[name], where)
            elif name in before and new.get("additionalProperties") is not False and _bounds(before[name]):
                yield Loosened(path, f"what {name} may be is said no longer")


def _bounds(schema: Any) -> bool:
    return schema is False or (isinstance(schema, dict) and _says(schema))
