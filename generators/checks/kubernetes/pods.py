"""What the fields of a pod's spec must agree in: names that are told apart, volumes that are there, room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from generators.checks.forms import PORT_NAME
from generators.checks.kubernetes.amounts import HUGE, OF_CONTAINERS, amount, is_extended
from generators.checks.kubernetes.selectors import selector
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem
from generators.suggestions import did_you_mean

Object = dict[str, Any]
CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_FIELDS = re.compile(
    r"(metadata\.(name|namespace|uid|labels\['.+'\]|annotations\['.+'\])|spec\.(nodeName|serviceAccountName)"
    r"|status\.(hostIP|hostIPs|podIP|podIPs))"
)
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")


def pod(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """The problems of a pod's spec whose shape is right."""
    if not spec.get("containers"):
        yield Problem((*path, "containers"), "missing-key", "a pod has a container", fix="add one")
    volumes = spec.get("volumes") or []
    yield from _differ(volumes, (*path, "volumes"))
    for at, volume in enumerate(volumes):
        yield from _one_of(volume, {"name"}, (*path, "volumes", at), "a volume")
    named = [(key, at, each) for key in CONTAINERS for at, each in enumerate(spec.get(key) or ())]
    seen: set[str] = set()
    for key, at, container in named:
        where = (*path, key, at)
        if container["name"] in seen:
            yield _duplicate((*where, "name"), container["name"])
        seen.add(container["name"])
        yield from _container(container, {each["name"] for each in volumes}, where, starts=key == "initContainers")
    yield from _ports(spec, path)
    yield from _affinity(spec.get("affinity") or {}, (*path, "affinity"))
    for at, toleration in enumerate(spec.get("tolerations") or ()):
        yield from _toleration(toleration, (*path, "tolerations", at))


def _affinity(affinity: Object, path: KeyPath) -> Iterator[Problem]:
    """The expressions that choose nodes and pods."""
    nodes = affinity.get("nodeAffinity") or {}
    required, preferred = (f"{how}DuringSchedulingIgnoredDuringExecution" for how in ("required", "preferred"))
    terms = [
        ((required, "nodeSelectorTerms", at), term)
        for at, term in enumerate((nodes.get(required) or {}).get("nodeSelectorTerms") or ())
    ]
    terms += [((preferred, at, "preference"), each["preference"]) for at, each in enumerate(nodes.get(preferred) or ())]
    for where, term in terms:
        yield from selector(term or {}, (*path, "nodeAffinity", *where))
    for kind in ("podAffinity", "podAntiAffinity"):
        each = affinity.get(kind) or {}
        pods = [((required, at), term) for at, term in enumerate(each.get(required) or ())]
        weighed = enumerate(each.get(preferred) or ())
        pods += [((preferred, at, "podAffinityTerm"), term["podAffinityTerm"]) for at, term in weighed]
        for where, term in pods:
            yield from selector(term.get("labelSelector") or {}, (*path, kind, *where, "labelSelector"))


def _differ(items: Iterable[Object], path: KeyPath, key: str = "name") -> Iterator[Problem]:
    seen: set[Any] = set()
    for at, item in enumerate(items):
        if item.get(key) in seen:
            yield _duplicate((*path, at, key), str(item.get(key)))
        seen.add(item.get(key))


def _duplicate(path: KeyPath, name: str) -> Problem:
    return Problem(path, "duplicate", "is the name of another one here", name, fix="give it another name")


def _one_of(value: Object, beside: set[str], path: KeyPath, what: str, example: str = "") -> Iterator[Problem]:
    """A problem where a value is not exactly one of the things that it may be; an example says that it must be one."""
    said = [key for key, each in value.items() if key not in beside and each is not None]
    if len(said) > 1:
        yield Problem(path, "several", f"{what} is one thing, not several", ", ".join(said), fix="keep one of them")
    elif not said and example:
        yield Problem(path, "missing-key", f"{what} says what it is", fix=f"for example {example}")


def _container(container: Object, volumes: set[str], path: KeyPath, starts: bool) -> Iterator[Problem]:
    for at, variable in enumerate(container.get("env") or ()):
        yield from _variable(variable, (*path, "env", at))
    for at, source in enumerate(container.get("envFrom") or ()):
        where = (*path, "envFrom", at)
        yield from _one_of(source or {}, {"prefix"}, where, "a source of variables", "configMapRef")
        for kind in ("configMapRef", "secretRef"):
            if (source or {}).get(kind) is not None and not source[kind].get("name"):
                yield Problem((*where, kind), "missing-key", "'name' is missing", fix="add the name of what it takes")
    mounts = container.get("volumeMounts") or []
    yield from _differ(mounts, (*path, "volumeMounts"), "mountPath")
    for at, mount in enumerate(mounts):
        yield from _mount(mount, volumes, (*path, "volumeMounts", at))
    yield from _resources(container.get("resources") or {}, (*path, "resources"))
    yield from _lifecycle(container, path, starts)
    yield from _security(container.get("securityContext") or {}, (*path, "securityContext"))


def _mount(mount: Object, volumes: set[str], path: KeyPath) -> Iterator[Problem]:
    if mount["name"] not in volumes:
        known = ", ".join(sorted(volumes)) or "none"
        fix = did_you_mean(mount["name"], volumes) or "add it under volumes"
        yield Problem((*path, "name"), "volume", "this pod has no volume of that name", mount["name"], known, fix)
    if mount.get("subPath") and mount.get("subPathExpr"):
        yield Problem(path, "several", "subPath and subPathExpr do not go together", fix="keep one of them")


def _variable(variable: Object, path: KeyPath) -> Iterator[Problem]:
    source = variable.get("valueFrom")
    if source is None:
        return
    if variable.get("value"):
        message = "a variable has a value or a source, not both"
        yield Problem(path, "several", message, variable["name"], fix="remove value or valueFrom")
    yield from _one_of(source, set(), (*path, "valueFrom"), "a source", "secretKeyRef: {name: ..., key: ...}")
    field = (source.get("fieldRef") or {}).get("fieldPath")
    if field is not None and not _FIELDS.fullmatch(field):
        where = (*path, "valueFrom", "fieldRef", "fieldPath")
        yield Problem(where, "field", "is no field that a variable can have", field, "such as metadata.name")


def _resources(resources: Object, path: KeyPath) -> Iterator[Problem]:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for kind, amounts in (("limits", limits), ("requests", requests)):
        for name, value in amounts.items():
            yield from _asked(name, value, (*path, kind, name))
    for name, value in requests.items():
        limit, where = limits.get(name), (*path, "requests", name)
        if limit is None:
            if is_extended(name):
                yield Problem(
                    where, "resources", "a device that is asked for has a limit too", name, fix="add the limit"
                )
        elif amount(value) > amount(limit):
            yield Problem(where, "resources", "more is asked for than the limit allows", str(value), f"at most {limit}")
        elif is_extended(name) and amount(value) != amount(limit):
            yield Problem(
                where, "resources", "a device is asked for as often as it is limited to", str(value), str(limit)
            )
        elif name.startswith(HUGE) and amount(value) != amount(limit):
            yield Problem(where, "resources", "huge pages are asked for as they are limited to", str(value), str(limit))


def _asked(name: str, value: Any, path: KeyPath) -> Iterator[Problem]:
    if "/" not in name and name not in OF_CONTAINERS and not name.startswith(HUGE):
        allowed = ", ".join(OF_CONTAINERS)
        yield Problem(
            path, "resources", "is no resource of a container", name, allowed, did_you_mean(name, OF_CONTAINERS)
        )
    elif amount(value) < 0:
        yield Problem(path, "quantity", "is less than nothing", str(value), "0 or more")
    elif is_extended(name) and amount(value) % 1:
        yield Problem(path, "quantity", "a device is counted in whole pieces", str(value))


def _lifecycle(container: Object, path: KeyPath, starts: bool) -> Iterator[Problem]:
    sidecar = container.get("restartPolicy") == "Always"
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        if not (value := container.get(probe)):
            continue
        if starts and not sidecar:
            message = "a container that ends before the others start is not probed"
            yield Problem((*path, probe), "probe", message, fix="remove it, or write restartPolicy: Always")
        port = (value.get("httpGet") or value.get("tcpSocket") or {}).get("port")
        if isinstance(port, str) and not re.fullmatch(PORT_NAME["pattern"], port):
            yield Problem((*path, probe, "port"), "port", "is no name of a port", port, PORT_NAME["description"])
        handlers = {key: value.get(key) for key in _HANDLERS}
        yield from _one_of(handlers, set(), (*path, probe), "a probe", "exec: {command: [...]}")
        if probe != "readinessProbe" and (value.get("successThreshold") or 1) != 1:
            where = (*path, probe, "successThreshold")
            yield Problem(where, "probe", "is 1 for this probe", str(value["successThreshold"]), "1")


def _security(context: Object, path: KeyPath) -> Iterator[Problem]:
    if context.get("privileged") and context.get("allowPrivilegeEscalation") is False:
        message = "a privileged container can always become more"
        yield Problem((*path, "allowPrivilegeEscalation"), "security", message, "false", fix="remove one of the two")
    if context.get("allowPrivilegeEscalation") is False:
        added = (context.get("capabilities") or {}).get("add") or []
        if "CAP_SYS_ADMIN" in added:
            where = (*path, "capabilities", "add")
            yield Problem(where, "security", "CAP_SYS_ADMIN does not go with allowPrivilegeEscalation: false")


def _ports(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """Host ports are taken once in a pod; names of ports once in a container."""
    for at, container in enumerate(spec.get("containers") or ()):
        names: set[str] = set()
        taken: set[Any] = set()
        for number, port in enumerate(container.get("ports") or ()):
            where = (*path, "containers", at, "ports", number)
            if port.get("name") and port["name"] in names:
                yield _duplicate((*where, "name"), port["name"])
            names.add(port.get("name") or "")
            host = (port.get("hostPort") or 0, port.get("protocol") or "TCP", port.get("hostIP") or "")
            if host[0] and host in taken:
                yield Problem((*where, "hostPort"), "duplicate", "is taken by another port here", str(host[0]))
            taken.add(host)


def _toleration(toleration: Object, path: KeyPath) -> Iterator[Problem]:
    operator = toleration.get("operator") or "Equal"
    if not toleration.get("key") and operator != "Exists":
        yield Problem(
            path, "toleration", "without a key it is for every taint, and operator is Exists", operator, "Exists"
        )
    if operator == "Exists" and toleration.get("value"):
        yield Problem((*path, "value"), "toleration", "Exists asks for no value", toleration["value"], fix="remove it")
    if toleration.get("tolerationSeconds") is not None and toleration.get("effect") != "NoExecute":
        message = "is for the effect NoExecute alone"
        yield Problem((*path, "tolerationSeconds"), "toleration", message, toleration.get("effect") or "", "NoExecute")
