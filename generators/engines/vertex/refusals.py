"""What of a pipeline Vertex AI cannot run: a short list of reasons, and where each is found.

`docs/vertex.md` holds the same list as a table; a test holds the two together. Everything else of the IR is handed on
as it is: it is the language that Vertex AI reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.engine import Document, Unsupported
from generators.engines.vertex import settings
from generators.engines.vertex.machines import excess
from generators.engines.vertex.variables import misread
from generators.ir.steps import Step, steps
from generators.ir.view import Pipeline
from generators.ir.view.tree import ARTIFACTS, PARAMETERS

REASONS = {
    "claim": "a task makes or deletes a PersistentVolumeClaim",
    "input-artifact": "the pipeline takes an artifact as an input of the run",
    "machine": "a step asks for more than a machine has, by its request alone, or decides it while the pipeline runs",
    "name": "the pipeline's name has anything but lower case letters, digits and dashes, or more than 128 of them",
    "number": "a whole number beyond 2^53, which the API's JSON does not tell from its neighbours",
    "platform": "the PlatformSpec, of a pipeline or of a component, asks for something of Kubernetes",
    "storage": "the pipeline root is not in Cloud Storage",
    "task-config": "a component asks for the configuration of its task on Kubernetes",
    "variable": "a variable has no value, or one that would be read as another",
}
_EXACT = 2**53
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,127}")


def of(spec: Document, platform: Document) -> tuple[Unsupported, ...]:
    """Everything of a sound pipeline that Vertex AI cannot run, each at its step."""
    pipeline = Pipeline.of(spec, platform)
    found = [*_of_pipeline(pipeline), *settings.of_platform(platform)]
    for step in steps(spec):
        found += _of_step(step, pipeline)
    return tuple(found)


def of_start(spec: Document, parameters: Mapping[str, Any]) -> Iterator[Unsupported]:
    """What a pipeline and the parameters of its run must be before a job is made of them, without an environment."""
    for name, value in parameters.items():
        yield from _inexact("", value, f"the parameter {name}")
    if not (root := Pipeline.of(spec).storage).startswith("gs://"):
        message = "Vertex AI keeps the artifacts of a pipeline in Cloud Storage"
        yield Unsupported(
            "storage",
            "",
            message,
            root,
            "gs://BUCKET/FOLDER",
            "give --root gs://BUCKET/FOLDER",
            field=("defaultPipelineRoot",),
        )


def _of_pipeline(pipeline: Pipeline) -> Iterator[Unsupported]:
    if not _NAME.fullmatch(pipeline.name):
        fix, where = "give the pipeline another name", ("pipelineInfo", "name")
        yield Unsupported("name", "", REASONS["name"], pipeline.name, fix=fix, field=where)
    for name, artifact in pipeline.root.inputs(ARTIFACTS).items():
        if not artifact.get("isOptional"):
            message = f"the run would have to name the artifact {name} in Vertex ML Metadata"
            fix, where = "take its URI as a parameter, and import it", ("root", "inputDefinitions", ARTIFACTS, name)
            yield Unsupported("input-artifact", "", message, name, fix=fix, field=where)
    for name, declared in pipeline.root.inputs(PARAMETERS).items():
        at, where = ("pipelines", pipeline.name, "parameters", name), ("root", "inputDefinitions", PARAMETERS, name)
        yield from _inexact("", declared.get("defaultValue"), f"the parameter {name}", at, where)


def _of_step(step: Step, pipeline: Pipeline) -> Iterator[Unsupported]:
    for name, source in step.task.get("inputs", {}).get(PARAMETERS, {}).items():
        value, where = source.get("runtimeValue", {}).get("constant"), ("inputs", PARAMETERS, name)
        yield from _inexact(step.path, value, f"the input {name}", where=where)
    for field, reason in (("taskConfigPassthroughs", "task-config"), ("singlePlatformSpecs", "platform")):
        if pipeline.components[step.component].get(field):
            fix = "remove it from the component"
            yield Unsupported(reason, step.path, REASONS[reason], field, fix=fix, field=(field,))
    yield from settings.of_pod(step.path, pipeline.pod(step.executor))
    if not (container := pipeline.container(step.executor)):
        return
    if container.is_claim:
        fix = "hand files on as artifacts: they are mounted from the bucket"
        yield Unsupported("claim", step.path, REASONS["claim"], container.image, fix=fix, field=("container", "image"))
    for each in excess(container.resources):
        yield Unsupported("machine", step.path, *each, field=("container", "resources"))
    for name, (message, found, fix) in misread(dict(container.env)):
        message = f"{message}: {name}"
        where = ("container", "env")
        yield Unsupported("variable", step.path, message, found, fix=fix, setting=("env", name), field=where)


def _inexact(
    path: str, value: Any, what: str, setting: tuple[str, ...] = (), where: tuple[str, ...] = ()
) -> Iterator[Unsupported]:
    """The numbers in a value that come out of the API as others: a Struct holds doubles."""
    for number in _numbers(value):
        if abs(number) > _EXACT:
            message = f"{what} holds a whole number that the API's JSON does not tell from its neighbours"
            fix = "take it as a string"
            yield Unsupported("number", path, message, str(number), f"at most {_EXACT}", fix, setting, field=where)


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
    elif isinstance(value, int):
        yield value
