"""What keeps a pipeline from running on this machine, all of it found before anything starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generators.ir import arguments, validate
from generators.ir.arguments import Problem
from generators.ir.view import Container, Pipeline, Pod
from generators.ir.view.pod import CLAIM, CONFIG_MAP, EMPTY, EPHEMERAL, SECRET
from generators.model import Finding, Place
from generators.runner import claims
from generators.runner.environment import field_value, object_name
from generators.runner.secrets import FILE

# What a pod has and a process has not, though the result depends on it.
_VOLUMES = {
    CLAIM: "a persistent volume",
    CONFIG_MAP: "a ConfigMap as files",
    SECRET: "a Secret as files",
    EPHEMERAL: "an ephemeral volume",
    EMPTY: "an empty volume",
}


def findings(
    spec: Mapping[str, Any],
    platform_spec: Mapping[str, Any] | None,
    parameters: Mapping[str, Any],
    secret: Callable[[str], str | None],
    source: str = "",
) -> list[Finding]:
    """Every reason why the pipeline cannot run here with `parameters`; none if it can."""
    problems = validate.problems(spec, platform_spec)
    sound = validate.sound_part(spec, platform_spec, problems)
    pipeline = Pipeline.of(*sound) if sound else None
    file = source or (pipeline.name if pipeline else "pipeline")
    found = [_finding(Place(file), *item) for item in _refused(pipeline, parameters, secret)] if pipeline else []
    return [*validate.findings(problems, file), *found]


def _refused(
    pipeline: Pipeline, parameters: Mapping[str, Any], secret: Callable[[str], str | None]
) -> Iterator[Problem]:
    """What a sound pipeline has that this machine has not, or was not given."""
    yield from arguments.problems(pipeline.root.tree, parameters)
    yield from _root_artifacts(pipeline)
    if pipeline.has_workspace:
        fix = "pass files as artifacts, or run it on a cluster"
        yield "volume", "pipelineConfig.workspace", "a workspace has no equivalent on this machine", {"fix": fix}
    for path, task in pipeline.walk():
        if label := pipeline.of_task(task).executor:
            pod, container = pipeline.pod(label), pipeline.container(label)
            yield from _executor(path, pipeline, label)
            yield from _pod(path, pod, [value for _, value in container.env] if container else [])
            yield from _secrets(path, pod, secret)


def _finding(place: Place, rule: str, path: str, message: str, more: dict[str, str]) -> Finding:
    return Finding("invalid", "local", rule, place, path, message, **more)


def _root_artifacts(pipeline: Pipeline) -> Iterator[Problem]:
    for declared in pipeline.root.all_inputs:
        if declared.is_artifact and not declared.is_optional:
            fix = "import it in the pipeline with dsl.importer"
            yield "input-artifact", f"artifacts.{declared.name}", "a run here cannot be given an artifact", {"fix": fix}


def _executor(path: str, pipeline: Pipeline, label: str) -> Iterator[Problem]:
    executor, container = pipeline.executor(label), pipeline.container(label)
    if container:
        yield from _container(path, container)
    elif "importer" not in executor:
        more = {"found": ", ".join(executor), "allowed": "container, importer"}
        yield "executor", path, "it has no container to run", more


def _container(path: str, container: Container) -> Iterator[Problem]:
    if container.is_claim:
        yield "volume", path, "it creates or deletes a persistent volume claim, which needs a cluster", {}
    elif not container.command:
        fix = "give the component a command; what the image would start is not known here"
        yield "executor", path, "its container has no command", {"found": container.image, "fix": fix}


def _pod(path: str, pod: Pod, values: list[str]) -> Iterator[Problem]:
    for mount in pod.mounts:
        if mount.kind in _VOLUMES and not mount.is_optional and not claims.is_found(mount, values):
            fix = "pass files as artifacts, or run it on a cluster"
            if mount.kind == CLAIM:
                fix = f"give the step a variable whose value is {mount.path}: here it gets a folder in its place"
            name = object_name(mount.source) if mount.source else mount.tree.get("volumeName", "without a name")
            what = f"it mounts {_VOLUMES[mount.kind]}, {name}, at {mount.path}"
            yield "volume", path, f"{what}: this machine has none", {"fix": fix}
    maps = dict.fromkeys(
        object_name(each.source) for each in pod.variables if each.kind == CONFIG_MAP and not each.is_optional
    )
    for name in maps:
        fix = "set them in the environment's file, or make the ConfigMap optional"
        what = f"it takes variables from the ConfigMap {name}"
        yield "config-map", path, f"{what}, which only a cluster has", {"fix": fix}
    for variable, field in pod.fields:
        if field_value(field, pod, "", "") is None:
            yield "field", path, f"the variable {variable} is a field that only a pod has", {"found": field}


def _secrets(path: str, pod: Pod, secret: Callable[[str], str | None]) -> Iterator[Problem]:
    for each in pod.variables:
        if each.kind == SECRET and not each.is_optional and secret(each.variable) is None:
            of = f"key {each.key} of the Secret {object_name(each.source)}"
            message = f"the variable {each.variable} comes from {of} and has no value here"
            fix = f"set {each.variable} in the shell, or write {each.variable}=... into {FILE}, which Git ignores"
            yield "secret", path, message, {"fix": fix}
