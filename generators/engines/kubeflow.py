"""Kubeflow Pipelines: a Pipeline and a PipelineVersion, as its Kubernetes native API has them (v2beta1).

A version's spec is immutable and outlives its file, so its name ends in the hash of its content, and whatever starts a
run names the version: following "latest" would survive a revert. A run is started by the API, not by an object.

KFP's driver (backend/src/v2/driver/driver.go) copies variables and commands into a pod as they are, and there kubelet
replaces `$(NAME)` and reads `$$` as `$`. So that a text means the same on every engine, its dollars are written twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generators.engines import kfp_backend
from generators.engines.engine import (
    ALWAYS_IN_KEY,
    DEFAULT_REQUEST,
    KSERVE,
    POD_SECURITY,
    CacheRule,
    Converted,
    Document,
    Engine,
    Object,
    Pods,
    Reach,
    Rendered,
    Start,
    Target,
    above_level,
    kept,
)
from generators.engines.names import LABEL, plain, short
from generators.inventory.problem import Problem
from generators.ir.definitions import CONTENT_LABEL, DEFINITION_LABEL, hash_of
from generators.ir.pod_security import at_level
from generators.ir.view import Pipeline
from generators.ir.view.placeholders import PATTERN
from generators.model import Cluster, Environment

if TYPE_CHECKING:
    from generators.ir.normal_form import Shape

_LONGEST = 100  # KFP's webhook takes 128 characters, of which a version's hash needs eleven
API_VERSION = "pipelines.kubeflow.org/v2beta1"
_STORE = re.compile(r"(s3|minio|gs)://[^/]")
_EXPANDED = re.compile(r"\$\$|\$\([-._a-zA-Z][-._a-zA-Z0-9]*\)")  # what kubelet may read as something else
WAVE = "argocd.argoproj.io/sync-wave"
SINGLE_USER, ITS_NAMESPACE = "single-user", "kubeflow"
GROUP = "pipelines.kubeflow.org"
_API = "http://ml-pipeline.kubeflow.svc.cluster.local:8888"  # where an installation has it
_AUDIENCE = "pipelines.kubeflow.org"  # of the tokens that its API takes in multi-user mode
_RELEASE = "2.17"  # that a cluster is taken to run where it does not say
_ACCOUNTS = {SINGLE_USER: "pipeline-runner", "multi-user": "default-editor"}  # those that an installation makes


# A driver before the run's own DAG, each group, each loop and each iteration of it, and each step, of which the cache
# leaves the driver alone; a driver makes a claim, and an importer drives itself (backend/src/v2/compiler/argocompiler).
_PODS = Pods(run=1, group=1, step=2, claim=1, importer=1, cached=1)


def _render(target: Target, spec: Document, platform: Document) -> Rendered:
    """The Pipeline in the sync wave before its version, which may not exist without it."""
    if refused := above_level(spec, platform, target.cluster.facts.get("pod_security", "")):
        return Rendered({}, tuple(refused))
    carried = {"namespace": target.environment.namespace, "labels": {DEFINITION_LABEL: target.definition.hash}}
    pipeline, version = objects(target.definition.pipeline, spec, platform, carried)
    files = {"pipeline.yaml": [pipeline], "pipelineversion.yaml": [kept(version)]}
    return Rendered(files, tuple(kfp_backend.warnings(spec)))


def _convert(spec: Document, platform: Document, start: Start) -> Converted:
    if refused := above_level(spec, platform, start.pod_security):
        return Converted([], tuple(refused))
    platform = at_level(spec, platform, start.pod_security)
    metadata = {"namespace": start.namespace} if start.namespace else {}
    made = objects(start.name or short(plain(Pipeline.of(spec).name), _LONGEST), spec, platform, metadata)
    return Converted(made, tuple(kfp_backend.warnings(spec)))


def objects(name: str, spec: Document, platform: Document, metadata: Mapping[str, Any] | None = None) -> list[Object]:
    """The Pipeline `name` and its PipelineVersion; `metadata` holds the namespace and the labels of both."""
    content = {"pipelineName": name, "pipelineSpec": _with_texts(spec, _shielded)}
    if description := spec.get("pipelineInfo", {}).get("description"):
        content["description"] = description
    if platform:
        content["platformSpec"] = platform
    version = f"{name}-{hash_of(content)}"
    return [
        _object("Pipeline", name, "0", {"displayName": name}, {"displayName": name}, metadata or {}),
        _object("PipelineVersion", version, "1", {"displayName": version} | content, content, metadata or {}),
    ]


def _object(
    kind: str, name: str, wave: str, spec: dict[str, Any], hashed: dict[str, Any], metadata: Mapping[str, Any]
) -> Object:
    labels = {**metadata.get("labels", {}), CONTENT_LABEL: hash_of(hashed)}
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name, **metadata, "labels": labels, "annotations": {WAVE: wave}},
        "spec": spec,
    }


def compiled(version: Object) -> tuple[Document, Document]:
    """The PipelineSpec and the PlatformSpec that a PipelineVersion was made of."""
    return _with_texts(version["spec"]["pipelineSpec"], _unshielded), version["spec"].get("platformSpec", {})


def _with_texts(spec: Document, changed: Callable[[str], str]) -> Document:
    """A PipelineSpec in which the texts that kubelet reads are others: variables, and the parts of commands."""
    deployment = spec.get("deploymentSpec", {})
    executors = {
        label: {**executor, "container": _container(executor["container"], changed)}
        for label, executor in deployment.get("executors", {}).items()
        if "container" in executor
    }
    if not executors:
        return spec
    return {**spec, "deploymentSpec": {**deployment, "executors": {**deployment["executors"], **executors}}}


def _container(container: Document, changed: Callable[[str], str]) -> Document:
    found = {part: list(map(changed, container[part])) for part in ("command", "args") if part in container}
    if "env" in container:
        found["env"] = [{**item, "value": changed(item.get("value", ""))} for item in container["env"]]
    return {**container, **found}


def _shielded(text: str) -> str:
    """A text that kubelet reads as this one; placeholders, which KFP fills in later, stay as they are."""
    return _outside_placeholders(text, lambda part: part.replace("$", "$$")) if _EXPANDED.search(text) else text


def _unshielded(text: str) -> str:
    plain = _outside_placeholders(text, lambda part: part.replace("$$", "$"))
    return plain if _shielded(plain) == text else text


def _outside_placeholders(text: str, changed: Callable[[str], str]) -> str:
    found, end = [], 0
    for match in PATTERN.finditer(text):
        found += [changed(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*found, changed(text[end:])])


def _read_back(obj: Object) -> Shape | None:
    from generators.ir.normal_form import shape_of

    if obj.get("kind") != "PipelineVersion":
        return None
    return shape_of(*compiled(obj))


def _problems(cluster: Cluster, environment: Environment) -> Iterator[Problem]:
    if cluster.facts.get("mode") == SINGLE_USER and environment.namespace != ITS_NAMESPACE:
        message = "in single-user mode Kubeflow runs pipelines in its own namespace only"
        yield Problem(("namespace",), "mode", message, environment.namespace, ITS_NAMESPACE)
    if not _STORE.match(uri := environment.storage.uri):
        message = "Kubeflow Pipelines keeps artifacts in an object store, and this is a folder"
        yield Problem(("storage", "uri"), "storage", message, uri, "s3://, minio:// or gs:// and a bucket")


def _reach(cluster: Cluster, environment: Environment) -> Reach:
    mode = cluster.facts.get("mode", SINGLE_USER)
    account = cluster.facts.get("account", _ACCOUNTS[mode])
    arguments = (
        f"--api={cluster.facts.get('api', _API)}",
        f"--mode={mode}",
        f"--experiment={environment.name}",
        f"--account={account}",
    )
    return Reach(arguments, "" if mode == SINGLE_USER else _AUDIENCE)


def _cache(cluster: Cluster) -> CacheRule:
    """What is in the key of its driver (backend/src/v2/cacheutils/cache.go): never a Secret, nor resources.

    After 2.17 constant variables are too, and a key that the author chose is obeyed. Who does not say the release has
    the one that fewer changes are seen by.
    """
    release = tuple(map(int, str(cluster.facts.get("release", _RELEASE)).split(".")[:2]))
    newer = release > tuple(map(int, _RELEASE.split(".")))
    said = f"the cache of Kubeflow Pipelines {'.'.join(map(str, release))}"
    return CacheRule(ALWAYS_IN_KEY | ({"variable"} if newer else set()), newer, said)


# What its API asks of whoever calls it in multi-user mode, as permissions on kinds that no API server holds
# (backend/src/apiserver/server, `SubjectAccessReview`), and what is cleaned up.
_OPERATIONS = [
    {"apiGroups": [GROUP], "resources": ["runs"], "verbs": ["create", "get", "list"]},
    {"apiGroups": [GROUP], "resources": ["experiments"], "verbs": ["create", "list"]},
    {"apiGroups": [GROUP], "resources": ["pipelines"], "verbs": ["get", "list"]},
    {"apiGroups": [GROUP], "resources": ["jobs"], "verbs": ["list"]},
    {"apiGroups": [GROUP], "resources": ["pipelineversions"], "verbs": ["get", "list", "delete"]},
]


ENGINE = Engine(
    name="kubeflow",
    needs=("server", "mode"),
    takes=frozenset(
        {"server", "mode", "capacity", "accelerators", "api", "account", "release", *POD_SECURITY, *KSERVE}
    ),
    facts=POD_SECURITY
    | KSERVE
    | {
        "mode": {
            "description": "how Kubeflow is installed: single-user or multi-user",
            "enum": [SINGLE_USER, "multi-user"],
        },
        "api": {
            "description": "where pods reach the API of Kubeflow Pipelines, where that is not the usual place",
            "type": "string",
            "pattern": "^https?://[^/@?]+(/[^@?]*)?$",
            "examples": [_API],
        },
        "account": {
            "description": "the service account that runs run as, where it is not the installation's own",
            "type": "string",
            "pattern": LABEL.pattern,
            "examples": ["default-editor"],
        },
        "release": {
            "description": "the release of Kubeflow Pipelines, by which its cache is known",
            "type": "string",
            "pattern": r"^[0-9]+\.[0-9]+(\.[0-9]+)?$",
            "examples": [_RELEASE],
        },
    },
    render=_render,
    convert=_convert,
    secures=True,
    read_back=_read_back,
    problems=_problems,
    only_pipelines=lambda cluster: cluster.facts.get("mode") != SINGLE_USER,  # there it is KFP's own
    beside=DEFAULT_REQUEST,  # Argo's `wait`, of which KFP's configuration of Argo says nothing
    version="PipelineVersion",
    kinds=((GROUP, "Pipeline"), (GROUP, "PipelineVersion")),
    reach=_reach,
    cache=_cache,
    pods=_PODS,
    operations=_OPERATIONS,
    own_labels=(GROUP, "pipeline"),
    own_variables=("ARGO_*", "KFP_POD_*", "KFP_RETRY_INDEX"),
)
