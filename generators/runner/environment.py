"""The environment variables of a step: what the machine needs, then what the pipeline says, nothing else."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from generators.ir.view import Pod, Source
from generators.ir.view.pod import RUN_ID, SECRET
from generators.ir.view.source import INPUT

# A step sees what the pipeline gives it, and of the shell only what says where things are on this machine.
INHERITED = re.compile(
    r"HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|LD_LIBRARY_PATH|DYLD_\w+|SSL_CERT_\w+|"
    r"REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(?i:\w+_proxy)|CUDA_\w+|NVIDIA_\w+|XDG_\w+|PIP_\w+"
)
_METADATA = re.compile(r"metadata\.(labels|annotations)\['([^']*)'\]")


def package_folder(image: str, packages: Mapping[str, Path]) -> Path | None:
    """The folder of the package that `image` holds: `localhost/graft/a-b@sha256:00` belongs to `a-b`."""
    name = image.rpartition("/")[2].partition("@")[0].partition(":")[0]
    return packages.get(name) or packages.get(name.replace("_", "-")) or packages.get(name.replace("-", "_"))


def complete(
    variables: Mapping[str, str], environ: Mapping[str, str], folders: list[Path], programs: list[Path]
) -> dict[str, str]:
    """A step's own `variables` with what it has from this machine.

    PATH begins with `programs` and this interpreter's folder, PYTHONPATH with `folders`, whatever else is on them.
    """
    kept = {name: value for name, value in environ.items() if INHERITED.fullmatch(name)}
    inherited = environ.get("PATH", "/usr/bin:/bin")
    paths = {
        "PATH": [*programs, Path(sys.executable).parent, variables.get("PATH", inherited)],
        "PYTHONPATH": [*folders, *filter(None, [variables.get("PYTHONPATH")])],
    }
    searched = {name: ":".join(map(str, parts)) for name, parts in paths.items() if parts}
    return {"PYTHONUNBUFFERED": "1"} | kept | variables | searched


def from_secrets(pod: Pod, secret: Callable[[str], str | None]) -> dict[str, str]:
    """The variables that the pod takes from Secrets, as far as there are values for them."""
    found = {each.variable: secret(each.variable) for each in pod.variables if each.kind == SECRET}
    return {variable: value for variable, value in found.items() if value is not None}


def object_name(source: Source | None) -> str:
    """The name of the object that a source refers to, or who decides it."""
    if source is None or source.is_constant:
        return str(source.value if source else "")
    return f"named by {source.name if source.kind == INPUT else 'another task'}"


def from_fields(pod: Pod, name: str, uid: str, run: str) -> dict[str, str]:
    """The variables that the pod takes from its own fields, with what stands for them on this machine."""
    return {variable: field_value(path, pod, name, uid, run) or "" for variable, path in pod.fields}


def field_value(path: str, pod: Pod, name: str, uid: str, run: str = "") -> str | None:
    """What stands for a pod's field here, None for a field that this machine has no equivalent of."""
    if match := _METADATA.fullmatch(path):
        value = (pod.labels if match[1] == "labels" else pod.annotations).get(match[2], "")
        return run if value == RUN_ID else value
    local = {
        "metadata.name": name,
        "metadata.namespace": "local",
        "metadata.uid": uid,
        "spec.nodeName": platform.node(),
        "spec.serviceAccountName": "local",
        "status.hostIP": "127.0.0.1",
        "status.podIP": "127.0.0.1",
    }
    return local.get(path)
