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
from generators.checks.rule_changes.json_references import Documents, is_definition
from generators.checks.rule_changes.model import Loosened
from generators.inventory.paths import KeyPath
from generators.inventory.problem import shown

Found = Iterable[Loosened]
Schema = dict[str, Any]
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
_BRANCHES, _DEFINITIONS = {"allOf", "anyOf", "oneOf"}, {"$defs", "definitions"}
_APPLYING = {"$ref", "allOf", "anyOf", "dependentSchemas", "if", "oneOf"}
_LEADING = {"$dynamicRef", "$recursiveRef"}  # by what is dynamic, and so not known here
_UNSAID = {"minContains": 1}  # what a keyword is where nobody writes it


def loosened(old: Any, new: Any, path: KeyPath = (), within: Documents | None = None) -> Iterator[Loosened]:
    """Every place where a schema accepts more than it did, or may; paths lead into the new one.

    `within` are the documents that both stand in, by which references are followed.
    """
    within = within or Documents(old, new)
    if _text(old) == _text(new) or old is False or new is False:
        if old is False and new is not False:
            yield Loosened(path, "it accepts what was refused altogether")
        return
    old, new = ({} if schema is True else schema for schema in (old, new))
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield Loosened(path, "it is not a schema any longer", isinstance(old, dict))
        return
    if old.get("$ref") != new.get("$ref") or not is_definition(old.get("$ref")):
        within = within.entered(old.get("$ref"), new.get("$ref"))
        if within is None:
            return  # these two are being compared already
        old, new = within.without_reference(old, within.old), within.without_reference(new, within.new)
    if _says(old) and not _says(new):
        yield Loosened(path, "it accepts everything")
        return
    yield from _properties(old, new, path, within)
    yield from _conditional(old, new, path, within)
    yield from _positions(old, new, path, within)
    yield from _evaluated(old, new, path)
    for keyword in dict.fromkeys((*old, *new)):
        if keyword not in _NO_RULE and keyword not in _TOGETHER and _text(old.get(keyword)) != _text(new.get(keyword)):
            yield from _keyword(keyword, old, new, (*path, keyword), within)


def _text(value: Any) -> str:
    """A value as JSON tells it from others, unlike Python, to which 0 and false are equal."""
    return json.dumps(value, sort_keys=True)


def _says(schema: dict[str, Any]) -> bool:
    """Whether a schema refuses anything, as far as it has a keyword that may."""
    return any(value is not True and value != {} for key, value in schema.items() if key not in _SAY_NOTHING)


def _keyword(keyword: str, old: Schema, new: Schema, path: KeyPath, within: Documents) -> Found:
    if keyword in _MEANING:
        return [Loosened(path, f"what stands here means something else: {keyword} was {shown(old.get(keyword))}")]
    if keyword in _ACCEPTING:
        return [Loosened(path, f"{keyword} accepts more")] if new.get(keyword) else []
    if keyword not in new:
        return [Loosened(path[:-1], f"{keyword}: {shown(old[keyword])} is gone")]
    if keyword not in old and keyword not in _UNSAID:
        return [Loosened(path, f"{keyword} is new", False)] if keyword == "default" else []
    before, after = old.get(keyword, _UNSAID.get(keyword)), new[keyword]
    if keyword in _ONE:
        return loosened(before, after, path, within)
    if keyword == "not":  # what it refuses is what its schema accepts
        return _turned(before, after, path, within)
    if keyword in _BRANCHES:
        return _branches(keyword, before, after, path, within)
    if keyword in _DEFINITIONS:
        return _named(before, after, path, within)
    if keyword in _LEADING:
        return [Loosened(path, f"{keyword} was {shown(before)}, and leads elsewhere")]
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


def _named(before: Any, after: Any, path: KeyPath, within: Documents) -> Found:
    """`$defs`, by their names; one that is new says nothing by itself."""
    for name in before:
        if name in after:
            yield from loosened(before[name], after[name], (*path, name), within)


def _branches(keyword: str, before: Any, after: Any, path: KeyPath, within: Documents) -> Found:
    """Branches in their order; of `allOf` one that is gone accepts more, of `anyOf` and `oneOf` one that is new."""
    found = [
        each
        for position, (old, new) in enumerate(zip(before, after, strict=False))
        for each in loosened(old, new, (*path, position), within)
    ]
    yield from found
    if len(after) < len(before) and keyword != "anyOf":
        yield Loosened(path, f"{keyword} has {len(after)} branches, and had {len(before)}", keyword != "oneOf")
    elif len(after) > len(before) and keyword != "allOf":
        yield Loosened(path, f"{keyword} has {len(after)} branches, and had {len(before)}")
    elif keyword == "oneOf" and not found:  # what fitted two of them was refused
        accepted = probes.accepted({keyword: before}, {keyword: after})
        yield Loosened(path, "other branches of oneOf may exclude each other no longer", bool(accepted))


def _turned(before: Any, after: Any, path: KeyPath, within: Documents) -> Found:
    """`not`: it refuses less where its schema accepts less."""
    less = [each.surely for each in loosened(after, before, path, within.turned())]
    accepted = [] if any(less) else probes.accepted({"not": before}, {"not": after})
    yield Loosened(path, f"not was {shown(before)}", any(less) or bool(accepted))


def _rules_in_cel(keyword: str, before: Any, after: Any, path: KeyPath) -> Found:
    """Rules by their text; as many that are new may be the same in other words."""
    old, new = ([str(each.get("rule")) for each in rules] for rules in (before, after))
    always = any(each.strip() == "true" for each in new if each not in old)
    if gone := [each for each in old if each not in new]:
        yield Loosened(path, f"the rule {shown(gone[0])} is gone", always or len(new) < len(old))


_BY_KEYWORD: dict[str, Callable[[str, Any, Any, KeyPath], Found]] = {
    **dict.fromkeys(_LEAST | _MOST, _bound),
    **dict.fromkeys(("type", "enum", "const"), _choice),
    "required": _required,
    "uniqueItems": _unique,
    "x-kubernetes-validations": _rules_in_cel,
}
_TOGETHER = {"$ref", "properties", "patternProperties", "if", "then", "else", "prefixItems"}  # read with others


def _properties(old: Schema, new: Schema, path: KeyPath, within: Documents) -> Found:
    """Keys that are accepted now and were not, whose bounds are gone, or that have others."""
    others = old.get("additionalProperties", old.get("unevaluatedProperties", True))
    for keyword in ("patternProperties", "properties"):
        before, after = old.get(keyword) or {}, new.get(keyword) or {}
        for name in dict.fromkeys((*before, *after)):
            where = (*path, keyword, name)
            if name in before and name in after:
                yield from loosened(before[name], after[name], where, within)
            elif name in after and others is False and after[name] is not False:
                yield Loosened(where, f"{name} is accepted, and was an unknown key")
            elif name in after:
                yield from loosened(others, after[name], where, within)
            elif name in before and new.get("additionalProperties") is not False and _bounds(before[name]):
                yield Loosened(path, f"what {name} may be is said no longer")


def _conditional(old: Schema, new: Schema, path: KeyPath, within: Documents) -> Found:
    """`if` with what follows of it, which is asked less often where `if` accepts less, or what is asked otherwise."""
    if "if" not in old or not any(_bounds(old.get(each)) for each in ("then", "else")):
        return
    if "if" not in new:
        yield Loosened(path, f"if: {shown(old['if'])} is gone")
        return
    for keyword in ("then", "else"):
        yield from loosened(old.get(keyword, True), new.get(keyword, True), (*path, keyword), within)
    less = [each.surely for each in loosened(new["if"], old["if"], path, within.turned())]
    more = [each.surely for each in loosened(old["if"], new["if"], path, within)]
    for keyword, found in (("then", less), ("else", more)):
        if found and _bounds(old.get(keyword)):
            message = f"if was {shown(old['if'])}, and {keyword} is asked of less"
            yield Loosened((*path, "if"), message, any(found))


def _positions(old: Schema, new: Schema, path: KeyPath, within: Documents) -> Found:
    """`prefixItems`: each item by its position; `items` are those after it."""
    before, after = old.get("prefixItems") or [], new.get("prefixItems") or []
    for position in range(max(len(before), len(after))):
        was, is_ = (
            listed[position] if position < len(listed) else schema.get("items", True)
            for schema, listed in ((old, before), (new, after))
        )
        yield from loosened(was, is_, (*path, "prefixItems", position), within)


def _evaluated(old: Schema, new: Schema, path: KeyPath) -> Found:
    """Keywords that are new beside `unevaluated...`, which knows what they know."""
    for keyword in ("unevaluatedItems", "unevaluatedProperties"):
        if keyword in old and old[keyword] is not True:
            for name in sorted(_APPLYING & new.keys() - old.keys()):
                yield Loosened((*path, name), f"{keyword} leaves out what {name} knows")


def _bounds(schema: Any) -> bool:
    return schema is False or (isinstance(schema, dict) and _says(schema))
