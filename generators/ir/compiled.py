"""Find the IR in whatever a compiled pipeline comes in: IR YAML or JSON, a PipelineJob, KFP's Kubernetes manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generators.errors import GraftError, Unreadable
from generators.inventory.paths import KeyPath
from generators.ir import documents
from generators.ir.documents import Node, plain
from generators.ir.forms import EXPECTED, RUN, Part, Reading
from generators.ir.lines import finder, line_at
from generators.ir.validate import structure
from generators.ir.validate.descriptors import LIST, MAPPING, PIPELINE, PLATFORM, Field, fields
from generators.ir.validate.problem import Problem, findings, shown
from generators.ir.values import WORDS, conform, integers
from generators.model import Finding
from generators.suggestions import did_you_mean

VERSION = "2.1.0"


@dataclass(frozen=True)
class Compiled:
    """A file's PipelineSpec and PlatformSpec (empty where it has none), any JSON at all, and what else is wrong."""

    spec: Any
    platform: Any
    findings: tuple[Finding, ...] = ()


def read_compiled(text: str, name: str) -> Compiled:
    """The compiled pipeline in `text`, which is called `name` in findings; nothing that it holds is passed over.

    What a PipelineJob sets for its run becomes the defaults of the pipeline. Raises Unreadable, with findings, for what
    is no compiled pipeline of KFP 2.
    """
    return read_with_lines(text, name)[0]


def read_with_lines(text: str, name: str) -> tuple[Compiled, Callable[[KeyPath], int]]:
    """The same, with a function from a path in it to its line."""
    roots, wrong = documents.read(text, name)
    if wrong:
        raise Unreadable(wrong)
    return of_roots(roots, name), finder(roots)


def of_roots(roots: Sequence[Node], name: str) -> Compiled:
    """The compiled pipeline in documents that have been read already, as `read_compiled`."""
    reading = Reading.of(roots, name)
    specs, platforms = reading.several(PIPELINE), reading.several(PLATFORM)
    if len(specs) > 1 or not (specs or reading.findings):
        line = specs[1].line if specs else 1
        reading.refuse("document", line, "", f"holds {len(specs)} compiled pipelines, and one is wanted", EXPECTED)
    if len(platforms) > 1:
        reading.refuse("document", platforms[1].line, "", "holds a second PlatformSpec", "make one of the two")
    if reading.unreadable or not specs:
        raise Unreadable(reading.findings)
    spec, platform = _content(specs[0]), _content(platforms[0]) if platforms else {}
    _check_version(spec, specs[0], reading)
    for run in reading.several(RUN):
        problems = list(_take_values(spec, _content(run)))
        reading.findings += findings(problems, name, lambda path, run=run: line_at(run.node, path[1:]) or run.line)
    return Compiled(integers(spec), integers(platform), tuple(reading.findings))


def _content(part: Part) -> Any:
    return _without_null(plain(part.node), part.message)


def _check_version(spec: Any, part: Part, reading: Reading) -> None:
    version = spec.get("schemaVersion") if isinstance(spec, dict) else VERSION
    if version == VERSION:
        return
    found = (
        f"has the schemaVersion {version if isinstance(version, str) else shown(version)}"
        if version
        else "has no schemaVersion: it may be cut off"
    )
    line = line_at(part.node, ("schemaVersion",)) or part.line
    reading.refuse("version", line, "schemaVersion", f"{found}; {VERSION} is wanted", "compile it with kfp 2")
    raise Unreadable(reading.findings)


def _take_values(spec: Any, run: Any) -> Iterator[Problem]:
    """Put what a PipelineJob's runtimeConfig sets in place of the pipeline's defaults, and yield what cannot be."""
    wrong: list[Problem] = []
    structure.check(run, RUN, ("runtimeConfig",), wrong)
    if wrong or not isinstance(spec, dict):
        yield from wrong
        return
    if root := run.get("gcsOutputDirectory"):
        spec["defaultPipelineRoot"] = root
    declared = _mapping(_mapping(_mapping(spec, "root"), "inputDefinitions"), "parameters")
    for name, value in run.get("parameterValues", {}).items():
        at, kind = ("runtimeConfig", "parameterValues", name), _mapping(declared, name).get("parameterType")
        if name not in declared:
            fix = did_you_mean(name, declared) or "remove it, or compile the pipeline with it"
            yield Problem(
                "unknown-parameter", at, "unknown parameter", name, ", ".join(sorted(declared)) or "none", fix
            )
        elif kind in WORDS and not _fits(kind, value):
            yield Problem("type", at, f"is not {WORDS[kind]}", shown(value), WORDS[kind], f"give {WORDS[kind]}")
        else:
            _mapping(declared, name)["defaultValue"] = value


def _fits(kind: str, value: Any) -> bool:
    try:
        conform(kind, value)
    except GraftError:
        return False
    return True


def _mapping(holder: dict[str, Any], key: str) -> dict[str, Any]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _without_null(value: Any, message: str) -> Any:
    """A message without the fields that are null, which is to say not set; null in a list or as an entry stays."""
    if not message or not isinstance(value, dict):
        return value
    known = fields(message)
    return {
        key: _inner(known.get(key), item)
        for key, item in value.items()
        if item is not None or key not in known or known[key].scalar == "any"
    }


def _inner(field: Field | None, value: Any) -> Any:
    if field and field.shape == LIST and isinstance(value, list):
        return [_without_null(item, field.message) for item in value]
    if field and field.shape == MAPPING and isinstance(value, dict):
        return {key: _without_null(item, field.message) for key, item in value.items()}
    return _without_null(value, field.message if field else "")
