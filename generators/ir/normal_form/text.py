"""Reads what the IR writes as text: placeholders, constants that hold them, and conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generators.ir import cel
from generators.ir.normal_form.neutral import UNSAID, Source, Tree, canonical, put_together
from generators.ir.view import Source as Origin
from generators.ir.view.placeholders import Concat, Element, IfPresent, element, inside, named, strings

RUN = "the run"  # its name, id and times
WORKSPACE = "the workspace"
_CEL = re.compile(
    r"""inputs\.parameter_values\[(?P<quote>['"])(?P<input>.*?)(?P=quote)\]
  | (?P<string>"""
    + cel.STRING
    + r""") | \d+(?:\.\d+)?(?:[eE][+-]?\d+)? | \w+ | &&|\|\||[=!<>]=|\S""",
    re.VERBOSE | re.DOTALL,
)


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
    around: Callable[[Origin], Source]

    def text(self, value: str) -> str:
        """A text as it is, or what its placeholders speak of."""
        return put_together(self._references(value)) if inside(value) else value

    def struct(self, element: str | Concat) -> str:
        """An argument, which may be a Concat; one that is put together only when the pipeline runs is not said."""
        if isinstance(element, str):
            return self.text(element)
        return UNSAID if _is_conditional(element) else put_together(self.references(element))

    def content(self, source: Origin) -> str:
        """The constant of a source of the PlatformSpec as text, or what it refers to."""
        if source.value is None:
            return put_together(self.around(source).references)
        return source.value if isinstance(source.value, str) else canonical(source.value)

    def uri(self, source: Tree) -> str:
        """The URI that an importer names."""
        name = source.get("runtimeParameter")
        return self.text(f"{{{{$.inputs.parameters['{name}']}}}}" if name else source.get("constant", ""))

    def references(self, value: Any) -> set[str]:
        """The inputs that the placeholders in some part of the IR speak of."""
        return {name for part in strings(value) for name in self._references(part)}

    def _references(self, value: str) -> Iterator[str]:
        """What the placeholders of a text speak of: inputs, and the paths of what is read or written."""
        for keys in named(value):
            way, name = (keys[0], keys[2]) if len(keys) > 2 else ("", "")
            if keys[3:] in (["path"], ["output_file"]):
                yield f"the path of {self.called.get(name, name)}"
            elif way == "inputs" and name in self.declares:
                yield f"its {self.called[name]}"
            elif way == "inputs":
                yield from self.given.get(name, Source()).references


def constant(value: Any, given: Mapping[str, Source]) -> Source:
    """A constant, or where the inputs come from that its placeholders name."""
    placeholders = [keys for part in strings(value) for keys in named(part)]
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


def condition(text: str, given: Mapping[str, Source]) -> str:
    """A condition with every input replaced by where its value comes from, and one space between its words."""
    return " ".join(_word(match, given) for match in _CEL.finditer(text))


def arguments(templates: list[str], present: set[str], known: Known) -> list[str]:
    """A command or its args; an element that stands there only if an input is present is left out without it."""
    return [text for template in templates for text in _expanded(element(template), present, known)]


def _expanded(each: Element, present: set[str], known: Known) -> Iterator[str]:
    if isinstance(each, IfPresent):
        for item in each.then if each.name in present else each.otherwise:
            yield from _expanded(item, present, known)
    else:
        yield known.struct(each)


def _is_conditional(concat: Concat) -> bool:
    return any(
        isinstance(part, IfPresent) or (isinstance(part, Concat) and _is_conditional(part)) for part in concat.parts
    )


def _word(match: re.Match[str], given: Mapping[str, Source]) -> str:
    if match["input"] is not None:
        return f"<{given.get(match['input'], Source())}>"
    if match["string"] is not None:
        return canonical(cel.text_of(match["string"]))
    return match[0]
