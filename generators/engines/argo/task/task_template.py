"""The template of a task that has an executor: a pod, a claim, or an importer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generators.engines.argo.graph.dag import inputs
from generators.engines.argo.graph.dataflow import ARTIFACTS, PARAMETERS, Value
from generators.engines.argo.pod import patches, pods
from generators.engines.argo.pod.volumes import volumes
from generators.engines.argo.refusals import NoForm, Refusals
from generators.engines.argo.task import claims, container, importer, memo, python
from generators.engines.argo.text import placeholders
from generators.engines.argo.text.artifacts import Store
from generators.engines.argo.text.expressions import member, tag
from generators.engines.argo.text.names import parameter
from generators.engines.argo.text.placeholders import runs_kfp
from generators.errors import GraftError
from generators.ir.values import kind_of

WORKSPACE = "/kfp-workspace"


@dataclass(frozen=True)
class Context:
    """What every template of one pipeline shares; `pods` are the PlatformSpec's settings by executor."""

    pipeline: str
    store: Store
    executors: Mapping[str, Any]
    pods: Mapping[str, Mapping[str, Any]]
    refusals: Refusals
    workspace: bool = False


@dataclass
class Leaf:
    """One task: its component, its key, its path, what its DAG gives it, and how long its lists of artifacts are.

    `extra` collects the inputs that only the PlatformSpec asks for, by the name under which the DAG hands them in.
    """

    context: Context
    component: Mapping[str, Any]
    task: Mapping[str, Any]
    key: str
    path: str
    present: Mapping[str, bool]
    listed: Mapping[str, int]
    extra: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def template(self, name: str) -> dict[str, Any]:
        """The template, under `name`; what cannot be expressed goes to the refusals."""
        executor = self.context.executors.get(self.component.get("executorLabel"), {})
        found: dict[str, Any] = {"name": name, "inputs": inputs(self.component)}
        try:
            found |= self._body(executor, found["inputs"], name)
        except GraftError as error:
            self.context.refusals.take(self.path, error, "placeholder")
        found["inputs"] = _with_extra(found["inputs"], self.extra)
        return {key: part for key, part in found.items() if part}

    def refuse(self, reason: str, message: str, fix: str = "") -> None:
        self.context.refusals.add(reason, self.path, message, fix)

    def _body(self, executor: Mapping[str, Any], given: dict[str, Any], name: str) -> dict[str, Any]:
        if "importer" in executor:
            return importer.template(self.component, executor["importer"])
        if "container" not in executor:
            if not any(executor.values()):
                self.refuse("executor", "its executor is missing")
            return {}  # one of another kind is refused with all else that has no form
        spec = executor["container"]
        if spec.get("image") in (claims.CREATE, claims.DELETE):
            return claims.template(self.component, spec["image"])
        if not spec.get("image"):
            self.refuse("image", "its container has no image")
        return self._pod(spec, given, name)

    def _pod(self, spec: Mapping[str, Any], given: dict[str, Any], name: str) -> dict[str, Any]:
        settings = self.context.pods.get(self.component["executorLabel"], {})
        pull_secrets = pods.pull_secrets(settings, self._resolve)
        mounted = volumes(settings, self._resolve, self.context.store.mount if runs_kfp(spec) else "")
        if self.context.workspace:
            mounted.mounts.append({"name": "workspace", "mountPath": WORKSPACE})
        main = pods.container({**spec, "image": self._image(spec)}, settings, self._resolve)
        patch = patches.patch(spec, settings, self._texts(), self._given, pull_secrets)
        # only now is it known what else another task decides
        key = memo.key(self.task, self.component, spec, settings, self.extra)
        made = self._program(spec, key)
        main |= {part: made[part] for part in ("command", "args") if part in made}
        main["volumeMounts"] = mounted.mounts
        found = pods.template(settings) | {
            "inputs": given | ({"artifacts": made["inputs"]} if made["inputs"] else {}),
            "outputs": {name: part for name, part in made["outputs"].items() if part},
            "container": main,
            "volumes": mounted.volumes,
            "retryStrategy": self._retry(),
            "podSpecPatch": patch,
        }
        return found | ({"memoize": memo.memoize(key, self.context.pipeline, name)} if key else {})

    def _program(self, spec: Mapping[str, Any], key: str) -> dict[str, Any]:
        store = self.context.store
        given = self.task.get("inputs", {}).get(PARAMETERS, {})
        with_id = {name for name, source in given.items() if placeholders.asks_for_task_id(source)}
        if runs_kfp(spec):
            return python.template(self.component, spec, store, key, self.listed, with_id)
        for name, declared in self.component.get("inputDefinitions", {}).get(ARTIFACTS, {}).items():
            if declared.get("isArtifactList"):
                self.refuse("placeholder", f"a container component cannot take the list of artifacts {name}")
        return container.template(self.component, spec, store, self.key, self.present, with_id)

    def _retry(self) -> dict[str, Any]:
        policy = self.task.get("retryPolicy", {})
        return retry_strategy(policy, self.refuse) if policy.get("maxRetryCount") else {}

    def _resolve(self, source: Mapping[str, Any], field: str) -> str:
        """The text of a field that the PlatformSpec takes from an input: a constant, or a tag for what comes in."""
        constant = source.get("runtimeValue", {}).get("constant")
        if "runtimeValue" in source and constant is None:
            raise NoForm("malformed", f"the PlatformSpec gives {field} no value")
        return str(constant) if constant is not None else tag(f"fromJSON({self._given(source)})")

    def _given(self, source: Mapping[str, Any]) -> str:
        """The expression of the JSON that the DAG hands in for a source of the PlatformSpec."""
        known = {str(given): name for name, given in self.extra.items()}
        name = known.get(str(source), f"platform-{len(self.extra) + 1}")
        self.extra[name] = source
        return member("inputs.parameters", name)

    def _image(self, spec: Mapping[str, Any]) -> str:
        image = spec.get("image", "")
        return tag(placeholders.filled(image, self._texts(), {})) if placeholders.inside(image) else image

    def _texts(self) -> dict[str, str]:
        """The expression of each input parameter's text; a resource may take one that only its task declares."""
        declared = self.component.get("inputDefinitions", {}).get(PARAMETERS, {})
        texts = {
            name: Value(member("inputs.parameters", parameter(name)), kind_of(spec)).text
            for name, spec in declared.items()
        }
        spec = self.context.executors[self.component["executorLabel"]]["container"]
        named = placeholders.named(json.dumps([spec.get("image"), spec.get("resources")]))
        others = self.task.get("inputs", {}).get(PARAMETERS, {})
        for name in sorted({keys[2] for keys in named if keys[:2] == ["inputs", "parameters"]} & others.keys()):
            if name not in declared and "runtimeValue" not in others[name]:
                texts[name] = f"string(fromJSON({self._given(others[name])}))"
        return texts


def retry_strategy(policy: Mapping[str, Any], refuse: Any) -> dict[str, Any]:
    """KFP's retry policy as Argo's. KFP's longest back-off caps one wait; Argo's `maxDuration` would end the task."""
    backoff = {}
    if duration := policy.get("backoffDuration"):
        backoff["duration"] = duration
    if factor := policy.get("backoffFactor"):
        if factor != int(factor):
            refuse("retry", f"Argo multiplies a back-off by whole numbers only, not by {factor}", "use 1 or 2")
        backoff["factor"] = str(int(factor))
    if longest := policy.get("backoffMaxDuration"):
        backoff["cap"] = longest
    strategy = {"limit": str(policy["maxRetryCount"]), "retryPolicy": "Always"}
    return strategy | ({"backoff": backoff} if "duration" in backoff else {})


def _with_extra(given: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    if not extra:
        return given
    return given | {"parameters": [*given.get("parameters", []), *({"name": name} for name in extra)]}
