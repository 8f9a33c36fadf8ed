"""The template of a task that has an executor: a pod, a claim, or an importer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from generators.engines.argo.pod import patches, pods
from generators.engines.argo.pod.pods import Refuse
from generators.engines.argo.pod.volumes import OWN_VOLUMES, volumes
from generators.engines.argo.refusals import Refusals
from generators.engines.argo.task import claims, container, importer, memo, python
from generators.engines.argo.task.inputs import inputs
from generators.engines.argo.text import listed, placeholders
from generators.engines.argo.text.artifacts import INPUTS, OUTPUTS, Store
from generators.engines.argo.text.expressions import member, tag
from generators.engines.argo.text.names import OWN, plain
from generators.engines.argo.text.values import Value, own_input
from generators.inventory.paths import KeyPath
from generators.ir.view import Component, Container, Pipeline, Pod, Retry, Source, Task
from generators.ir.view.placeholders import inside, named, strings
from generators.ir.view.pod import RUN_ID
from generators.ir.view.tree import PARAMETERS

WORKSPACE = "/kfp-workspace"


@dataclass(frozen=True)
class Context:
    """What every template of one pipeline shares."""

    pipeline: Pipeline
    store: Store
    refusals: Refusals


@dataclass
class Leaf:
    """One task: its component, its path, what its DAG gives it, and how long its lists of artifacts are.

    `extra` collects the inputs that only the PlatformSpec asks for, by the name under which the DAG hands them in.
    """

    context: Context
    component: Component
    task: Task
    path: str
    present: Mapping[str, bool]
    lengths: Mapping[str, int]
    extra: dict[str, Source] = field(default_factory=dict)

    def template(self, name: str) -> dict[str, Any]:
        """The template, under `name`; what cannot be expressed goes to the refusals."""
        found: dict[str, Any] = {"name": name, "inputs": inputs(self.component)}
        with self._attempt():
            found |= self._body(found["inputs"], name)
        beside = [*listed.inputs(self.component, self.container), *({"name": name} for name in self.extra)]
        found["inputs"] = _with(found["inputs"], beside)
        return {key: part for key, part in found.items() if part}

    @property
    def container(self) -> Container | None:
        return self.context.pipeline.container(self.component.executor)

    def refuse(self, reason: str, message: str, fix: str = "", aspect: KeyPath = ()) -> None:
        self.context.refusals.add(reason, self.path, message, fix, aspect, self._settings(reason, aspect))

    def _settings(self, reason: str, aspect: KeyPath) -> KeyPath:
        """Where the PlatformSpec says what it does of the task."""
        own = ("platforms", "kubernetes", "deploymentSpec", "executors", self.component.executor)
        return own if reason == "platform" and aspect[:1] != ("env",) else ()

    def _attempt(self, *aspect: str) -> AbstractContextManager[None]:
        return self.context.refusals.at(self.path, aspect)

    def _body(self, given: dict[str, Any], name: str) -> dict[str, Any]:
        executor = self.context.pipeline.executor(self.component.executor)
        if "importer" in executor:
            return importer.template(self.component, executor["importer"])
        if "container" not in executor:
            return {}  # one of another kind is refused with all else that has no equivalent
        spec = Container(executor["container"])
        if spec.is_claim:
            return claims.template(self.component, spec.image)
        return self._pod(spec, self.context.pipeline.pod(self.component.executor), given, name)

    def _pod(self, spec: Container, pod: Pod, given: dict[str, Any], name: str) -> dict[str, Any]:
        self._refuse_own(spec, pod)
        pull_secrets = pods.pull_secrets(pod, self._resolve)
        mounted = volumes(pod, self._resolve, self.context.store.mount if spec.runs_kfp else "")
        if self.context.pipeline.has_workspace:
            mounted.mounts.append({"name": "workspace", "mountPath": WORKSPACE})
        main = pods.container(spec, self._image(spec), pod, self._resolve, self.refuse)
        patch = ""
        with self._attempt("resources"):
            patch = patches.patch(spec.resources, pod, self._texts(spec), self._given, self.refuse, pull_secrets)
        # only now is it known what else another task decides
        executor = self.context.pipeline.executor(self.component.executor)["container"]
        store = self.context.store
        digest = memo.digest(self.task, self.component, executor, pod, f"{store.base}{store.prefix}")
        made = self._program(spec, digest)
        main |= {part: made[part] for part in ("command", "args") if part in made}
        main["volumeMounts"] = mounted.mounts
        retry = self.task.retry
        found = pods.template(pod) | {
            "inputs": given | ({"artifacts": made["inputs"]} if made["inputs"] else {}),
            "outputs": {name: part for name, part in made["outputs"].items() if part},
            "container": main,
            "volumes": mounted.volumes,
            "retryStrategy": retry_strategy(retry, self.refuse) if retry else {},
            "podSpecPatch": patch,
        }
        if digest:
            key = memo.key(self.task, self.component, digest, self.extra)
            found["memoize"] = memo.memoize(key, plain(self.context.pipeline.name), name)
        return found

    def _refuse_own(self, spec: Container, pod: Pod) -> None:
        """Refuse names that this engine puts into every pod itself, and texts that Argo would take for its own tags."""
        variables = [name for name, _ in (*spec.env, *pod.fields)] + [each.variable for each in pod.variables]
        if pods.VARIABLE["name"] in variables:
            self.refuse("platform", f"graft sets the variable {pods.VARIABLE['name']} itself", "choose another name")
        for mount in pod.mounts:
            if mount.tree.get("volumeName") in OWN_VOLUMES or mount.path.rstrip("/") in (OUTPUTS, INPUTS, python.TASK):
                self.refuse("platform", f"graft mounts {mount.path} or its volume itself", "choose another")
        tagged = [text for text in strings(pod.tree) if "{{" in text and text != RUN_ID]
        tagged += [spec.image] if "{{" in spec.image and not inside(spec.image) else []
        for text in tagged:
            self.refuse("placeholder", f"Argo would read {text!r:.80} as a tag of its own", "write it without {{")

    def _program(self, spec: Container, digest: str) -> dict[str, Any]:
        store = self.context.store
        with_id = {name for name, source in self.task.sources(PARAMETERS) if placeholders.asks_for_task_id(source)}
        if spec.runs_kfp:
            extra = tuple(self.extra) if digest else ()
            return python.template(self.component, spec, store, python.Told(digest, extra, self.lengths, with_id))
        for declared in self.component.all_inputs:
            if declared.is_list:
                fix = "take the list in a Python component, which can write what the container needs into one artifact"
                message = f"a container component cannot take the list of artifacts {declared.name}"
                self.refuse("placeholder", message, fix)
        return container.template(self.component, spec, store, self.task.key, self.present, with_id)

    def _resolve(self, source: Source) -> str:
        """The text of a field that the PlatformSpec takes from an input: a constant, or a tag for what comes in."""
        return str(source.value) if source.is_constant else tag(f"fromJSON({self._given(source)})")

    def _given(self, source: Source) -> str:
        """The expression of the JSON that the DAG hands in for a source of the PlatformSpec."""
        known = next((name for name, given in self.extra.items() if given.tree == source.tree), None)
        name = known or f"{OWN}platform-{len(self.extra) + 1}"
        self.extra[name] = source
        return member("inputs.parameters", name)

    def _image(self, spec: Container) -> str:
        if not inside(spec.image):
            return spec.image
        with self._attempt("image"):
            return tag(placeholders.filled(spec.image, self._texts(spec), {}))
        return spec.image

    def _texts(self, spec: Container) -> dict[str, str]:
        """The expression of each input parameter's text; a resource may take one that only its task declares."""
        texts = {
            each.name: Value(own_input(each.name), each.kind).text
            for each in self.component.all_inputs
            if not each.is_artifact
        }
        others = self.task.inputs(PARAMETERS)
        for name in sorted(set(_asked_for(spec)) & others.keys() - texts.keys()):
            source = Source.of(others[name])
            if not source.is_constant:
                texts[name] = f"string(fromJSON({self._given(source)}))"
        return texts


def retry_strategy(retry: Retry, refuse: Refuse) -> dict[str, Any]:
    """KFP's retry policy as Argo's. KFP's longest back-off caps one wait; Argo's `maxDuration` would end the task."""
    backoff = {}
    if retry.duration:
        backoff["duration"] = retry.duration
    if retry.factor:
        if retry.factor != int(retry.factor):
            message = f"Argo multiplies a back-off by whole numbers only, not by {retry.factor}"
            refuse("retry", message, "use 1 or 2", ("retry", "factor"))
        backoff["factor"] = str(int(retry.factor))
    if retry.longest:
        backoff["cap"] = retry.longest
    strategy = {"limit": str(retry.count), "retryPolicy": "Always"}
    return strategy | ({"backoff": backoff} if "duration" in backoff else {})


def _asked_for(spec: Container) -> Iterator[str]:
    """The input parameters that the image and the resources of a container ask for."""
    resources = spec.resources
    texts = [spec.image, *resources.accelerator]
    texts += [resources.amount(kind, bound) for kind in ("cpu", "memory") for bound in ("Request", "Limit")]
    for text in texts:
        for keys in named(text):
            if keys[:2] == ["inputs", "parameters"] and len(keys) > 2:
                yield keys[2]


def _with(given: dict[str, Any], beside: list[dict[str, str]]) -> dict[str, Any]:
    return given | {"parameters": [*given.get("parameters", []), *beside]} if beside else given
