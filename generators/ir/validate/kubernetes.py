"""Whether the texts of a pipeline that Kubernetes reads have the form that it takes, whichever engine hands them on.

What is empty is not set. Sources: apimachinery's Quantity and validation, and the validation of core/v1 in Kubernetes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generators.inventory.paths import KeyPath
from generators.ir.validate.problem import Problem, shown
from generators.ir.view.pod import RUN_ID
from generators.suggestions import did_you_mean


@dataclass(frozen=True)
class Form:
    """What a text must match, what is said of one that does not, and how it may look; or the `words` that it may be."""

    pattern: str
    message: str
    example: str
    words: tuple[str, ...] = ()


def _words(*words: str) -> Form:
    return Form("|".join(map(re.escape, words)), "is not one of the words that Kubernetes takes", "", words)


_NUMBER = r"(\d+(\.\d*)?|\.\d+)"
_LABEL = r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)"
_SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_LABEL_KEY = rf"((?=[^/]{{1,253}}/){_SUBDOMAIN}/)?{_LABEL}"
_BUCKET = "[a-z0-9][-a-z0-9.{}]{{1,61}}[a-z0-9]"
QUANTITY = Form(
    rf"\+?{_NUMBER}([KMGTPE]i|[numkMGTPE]|[eE][-+]?\d{{1,2}})?",
    "is not a quantity",
    "a quantity, such as 500m, 2 or 4Gi",
)
BYTES = Form(
    rf"\+?(0+|{_NUMBER}([MGTPE]i?|[eE][-+]?\d{{1,2}})|\d{{4,}}(\.\d*)?(Ki|k)|\d{{7,}}(\.\d*)?)",
    "is not a size: without a unit a number is bytes, and no container starts in so few",
    "a size with a unit, such as 512Mi or 4Gi",
)
VARIABLE = Form(
    r"[-._A-Za-z][-._A-Za-z0-9]*", "is not the name of a variable", "letters, digits and _ - ., such as HOME"
)
NAME = Form(rf"(?=.{{1,253}}$){_SUBDOMAIN}", "is not the name of an object", "lower case letters, digits, - and .")
NAMESPACE = Form(
    r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", "is not the name of a namespace", "lower case letters, digits and -,"
)
ROOT = Form(
    rf"(?!(s3|minio|gs)://).*|((s3|minio)://{_BUCKET.format('')}|gs://{_BUCKET.format('_')})(/.*|\?.*)?",
    "is not in a bucket: the name of one has lower case letters, digits, - and ., and 3 to 63 of them",
    "a place such as s3://my-bucket/folder",
)
# NewV2SpecTemplate in backend/src/apiserver/template/v2_template.go of kubeflow/pipelines looks for it anywhere in it
_CALLED = Form(r".*[a-z0-9].*", "is not the name of a pipeline", "one with a small letter or a digit in it")
LABEL_KEY = Form(_LABEL_KEY, "is not the name of a label", "such as team or example.org/team")
LABEL = Form(f"{_LABEL}?", "is not the value of a label", "63 letters, digits and _ - . at the most")
KEY = Form(r"[-._a-zA-Z0-9]{1,253}", "is not a key of a Secret or a ConfigMap", "letters, digits and _ - .")
PATH = Form(r"[^:\0]+", "is not a path to mount at", "such as /data, without a colon")
# https://github.com/distribution/reference: registry with its port, path, tag, digest; kubelet wants lower case
IMAGE = Form(
    r"([A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
    r"(:\w[\w.-]{0,127})?(@[a-z0-9]+:[0-9a-fA-F]{32,})?",
    "is not an image",
    "such as registry/name:tag or registry/name@sha256:...",
)
TEXT = Form(r"[^\0]*", "holds a zero byte, which no process can be handed", "any other text")
_FIELD = Form(
    rf"metadata\.(name|namespace|uid)|metadata\.(labels|annotations)\['{_LABEL_KEY}'\]|spec\.(nodeName|serviceAccountName)"
    r"|status\.(hostIP|hostIPs|podIP|podIPs)",
    "is not a field that a variable can be of", "such as metadata.name or metadata.labels['team']",
)  # fmt: skip
_ACCESS = _words("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_OPERATOR = _words("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
_CONTAINER = "PipelineDeploymentConfig.PipelineContainerSpec"
_RESOURCES = f"{_CONTAINER}.ResourceSpec"
# (message, field): the form of its text, of each item where it is a list, of each value where it is a mapping
FORMS: dict[tuple[str, str], Form] = {
    **{(_RESOURCES, f"resourceCpu{end}"): QUANTITY for end in ("Request", "Limit")},
    **{(_RESOURCES, f"resourceMemory{end}"): BYTES for end in ("Request", "Limit")},
    (f"{_RESOURCES}.AcceleratorConfig", "resourceType"): LABEL_KEY,
    (f"{_RESOURCES}.AcceleratorConfig", "resourceCount"): QUANTITY,
    ("PipelineInfo", "name"): _CALLED,
    ("PipelineSpec", "defaultPipelineRoot"): ROOT,
    (_CONTAINER, "image"): IMAGE,
    (_CONTAINER, "command"): TEXT,
    (_CONTAINER, "args"): TEXT,
    (f"{_CONTAINER}.EnvVar", "name"): VARIABLE,
    (f"{_CONTAINER}.EnvVar", "value"): TEXT,
    ("WorkspaceConfig", "size"): BYTES,
    ("EmptyDirMount", "sizeLimit"): BYTES,
    ("EmptyDirMount", "medium"): Form("Memory|HugePages(-.+)?", "is not a medium", "Memory, or HugePages-2Mi"),
    ("EnabledSharedMemory", "size"): BYTES,
    ("GenericEphemeralVolume", "size"): BYTES,
    ("GenericEphemeralVolume", "accessModes"): _ACCESS,
    ("GenericEphemeralVolume", "storageClassName"): NAME,
    **{(message, "mountPath"): PATH for message in (
        "SecretAsVolume", "ConfigMapAsVolume", "PvcMount", "EmptyDirMount", "GenericEphemeralVolume")},
    **{(message, "secretName"): NAME for message in ("SecretAsVolume", "SecretAsEnv", "ImagePullSecret")},
    **{(message, "configMapName"): NAME for message in ("ConfigMapAsVolume", "ConfigMapAsEnv")},
    ("SecretAsEnv.SecretKeyToEnvMap", "secretKey"): KEY,
    ("SecretAsEnv.SecretKeyToEnvMap", "envVar"): VARIABLE,
    ("ConfigMapAsEnv.ConfigMapKeyToEnvMap", "configMapKey"): KEY,
    ("ConfigMapAsEnv.ConfigMapKeyToEnvMap", "envVar"): VARIABLE,
    ("FieldPathAsEnv", "name"): VARIABLE,
    ("FieldPathAsEnv", "fieldPath"): _FIELD,
    ("KubernetesExecutorConfig", "imagePullPolicy"): _words("Always", "IfNotPresent", "Never"),
    ("Toleration", "key"): LABEL_KEY,
    ("Toleration", "operator"): _words("Exists", "Equal", "Lt", "Gt"),
    ("Toleration", "effect"): _words("NoSchedule", "PreferNoSchedule", "NoExecute"),
    ("Toleration", "value"): LABEL,
    ("SelectorRequirement", "key"): LABEL_KEY,
    ("SelectorRequirement", "operator"): _OPERATOR,
    ("PodMetadata", "labels"): LABEL,
    ("NodeSelector", "labels"): LABEL,
    ("PodAffinityTerm", "matchPodLabels"): LABEL,
    ("PodAffinityTerm", "matchNamespaceLabels"): LABEL,
    ("PodAffinityTerm", "topologyKey"): LABEL_KEY,
}  # fmt: skip
_KEYS = {key: LABEL_KEY for key, form in FORMS.items() if form is LABEL} | {("PodMetadata", "annotations"): LABEL_KEY}


def problems(message: str, field: str, text: str, path: KeyPath) -> Iterator[Problem]:
    """What is wrong with the form of a field's text."""
    form = FORMS.get((message, field))
    if form and not _is_filled_later(message, field, form, text):
        yield from of_form(form, text, path)


def _is_filled_later(message: str, field: str, form: Form, text: str) -> bool:
    """Whether a text is put together when the pipeline runs; of a label's value that can only be the whole."""
    if message.startswith(_CONTAINER):
        return form is not TEXT and "{{$." in text
    return (message, field) == ("PodMetadata", "labels") and text == RUN_ID


def key_problems(message: str, field: str, key: str, path: KeyPath) -> Iterator[Problem]:
    """What is wrong with the form of a key of a field that is a mapping."""
    if form := _KEYS.get((message, field)):
        yield from of_form(form, key or " ", path)


def of_form(form: Form, text: str, path: KeyPath) -> Iterator[Problem]:
    """The problem of a text that does not have a form."""
    if text and not re.fullmatch(form.pattern, text, re.DOTALL | re.ASCII):
        allowed = ", ".join(form.words) or form.example
        yield Problem("form", path, form.message, shown(text), allowed, did_you_mean(text, form.words))
