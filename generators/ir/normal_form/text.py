"""Reads what the IR writes as text: placeholders, constants that hold them, and conditions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir.normal_form.neutral import MISSING, UNSAID, Source, Tree, canonical, put_together

RUN = "the run"  # its name, id and times
WORKSPACE = "the workspace"
_PLACEHOLDER = re.compile(r"""\{\{\$((?:\.\w+|\[(?:'[^']*'|"[^"]*"|\d+)\])*)\}\}""")
_KEY = re.compile(r"""\.(\w+)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]""")
_CEL = re.compile(
    r"""inputs\.parameter_values\[(?P<quote>['"])(?P<input>.*?)(?P=quote)\]
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | \d+(?:\.\d+)?(?:[eE][+-]?\d+)? | \w+ | &&|\|\||[=!<>]=|\S""",
    re.VERBOSE,
)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class Known:
    """What the texts of one task may speak of.

    `called` maps the inputs and outputs of its component to their names in the shape, `declares` are the inputs among
    them; `given` is where the task takes its inputs from, those too that only the task has; `around` reads a source of
    the PlatformSpec.
    """

    called: Mapping[str, str]
    declares: Collection[str]
    given: Mapping[str, Source]
    around: Callable[[Tree], Source]

    def text(self, value: str) -> str:
        """A text as it is, or what its placeholders speak of."""
        return put_together(self._references(value)) if _PLACEHOLDER.search(value) else value

    def struct(self, element: Any) -> str:
        """An argument, which may be a Concat; one that is put together only when the pipeline runs is not said."""
        if isinstance(element, str):
            return self.text(element)
        if "IfPresent" in canonical(element):
            return UNSAID
        return put_together(self.references(element))

    def named(self, entry: Tree, field: str) -> str:
        """The name of the object that `entry` refers to: KFP reads `...Parameter`, and keeps `field` as its twin."""
        source = entry.get(f"{field}Parameter")
        return self.content(source) if source else entry.get(field, MISSING)

    def content(self, source: Tree) -> str:
        """The constant of a source of the PlatformSpec as text, or what it refers to."""
        constant = source.get("runtimeValue", {}).get("constant")
        if constant is None:
            return put_together(self.around(source).references)
        return constant if isinstance(constant, str) else canonical(constant)

    def uri(self, source: Tree) -> str:
        """The URI that an importer names."""
        name = source.get("runtimeParameter")
        return self.text(f"{{{{$.inputs.parameters['{name}']}}}}" if name else source.get("constant", ""))

    def references(self, value: Any) -> set[str]:
        """The inputs that the placeholders in some part of the IR speak of."""
        return {name for part in _strings(value) for name in self._references(part)}

    def _references(self, value: str) -> Iterator[str]:
        """What the placeholders of a text speak of: inputs, and the paths of what is read or written."""
        for keys in _placeholders(value):
            way, name = (keys[0], keys[2]) if len(keys) > 2 else ("", "")
            if keys[3:] in (["path"], ["output_file"]):
                yield f"the path of {self.called.get(name, name)}"
            elif way == "inputs" and name in self.declares:
                yield f"its {self.called[name]}"
            elif way == "inputs":
                yield from self.given.get(name, Source()).references


def constant(value: Any, given: Mapping[str, Source]) -> Source:
    """A constant, or where the inputs come from that its placeholders name."""
    placeholders = [keys for part in _strings(value) for keys in _placeholders(part)]
    if not placeholders:
        return Source(constant=canonical(value))
    references: set[str] = set()
    inner: list[str] = []
    for keys in placeholders:
        if keys[:2] == ["inputs", "parameters"]:
            source = given.get(keys[2], Source())
            references |= source.references
            inner += [*source.keys, *keys[3:]]
        elif keys != ["pipeline_task_name"]:  # a form may put that in when compiling
            references.add(WORKSPACE if keys == ["workspace_path"] else RUN)
    return Source(frozenset(references), tuple(dict.fromkeys(inner)), "" if references else UNSAID)


def condition(cel: str, given: Mapping[str, Source]) -> str:
    """A condition with every input replaced by where its value comes from, and one space between its words."""
    return " ".join(_word(match, given) for match in _CEL.finditer(cel))


def arguments(templates: list[str], present: set[str], known: Known) -> list[str]:
    """A command or its args; an element that stands there only if an input is present is left out without it."""
    return [text for template in templates for text in _expanded(_parsed(template), present, known)]


def _expanded(element: Any, present: set[str], known: Known) -> Iterator[str]:
    if isinstance(element, list):
        for item in element:
            yield from _expanded(item, present, known)
    elif isinstance(element, dict) and "IfPresent" in element:
        choice = element["IfPresent"]
        yield from _expanded(choice.get("Then" if choice["InputName"] in present else "Else") or [], present, known)
    else:
        yield known.struct(element)


def _parsed(template: str) -> Any:
    return json.loads(template) if template.startswith(('{"Concat": ', '{"IfPresent": ')) else template


def _word(match: re.Match[str], given: Mapping[str, Source]) -> str:
    if match["input"] is not None:
        return f"<{given.get(match['input'], Source())}>"
    if match["string"] is not None:
        return canonical(re.sub(r"\\(.)", lambda found: _CONTROL.get(found[1], found[1]), match["string"][1:-1]))
    return match[0]


def _placeholders(text: str) -> Iterator[list[str]]:
    for match in _PLACEHOLDER.finditer(text):
        yield [next(part for part in groups if part) for groups in _KEY.findall(match[1]) if any(groups)]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
