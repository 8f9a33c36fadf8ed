"""What keeps a pipeline from running on this machine, all of it found before anything starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generators.errors import GraftError
from generators.ir import arguments, graph
from generators.ir.arguments import Problem
from generators.ir.steps import steps, tasks
from generators.ir.values import check_condition
from generators.model import Finding, Place
from generators.runner.context import pods
from generators.runner.environment import field_value, object_name, secret_variables
from generators.runner.secrets import FILE

# What a pod has and a process has not, though the result depends on it: field, its words, the field of its name.
_VOLUMES = (
    ("pvcMount", "a persistent volume", "pvcName"),
    ("configMapAsVolume", "a ConfigMap as files", "configMapName"),
    ("secretAsVolume", "a Secret as files", "secretName"),
    ("genericEphemeralVolume", "an ephemeral volume", "volumeName"),
    ("emptyDirMounts", "an empty volume", "volumeName"),
)
# kfp 2.17 leaves out an input of the inner loop where one text is made of the items of both loops
_LOST_INPUT = "hand the items of two loops to a task as inputs of their own, not inside one text"
_STUBS = ("argostub/createpvc", "argostub/deletepvc")


def findings(
    spec: Mapping[str, Any],
    platform_spec: Mapping[str, Any] | None,
    parameters: Mapping[str, Any],
    secret: Callable[[str], str | None],
    source: str = "",
) -> list[Finding]:
    """Every reason why the pipeline cannot run here with `parameters`; none if it can."""
    place = Place(source or spec["pipelineInfo"]["name"])
    executors = spec.get("deploymentSpec", {}).get("executors", {})
    found = [*arguments.problems(spec["root"], parameters), *_root_artifacts(spec["root"]), *_workspace(platform_spec)]
    for name, component in {"root": spec["root"], **spec.get("components", {})}.items():
        found += _graph(name, component)
    for path, _, task, _ in tasks(spec):
        found += _condition(path, task.get("triggerPolicy", {}).get("condition", ""))
    for step in steps(spec):
        pod = pods(platform_spec).get(step.executor, {})
        found += [
            *_executor(step.path, executors.get(step.executor)),
            *_pod(step.path, pod),
            *_secrets(step.path, pod, secret),
        ]
    return [_finding(place, *item) for item in found]


def _finding(place: Place, rule: str, path: str, message: str, more: dict[str, str]) -> Finding:
    return Finding("invalid", "local", rule, place, path, message, **more)


def _root_artifacts(root: Mapping[str, Any]) -> Iterator[Problem]:
    for name, spec in root.get("inputDefinitions", {}).get("artifacts", {}).items():
        if not spec.get("isOptional"):
            fix = "import it in the pipeline with dsl.importer"
            yield "input-artifact", f"artifacts.{name}", "a run here cannot be given an artifact", {"fix": fix}


def _workspace(platform_spec: Mapping[str, Any] | None) -> Iterator[Problem]:
    kubernetes = (platform_spec or {}).get("platforms", {}).get("kubernetes", {})
    if "workspace" in kubernetes.get("pipelineConfig", {}):
        fix = "pass files as artifacts, or run it on a cluster"
        yield "volume", "pipelineConfig.workspace", "a workspace has no like on this machine", {"fix": fix}


def _graph(name: str, component: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        graph.dependencies(component.get("dag", {}).get("tasks", {}))
    except GraftError as error:
        yield "graph", name, error.message, {}
    declared = component.get("inputDefinitions", {})
    for key, task in component.get("dag", {}).get("tasks", {}).items():
        for kind, word in (("parameters", "componentInputParameter"), ("artifacts", "componentInputArtifact")):
            taken = {source.get(word) for source in task.get("inputs", {}).get(kind, {}).values()} - {None}
            for missing in sorted(taken - declared.get(kind, {}).keys()):
                message = f"the task {key} takes {missing} from around it, where it is not"
                yield "graph", name, message, {"fix": _LOST_INPUT}


def _condition(path: str, condition: str) -> Iterator[Problem]:
    try:
        if condition:
            check_condition(condition)
    except GraftError as error:
        yield "condition", path, error.message, {"fix": error.fix}


def _executor(path: str, executor: Mapping[str, Any] | None) -> Iterator[Problem]:
    if not executor or not ("container" in executor or "importer" in executor):
        kinds = ", ".join(executor or ()) or "none"
        yield "executor", path, "it has no container to run", {"found": kinds, "allowed": "container, importer"}
    elif executor.get("container", {}).get("image", "").startswith(_STUBS):
        yield "volume", path, "it creates or deletes a persistent volume claim, which needs a cluster", {}
    elif "container" in executor and not executor["container"].get("command"):
        fix = "give the component a command; what the image would start is not known here"
        yield "executor", path, "its container has no command", {"found": executor["container"]["image"], "fix": fix}


def _pod(path: str, pod: Mapping[str, Any]) -> Iterator[Problem]:
    fix = "pass files as artifacts, or run it on a cluster"
    for field, words, name in _VOLUMES:
        for mount in pod.get(field, []):
            if not mount.get("optional"):
                what = f"it mounts {words}, {object_name(mount, name)}, at {mount.get('mountPath')}"
                yield "volume", path, f"{what}: this machine has none", {"fix": fix}
    for source in pod.get("configMapAsEnv", []):
        if not source.get("optional"):
            what = f"it takes variables from the ConfigMap {object_name(source, 'configMapName')}"
            fix = "set them in the environment's file, or make the ConfigMap optional"
            yield "config-map", path, f"{what}, which only a cluster has", {"fix": fix}
    for item in pod.get("fieldPathAsEnv", []):
        if field_value(item["fieldPath"], pod, "", "") is None:
            yield (
                "field",
                path,
                f"the variable {item['name']} is a field that only a pod has",
                {"found": item["fieldPath"]},
            )


def _secrets(path: str, pod: Mapping[str, Any], secret: Callable[[str], str | None]) -> Iterator[Problem]:
    for name, key, variable, optional in secret_variables(pod):
        if not optional and secret(variable) is None:
            message = f"the variable {variable} comes from key {key} of the Secret {name} and has no value here"
            fix = f"set {variable} in the shell, or write {variable}=... into {FILE}, which Git ignores"
            yield "secret", path, message, {"fix": fix}
