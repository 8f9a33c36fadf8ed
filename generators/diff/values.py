"""What two shapes of a pipeline say differently, as lines with the place that did it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from generators.diff import leaves
from generators.diff.model import Line
from generators.diff.shapes import or_nothing, plain
from generators.diff.state import Side
from generators.fleet.capacity import shown
from generators.inventory.paths import KeyPath
from generators.ir.normal_form import Difference, Shape
from generators.ir.normal_form.neutral import MISSING

# what a difference is of (a field of a shape's Task) to what a line calls it
_CALLED = {
    "parameters": "parameter", "env": "variable", "resources": "resource", "cached": "cache", "arguments": "argument",
    "inputs": "input", "outputs": "output", "types": "type", "artifacts": "artifact", "volumes": "volume",
    "settings": "setting", "command": "command", "after": "order",
}  # fmt: skip
_REFERENCES = ("secret ", "config map ", "field ")
_DEFAULT = "default "


def lines(before: Shape | None, after: Shape | None, base: Side, head: Side, at: tuple[str, str]) -> Iterator[Line]:
    """Every value of a pipeline that differs; `at` are its environment and its name."""
    for each in or_nothing(before).differences(or_nothing(after)):
        if each.what == "parameters":
            yield from _parameter(each, base, head, at)
        elif not (each.path == "" and each.what in ("inputs", "task", "arguments")):  # said of the parameters
            yield _line(each, base, head, at)


def together(found: Iterable[Line]) -> list[Line]:
    """Lines that say the same of several steps as one, with the paths of all of them."""
    steps: dict[Line, list[str]] = {}
    for line in found:
        steps.setdefault(replace(line, step=""), []).append(line.step)
    return [replace(line, step=", ".join(several)) for line, several in steps.items()]


def _parameter(each: Difference, base: Side, head: Side, at: tuple[str, str]) -> Iterator[Line]:
    """A line for each leaf of a parameter's value that differs, `configuration.epochs`."""
    before, after = _value(each.wanted), _value(each.found)
    for leaf in leaves.differences(before, after):
        path = ("pipelines", at[1], "parameters", each.name, *map(_key, leaf.path))
        origin = _origin(path, base, head, at)
        name = ".".join((each.name, *leaf.path)).replace(".[", "[")
        yield Line("parameter", "", name, _json(leaf.before), _json(leaf.after), origin)


def _value(text: str) -> Any:
    """The default that a shape says, ABSENT where there is no such parameter, and a text where it has no default."""
    if text == MISSING:
        return leaves.ABSENT
    said, _, one_of = text.partition(", one of ")
    if said.startswith(_DEFAULT) and not one_of:
        try:
            return json.loads(said.removeprefix(_DEFAULT))
        except ValueError:
            return said
    return text.removeprefix(_DEFAULT)


def _line(each: Difference, base: Side, head: Side, at: tuple[str, str]) -> Line:
    step, what, name = plain(each.path), _CALLED.get(each.what, each.what), each.name
    if what == "variable" and any(text.startswith(_REFERENCES) for text in (each.wanted, each.found)):
        what = "secret"
    if what == "setting" and name.partition(" ")[0] in ("label", "annotation"):
        what, _, name = name.partition(" ")
    if what == "setting" and name == "timeout":
        what, name = "timeout", ""
    if what == "setting" and name.startswith("pull "):
        what, name = name[: len("pull policy")], name[len("pull policy") :].strip()
    if what == "volume" and any("claim" in text.split() for text in (each.wanted, each.found)):
        what = "claim"
    texts = (None if text == MISSING else _quantity(what, name, text) for text in (each.wanted, each.found))
    return Line(what, step, name, *texts, _origin(_inventory(what, step, name, at[1]), base, head, at))


def _quantity(what: str, name: str, text: str) -> str:
    """A number of bytes as people write it."""
    in_bytes = what == "resource" and name.startswith(("memory", "ephemeral-storage")) and text.isdigit()
    return shown(name.partition(" ")[0], Decimal(text)) if in_bytes else text


def _inventory(what: str, step: str, name: str, pipeline: str) -> KeyPath:
    """Where the inventory would say a value of a step."""
    own = {
        "variable": ("env", name), "secret": ("secrets", name), "resource": ("resources", name.split(" ")[0]),
        "label": ("labels", name), "image": ("image",), "cache": ("cache",), "retry": ("retry",),
        "timeout": ("timeout",),
    }.get(what)  # fmt: skip
    if not own:
        return ()
    return ("pipelines", pipeline, "steps", step, *own) if step else ("pipelines", pipeline, *own)


def _origin(path: KeyPath, base: Side, head: Side, at: tuple[str, str]) -> str:
    """The file and line of a value: in the head, or where it is no more in the base; else the definition's file."""
    environment, pipeline = at
    if path and (found := head.place(environment, path) or base.place(environment, path)):
        return found
    was, is_ = (side.runs.get((environment, pipeline), "") for side in (base, head))
    if was == is_ or not is_:
        return ""
    return head.place(environment, ("pipelines", pipeline, "definition")) or f"definitions/{pipeline}/{is_}.json"


def _key(part: str) -> str | int:
    return int(part[1:-1]) if part.startswith("[") and part[1:-1].isdigit() else part


def _json(value: Any) -> str | None:
    if value is leaves.ABSENT:
        return None
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
