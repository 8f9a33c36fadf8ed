"""The findings of files that a person hands over: each object against its schema, each pipeline by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generators.checks.definitions.folder import definitions, files, schemas, text_of
from generators.checks.forms import Schema
from generators.checks.given import workflows
from generators.checks.given.admission import Admission
from generators.checks.given.contents import Contents, Given
from generators.checks.objects import unknown, verdict
from generators.checks.schemas import Schemas
from generators.errors import Unreadable
from generators.fleet.cache import Cache
from generators.ir import lint, validate
from generators.ir.compiled import of_roots
from generators.ir.documents import Node
from generators.ir.lines import finder
from generators.model import Finding
from generators.output.digest import digest

Kinds = Mapping[tuple[str, str], Schema]
# What a PipelineJob says for Vertex AI alone, https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs
_OF_A_JOB = ("encryptionSpec", "network", "pskInterfaceConfig", "reservedIpRanges", "serviceAccount")
_DEFINITION = "CustomResourceDefinition"
_ADD = "name a folder with its definition: --definitions FOLDER"


def findings(
    given: Iterable[Contents],
    known: Schemas,
    rendered: Sequence[str] = (),
    admission: Callable[[str], Admission] = lambda file: Admission(),
    beside: Iterable[Contents] = (),
) -> Iterator[Finding]:
    """The findings of files; those that are `rendered` here are held to what this repository renders too.

    `admission` gives the policies that an object in a file is asked of; one that its schema or its controller refuses
    is not. What stands `beside` them is there too, and not looked at.
    """
    given = list(given)
    templates = workflows.templates(obj.content for each in (*given, *beside) for obj in each.objects)
    for each in given:
        yield from each.findings
        for obj in each.objects:
            wrong = list(of_object(obj, known, each.file in rendered))
            wrong = wrong or list(workflows.findings(obj, templates))
            yield from wrong or admission(each.file).findings(obj)
            yield from workflows.unseen(obj, templates)
            if obj.content["kind"] == "PipelineVersion" and "spec" in obj.node.value:
                yield from _of_pipeline([obj.node], each.file)
        if each.pipeline:
            yield from _of_pipeline(each.pipeline, each.file)


def of_object(obj: Given, known: Schemas, rendered: bool) -> Iterator[Finding]:
    """The findings of one object by its schema; of a kind without one, that it was not checked."""
    api_version, kind = obj.kind
    check = known.check(kind, api_version, rendered)
    if check is None:
        yield unknown(kind, api_version, obj.place(("kind",)), _ADD)
        return
    for problem in check(obj.content):
        yield problem.at(obj.place(problem.path), verdict(problem))


def without_name(obj: Given) -> Iterator[Finding]:
    """What is wrong with an object of whatever kind that has no name: nothing can refer to it."""
    metadata = obj.content.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        message, fix = "this object has no name", "write metadata: {name: ...}"
        yield Finding("invalid", "schema", "missing-key", obj.place(("metadata",)), "metadata", message, fix=fix)


def _of_pipeline(roots: Sequence[Node], file: str) -> Iterator[Finding]:
    """The findings of a compiled pipeline: of its form and its graph, and where these are sound of what it means."""
    try:
        compiled = of_roots(roots, file)
    except Unreadable as unreadable:
        yield from unreadable.findings
        return
    line_of = finder(list(roots))
    read = [each for each in compiled.findings if each.rule != "unknown-field" or each.path not in _OF_A_JOB]
    found = [*read, *validate.findings(validate.problems(compiled.spec, compiled.platform), file, line_of)]
    if not any(finding.failing for finding in found):
        found += validate.findings(lint.problems(compiled.spec, compiled.platform), file, line_of)
    yield from found


def given_definitions(given: Iterable[Contents]) -> Kinds:
    """The schemas of the CustomResourceDefinitions among objects that are handed over."""
    objects = (obj.content for each in given for obj in each.objects if obj.content["kind"] == _DEFINITION)
    return {
        (api_version, kind): schema for obj in objects if _is_sound(obj) for api_version, kind, schema in schemas(obj)
    }


def _is_sound(obj: Mapping[str, Any]) -> bool:
    """Whether a definition can be read; where not, its own schema says why."""
    try:
        spec = obj["spec"]
        return bool(spec["group"] and spec["names"]["kind"]) and all(
            isinstance(each["schema"]["openAPIV3Schema"], dict) for each in spec["versions"]
        )
    except (LookupError, TypeError):
        return False


def folder_definitions(folder: Path, cache: Cache) -> Kinds:
    """The schemas of the definitions in a folder; each file of it is read once and kept."""
    found: dict[tuple[str, str], Schema] = {}
    for file in files(folder):
        text = text_of(file)
        key = cache.key("definitions", digest(text))
        kept = cache.get("definitions", key)
        if kept is None:
            kept = [list(each) for one in definitions(file, text) for each in schemas(one)]
            cache.put("definitions", key, kept)
        found |= {(api_version, kind): schema for api_version, kind, schema in kept}
    return found
