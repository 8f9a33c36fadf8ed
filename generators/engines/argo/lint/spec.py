"""A Workflow, a CronWorkflow, a WorkflowTemplate or a ClusterWorkflowTemplate as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generators.engines.argo.lint.calls import Templates, called
from generators.engines.argo.lint.names import is_variable, named, unknown
from generators.engines.argo.lint.pods import resources
from generators.engines.argo.lint.templates import template
from generators.engines.argo.lint.values import arguments
from generators.engines.argo.lint.variables import Scope
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = Mapping[str, Any]
Find = Callable[
    [str, str], Object | None
]  # a spec, by the kind and the name of what has it; None where it is not known

KINDS: dict[str, KeyPath] = {  # where each has its templates
    "Workflow": ("spec",),
    "CronWorkflow": ("spec", "workflowSpec"),
    "WorkflowTemplate": ("spec",),
    "ClusterWorkflowTemplate": ("spec",),
}
_RUN = ("Workflow", "CronWorkflow")


def problems(obj: Object, find: Find = lambda kind, name: None) -> Iterator[Problem]:
    """The problems of an object of one of the KINDS."""
    path, runs = KINDS[obj["kind"]], obj["kind"] in _RUN
    spec: Any = obj
    for key in path:
        spec = spec.get(key) or {}
    given = spec.get("arguments") or {}
    yield from arguments(
        given, (*path, "arguments"), needed=obj["kind"] == "Workflow" and not spec.get("workflowTemplateRef")
    )
    yield from _enums(given, (*path, "arguments"))
    if spec.get("workflowTemplateRef"):
        yield from _of_another(spec, path, find)
        return
    yield from named(spec.get("templates") or (), (*path, "templates"))
    templates = Templates.of(spec, find)
    if runs and not spec.get("entrypoint"):
        message = "the key 'entrypoint' is missing, so nothing would run"
        yield Problem(path, "missing-key", message, fix="add entrypoint: and the name of a template")
    for key in ("entrypoint", "onExit"):
        if (name := spec.get(key)) and name not in templates.own and not is_variable(name):
            yield unknown("template", name, templates.own, (*path, key), "template", "add it under templates")
    yield from _start(spec, path, templates, runs)
    yield from resources(spec.get("podResources"), (*path, "podResources"))
    scope = Scope.of(spec, templates, runs)
    for at, each in enumerate(spec.get("templates") or ()):
        yield from template(each, (*path, "templates", at), templates, scope)


def _start(spec: Object, path: KeyPath, templates: Templates, runs: bool) -> Iterator[Problem]:
    """What begins and what ends it."""
    first = templates.own.get(spec.get("entrypoint") or "")
    if runs and first is not None:
        yield from called(first, spec.get("arguments") or {}, (*path, "arguments"))
    for name, hook in (spec.get("hooks") or {}).items():
        if hook and not hook.get("templateRef"):
            wanted = hook.get("template") or ""
            if wanted not in templates.own and not is_variable(wanted):
                yield unknown("template", wanted, templates.own, (*path, "hooks", name, "template"), "template")


def _enums(arguments: Object, path: KeyPath) -> Iterator[Problem]:
    for at, each in enumerate(arguments.get("parameters") or ()):
        value, enum = each.get("value"), each.get("enum")
        if value is not None and enum and str(value) not in map(str, enum) and not is_variable(value):
            where = (*path, "parameters", at, "value")
            yield Problem(
                where, "enum", "not one of the values that are allowed", str(value), ", ".join(map(str, enum))
            )


def _of_another(spec: Object, path: KeyPath, find: Find) -> Iterator[Problem]:
    """A run of what another object defines."""
    reference = spec["workflowTemplateRef"]
    if spec.get("templates"):
        message = "a run of a WorkflowTemplate has no templates of its own"
        yield Problem((*path, "templates"), "several", message, fix="remove them, or workflowTemplateRef")
    kind = "ClusterWorkflowTemplate" if reference.get("clusterScope") else "WorkflowTemplate"
    other = find(kind, reference.get("name") or "")
    known = {each.get("name") for each in (other or {}).get("templates") or ()}
    for key in ("entrypoint", "onExit"):
        if other is not None and (name := spec.get(key)) and name not in known and not is_variable(name):
            yield unknown(f"template in {kind} {reference['name']}", name, known, (*path, key), "template")
    if other is not None and not (spec.get("entrypoint") or other.get("entrypoint")):
        message = f"neither this nor {kind} {reference['name']} has an entrypoint, so nothing would run"
        yield Problem(path, "missing-key", message, fix="add entrypoint: and the name of a template")
