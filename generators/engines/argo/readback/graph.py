"""Reads the DAGs of a WorkflowTemplate: its tasks, and of each what it waits for, takes, runs and gives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generators.engines.argo.readback import conditions, defaults, expressions, order, pod
from generators.engines.argo.readback.loops import loop
from generators.engines.argo.readback.run import EXTRA, KEYS
from generators.engines.argo.text.names import parameter, task_names
from generators.ir.normal_form import UNSAID, Names, Shape, Source, Task
from generators.ir.normal_form.neutral import Tree, allowed, canonical, declared, retried

NAMES = Names(task_names, parameter)  # how the IR's tasks and parameters are called in Argo


def shape_of(template: Tree) -> Shape:
    """The shape of a WorkflowTemplate as this engine writes it."""
    spec = template["spec"]
    shared = {**spec.get("templateDefaults", {}), "metadata": spec.get("podMetadata", {})}
    templates = {each["name"]: defaults.put_back(each, shared) for each in spec["templates"]}
    reader = _Reader(templates)
    (entry,) = templates[spec["entrypoint"]]["dag"]["tasks"]
    root = templates[entry["template"]]
    whole = Task(
        kind="dag",
        inputs=_declared(root),
        arguments=_shown(expressions.arguments(entry)),
        outputs=_shown(expressions.outputs(root)),
        types=_unsaid_types(root),
        settings=pod.of_pipeline(spec),
    )
    given = {
        entry["name"]: _input(entry.get("value")) + allowed(_meant(entry.get("enum", [])))
        for entry in spec["arguments"].get("parameters", [])
    }
    return Shape(given, {"": whole, **dict(reader.tasks(root, ""))})


@dataclass(frozen=True)
class _Reader:
    templates: Mapping[str, Tree]

    def tasks(self, template: Tree, path: str) -> Iterator[tuple[str, Task]]:
        """Every task below a DAG, by its path."""
        seen = order.seen_failures(template["dag"])
        for entry in template["dag"]["tasks"]:
            below = f"{path}/{entry['name']}".lstrip("/")
            body, task = self._task(template["dag"], entry)
            yield below, task if entry["name"] in seen else replace(task, failure="is hidden")
            if "dag" in body:
                yield from self.tasks(body, below)

    def _task(self, dag: Tree, entry: Tree) -> tuple[Tree, Task]:
        """A task, and the template that it runs, or repeats."""
        template = self.templates.get(entry["template"], {})
        given = expressions.arguments(entry)
        if repeated := loop(template, given):
            body = self.templates.get(repeated.template, {})
            task = self._run(dag, entry, body, repeated.arguments)
            return body, replace(
                task,
                loop=str(repeated.over),
                parallelism=repeated.parallelism,
                inputs=repeated.inputs(_declared(template), task.inputs),
                outputs=repeated.gathered(task.outputs),
            )
        return template, self._run(dag, entry, template, given)

    def _run(self, dag: Tree, entry: Tree, template: Tree, given: Mapping[str, Source]) -> Task:
        run = pod.of_template(template, lambda name: given.get(name, Source()))
        for name, source in given.items():
            if name.startswith(KEYS) and source.references != given.get(name.removeprefix(KEYS), Source()).references:
                run = run.without_artifact(name.removeprefix(KEYS))
        delivered = given.keys() if run.delivered is None else run.delivered
        after = order.after(entry.get("depends", ""), dag)
        return Task(
            kind=run.kind,
            after=after,
            condition=conditions.condition(entry.get("when", "")),
            inputs=run.agreed(_declared(template)),
            arguments=_shown({name: _nearest(source, after) for name, source in given.items() if name in delivered}),
            outputs=_shown(expressions.outputs(template)) if "dag" in template else run.outputs,
            types=_unsaid_types(template) | run.types,
            retry=_retry(template.get("retryStrategy")),
            **run.facts,
        )


def _nearest(source: Source, after: Mapping[str, str]) -> Source:
    """A final status without those of tasks further up, whose failure is also that of what they kept from running."""
    near = {f"{expressions.STATUS}{name}" for name in after} & source.references
    return replace(source, references=frozenset(near)) if near else source


def _shown(sources: Mapping[str, Source]) -> dict[str, str]:
    return {name: str(source) for name, source in sources.items() if not EXTRA.fullmatch(name)}


def _declared(template: Tree) -> dict[str, str]:
    entries = template.get("inputs", {}).get("parameters", [])
    return {entry["name"]: _input(entry.get("default")) for entry in entries if not EXTRA.fullmatch(entry["name"])}


def _input(default: str | None) -> str:
    """What is declared by a default; the empty text is not JSON, and stands for a value that is not there."""
    if not default:
        return declared(None, default is not None)
    return declared(canonical(json.loads(default)) if _is_json(default) else f"that is not JSON: {default}", True)


def _meant(enum: list[str]) -> list[Any]:
    """The values of an enumeration, which lists a string both as JSON and as it is."""
    values = [json.loads(text) for text in enum if _is_json(text)]
    return [value for text, value in zip(filter(_is_json, enum), values, strict=True) if text not in values]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _unsaid_types(template: Tree) -> dict[str, str]:
    """Argo knows no types; the bootstrap of a KFP component does."""
    return {
        f"{word} {entry['name']}": UNSAID
        for word in ("input", "output")
        for entry in template.get(f"{word}s", {}).get("parameters", [])
    }


def _retry(strategy: Tree | None) -> str:
    if not strategy:
        return ""
    backoff = strategy.get("backoff", {})
    found = retried(int(strategy["limit"]), *(backoff.get(word) for word in ("duration", "factor", "cap")))
    policy = strategy.get("retryPolicy", "OnFailure")
    return found if policy == "Always" else f"{found}, {policy}"
