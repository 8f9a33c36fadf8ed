"""What each policy admits and denies: the changes of one pod, one container, or one object that tell it apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.policies.build import (
    ACCOUNT,
    CONTAINER,
    HARDENED,
    IMAGE,
    POD,
    READING,
    Object,
    changed,
    containers,
    defaults,
    everywhere,
    from_defaults,
    obj,
    pods,
    service,
    step,
    workflow,
    workflows,
    write,
)
from tests.policies.examples import PODS

BASELINE = "level=baseline"
ARGO = "argoproj.io/v1alpha1"


def of_all_pods() -> None:
    """What every policy of pods admits: a pod that says enough, everywhere."""
    write(PODS, "allowed", "everywhere", [*containers(CONTAINER), step(), *pods({})])


def _unjudged(rule: str, bad: Object, **comments: str) -> None:
    """Objects that were there before, or that a controller has made of what was judged."""
    facts = comments.get("facts", "")
    write(rule, "allowed", "unchanged", [bad], facts=facts, update="unchanged")
    held = obj("v1", "PodTemplate", {"metadata": bad["metadata"], "spec": bad["spec"]}, "template")
    write(rule, "denied", "changed", [bad, held], facts=facts, update="changed")
    owner = {"ownerReferences": [{"apiVersion": "v1", "kind": "X", "name": "x", "uid": "1", "controller": True}]}
    kinds = [
        ("v1", "Pod", POD),
        ("apps/v1", "ReplicaSet", {}),
        ("apps/v1", "StatefulSet", {}),
        ("apps/v1", "Deployment", {}),
    ]
    inner = bad["spec"].get("template", {"spec": bad["spec"]})
    made = [
        obj(version, kind, bad["spec"] if kind == "Pod" else {"template": inner}, **owner) for version, kind, _ in kinds
    ]
    made += [obj("batch/v1", "Job", {"template": inner}, **owner)]
    write(rule, "allowed", "made-by-a-controller", made, facts=facts)
    template = inner["spec"]
    run = {
        "templates": [
            {
                "name": "step",
                "container": template["containers"][0],
                **{
                    k: v
                    for k, v in template.items()
                    if k not in ("containers", "initContainers", "ephemeralContainers")
                },
            }
        ]
    }
    write(rule, "allowed", "made-of-a-schedule", [obj(ARGO, "Workflow", run, **owner)], facts=facts)
    write(rule, "allowed", "made-by-kubeflow", [obj(ARGO, "Workflow", run)], facts=f"{facts} engine=kubeflow".strip())
    not_controller = {"ownerReferences": [{"apiVersion": "v1", "kind": "X", "name": "x", "uid": "1"}]}
    write(rule, "denied", "owned-by-no-controller", [obj("v1", "Pod", bad["spec"], **not_controller)], facts=facts)
    cron = {"jobTemplate": {"spec": {"template": inner}}}
    write(rule, "denied", "owned-but-no-run", [obj("batch/v1", "CronJob", cron, **owner)], facts=facts)


def of_containers(
    bad: Object,
    *more: Object,
    good: tuple[Object, ...] = (),
    facts: str = "",
    explicit: bool = True,
    lax: str = "privileged",
) -> Callable[[str], None]:
    """A rule of containers: `bad` is denied everywhere, `more` in one pod; `explicit`: also in templateDefaults."""

    def make(rule: str) -> None:
        first = changed(CONTAINER, bad)
        write(rule, "denied", "everywhere", list(containers(first)), facts=facts)
        if explicit:
            write(rule, "denied", "defaults", list(defaults(first)), facts=facts)
        if more:
            write(
                rule,
                "denied",
                "otherwise",
                [obj("v1", "Pod", {**POD, "containers": [changed(CONTAINER, each)]}) for each in more],
                facts=facts,
            )
        if good:
            write(
                rule,
                "allowed",
                "otherwise",
                [obj("v1", "Pod", {**POD, "containers": [changed(CONTAINER, each)]}) for each in good],
                facts=facts,
            )
        _unjudged(rule, obj("v1", "Pod", {**POD, "containers": [first]}), facts=facts)
        if lax:
            write(
                rule,
                "allowed",
                "at-another-level",
                [obj("v1", "Pod", {**POD, "containers": [first]})],
                facts=f"level={lax}",
            )

    return make


def context(**said: Any) -> Object:
    return {"securityContext": said}


def with_windows(make: Callable[[str], None], bad: Object) -> Callable[[str], None]:
    """Of Windows the level asks for nothing that only Linux has."""

    def both(rule: str) -> None:
        make(rule)
        pod = {**POD, "os": {"name": "windows"}, "containers": [changed(CONTAINER, bad)]}
        write(rule, "allowed", "windows", [obj("v1", "Pod", pod)])
        write(rule, "denied", "linux", [obj("v1", "Pod", {**pod, "os": {"name": "linux"}})])

    return both


def then(*makes: Callable[[str], None]) -> Callable[[str], None]:
    def make(rule: str) -> None:
        for each in makes:
            each(rule)

    return make


def examples(verdict: str, name: str, *documents: Object, **comments: str) -> Callable[[str], None]:
    return lambda rule: write(rule, verdict, name, list(documents), **comments)


def pod(change: Object, **metadata: Any) -> Object:
    return obj("v1", "Pod", changed(POD, change), **metadata)


def of_pods(bad: Object, facts: str = "", lax: str = "privileged") -> Callable[[str], None]:
    """A rule of what a pod says: `bad` is denied everywhere."""

    def make(rule: str) -> None:
        write(rule, "denied", "everywhere", list(pods(bad)), facts=facts)
        _unjudged(rule, pod(bad), facts=facts)
        if lax:
            write(rule, "allowed", "at-another-level", [pod(bad)], facts=f"level={lax}")

    return make


def probes(where: str, way: str) -> Object:
    asked = {way: {"host": "10.0.0.1", "port": 80}}
    return {"lifecycle": {where: asked}} if where in ("postStart", "preStop") else {where: asked}


VOLUME = {"name": "data", "hostPath": {"path": "/"}}
TYPES = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)
TAG = "registry.test/ml/step:1"
LIMIT = {"resources": {"limits": {"nvidia.com/gpu": "1"}}}
PATCHES = [
    f'{{"containers": [{{"name": "main", {HARDENED.replace("8737", "0")}}}]}}', '{"hostNetwork": true}',
    '{"containers": [{"name": "main", "image": "x"}]}', '{"serviceAccountName": "other"}', '{"volumes": []}',
    '{"automountServiceAccountToken": true}', '{"ephemeralContainers": []}', '{"runtimeClassName": "x"}',
    '{"containers": [{"name": "main", "lifecycle": {}}]}',
    '{"containers": [{"name": "main", "ports": [{"hostPort": 1}]}]}',
    "privileged: true", "procMount: Unmasked", "sysctls: []", '"host\\x4eetwork": true',
    "!!binary aG9zdE5ldHdvcms=: true",
]  # fmt: skip
SAFE = [
    '{"imagePullSecrets": [{"name": "pull"}]}',
    "{ \"nodeSelector\": {{=inputs.parameters['where']}} }",
    '{"containers": [{"name": "main", "resources": {"limits": {"cpu": "1"}}}]}',
    "{ \"x\": {{=replace('{', '{' + '\\\\u007b'), '\\u0024', '\\\\u0024')}} }",
]


def _patches(rule: str) -> None:
    def template(patch: str, **more: Any) -> Object:
        return obj(ARGO, "WorkflowTemplate", {**workflow(container=CONTAINER), **more, "podSpecPatch": patch})

    patched = workflow(container=CONTAINER)
    patched["templates"][0]["podSpecPatch"] = PATCHES[1]
    whole = f'{{"initContainers": [{{"name": "init", {HARDENED}}}], "containers": [{{"name": "wait", {HARDENED}}}]}}'
    reads = f'{{"initContainers": [{{"name": "init", {HARDENED}}}], "containers": [{{"name": "wait", {READING}}}]}}'
    write(
        rule,
        "denied",
        "everywhere",
        [
            *workflows(patched),
            obj(
                ARGO,
                "WorkflowTemplate",
                {**workflow(container=CONTAINER), "templateDefaults": {"podSpecPatch": PATCHES[1]}},
            ),
            obj(
                ARGO, "WorkflowTemplate", {**workflow(container=CONTAINER), "artifactGC": {"podSpecPatch": PATCHES[1]}}
            ),
        ],
    )
    write(rule, "denied", "words", [template(patch) for patch in PATCHES])
    write(rule, "denied", "restricted", [template(reads)])
    write(
        rule,
        "allowed",
        "otherwise",
        [template(patch) for patch in (*SAFE, whole)] + [obj(ARGO, "WorkflowTemplate", workflow(container=CONTAINER))],
    )
    write(rule, "allowed", "baseline", [template(reads), template(whole)], facts=BASELINE)
    write(rule, "allowed", "unchanged", [template(PATCHES[1])], update="unchanged")
    run = obj(ARGO, "Workflow", template(PATCHES[1])["spec"])
    owner = {"ownerReferences": [{"apiVersion": "v1", "kind": "X", "name": "x", "uid": "1", "controller": True}]}
    write(rule, "allowed", "made-by-kubeflow", [run], facts="engine=kubeflow")
    write(rule, "allowed", "made-by-a-controller", [changed(run, {"metadata": owner})])


def _images(bad: str, *more: str, good: tuple[str, ...] = ()) -> Callable[[str], None]:
    def make(rule: str) -> None:
        of_containers(
            {"image": bad},
            *({"image": each} for each in more),
            good=tuple({"image": each} for each in (*good, "")),
            lax="",
        )(rule)
        write(rule, "denied", "steps", [step({"image": bad})])
        write(rule, "denied", "volumes", list(pods({"volumes": [{"name": "data", "image": {"reference": bad}}]})))
        write(
            rule,
            "allowed",
            "volumes",
            list(
                pods(
                    {
                        "volumes": [
                            {"name": "data", "image": {"reference": IMAGE}},
                            {"name": "x", "emptyDir": {}},
                            {"name": "y", "image": {}},
                        ]
                    }
                )
            ),
        )
        write(rule, "allowed", "of-the-runtime", [service({"predictor": {**ACCOUNT, "model": {}}})])
        write(rule, "allowed", "from-defaults", list(from_defaults("image")))

    return make


def _asked(*missing: Object) -> Callable[[str], None]:
    def make(rule: str) -> None:
        of_containers(
            *missing,
            explicit=False,
            lax="",
            good=({"resources": {"requests": None, "limits": {"cpu": "1"}}},) if rule == "requests-are-set" else (),
        )(rule)
        write(rule, "allowed", "from-defaults", list(from_defaults("resources")))
        write(rule, "denied", "steps", [step({"resources": None})])
        old = {
            "resources": {
                "resourceCpuRequest": None,
                "resourceMemoryRequest": None,
                "resourceMemoryLimit": None,
                "cpuRequest": 1,
                "memoryRequest": 1,
                "memoryLimit": 1,
            }
        }
        limits = {"resources": {"resourceCpuRequest": None, "resourceMemoryRequest": None, "resourceCpuLimit": "1"}}
        write(
            rule,
            "allowed",
            "steps",
            [step(old), step(limits), step({"resources": {"resourceCpuRequest": None, "cpuLimit": 1}})],
        )

    return make


def _where(*keys: str, value: Any) -> Object:
    for key in reversed(keys):
        value = {key: value}
    return value


NO_ACCOUNT = {"serviceAccountName": None, "automountServiceAccountToken": None}
RULES: dict[str, Callable[[str], None]] = {
    "pod-security-host-namespaces": then(
        examples("denied", "everywhere", *(each for each in pods({"hostNetwork": True})), facts=BASELINE),
        examples("denied", "otherwise", *(pod({field: True}) for field in ("hostPID", "hostIPC"))),
        examples("allowed", "otherwise", pod({"hostNetwork": False})),
        examples("allowed", "at-another-level", pod({"hostPID": True}), facts="level=privileged"),
        lambda rule: _unjudged(rule, pod({"hostPID": True})),
    ),
    "pod-security-host-path-volumes": of_pods({"volumes": [VOLUME]}, BASELINE),
    "pod-security-volume-types": then(
        of_pods({"volumes": [VOLUME, {"name": "x", "emptyDir": {}}]}, lax="baseline"),
        examples(
            "denied", "otherwise", pod({"volumes": [{"name": "data", "nfs": {}}]}), pod({"volumes": [{"name": "data"}]})
        ),
        examples("allowed", "otherwise", *(pod({"volumes": [{"name": "data", type_: {}}]}) for type_ in TYPES)),
    ),
    "pod-security-privileged-containers": of_containers(
        context(privileged=True), good=(context(privileged=False),), facts=BASELINE
    ),
    "pod-security-added-capabilities": then(
        with_windows(
            of_containers(
                context(capabilities={"add": ["SYS_ADMIN"]}),
                context(capabilities={"add": ["CHOWN"]}),
                context(capabilities={"add": ["NET_BIND_SERVICE", "KILL"]}),
                good=(context(capabilities={"add": ["NET_BIND_SERVICE"]}),),
            ),
            context(capabilities={"add": ["CHOWN"]}),
        ),
        examples(
            "denied",
            "baseline",
            pod({"containers": [changed(CONTAINER, context(capabilities={"add": ["SYS_ADMIN"]}))]}),
            pod(
                {
                    "os": {"name": "windows"},
                    "containers": [changed(CONTAINER, context(capabilities={"add": ["SYS_ADMIN"]}))],
                }
            ),
            facts=BASELINE,
        ),
        examples(
            "allowed",
            "baseline",
            *(
                pod({"containers": [changed(CONTAINER, context(capabilities={"add": [name]}))]})
                for name in (
                    "AUDIT_WRITE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "MKNOD",
                    "NET_BIND_SERVICE",
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYS_CHROOT",
                )
            ),
            facts=BASELINE,
        ),
    ),
    "pod-security-dropped-capabilities": then(
        with_windows(
            of_containers(
                context(capabilities=None),
                context(capabilities={"drop": ["KILL"]}),
                {"securityContext": None},
                explicit=False,
                lax="baseline",
            ),
            context(capabilities=None),
        ),
        examples("allowed", "from-defaults", *from_defaults("securityContext")),
    ),
    "pod-security-host-ports": of_containers(
        {"ports": [{"containerPort": 80}, {"containerPort": 81, "hostPort": 81}]},
        good=({"ports": [{"containerPort": 80, "hostPort": 0}, {"containerPort": 1}]},),
        facts=BASELINE,
    ),
    "pod-security-host-probes": of_containers(
        probes("livenessProbe", "httpGet"),
        *(
            probes(where, way)
            for where in ("livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop")
            for way in ("httpGet", "tcpSocket")
        ),
        good=(
            {"livenessProbe": {"httpGet": {"port": 80, "host": ""}}},
            {"lifecycle": {"preStop": {"exec": {"command": ["true"]}}}},
        ),
        facts=BASELINE,
    ),
    "pod-security-app-armor": then(
        of_containers(
            context(appArmorProfile={"type": "Unconfined"}),
            context(appArmorProfile={}),
            good=(context(appArmorProfile={"type": "RuntimeDefault"}), context(appArmorProfile={"type": "Localhost"})),
            facts=BASELINE,
        ),
        examples("denied", "pods", *(each for each in pods(context(appArmorProfile={"type": "Unconfined"})))),
        examples(
            "denied",
            "annotations",
            *everywhere(POD, {"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}),
            *workflows(
                {
                    "templates": [
                        {
                            "name": "step",
                            "container": CONTAINER,
                            **ACCOUNT,
                            "metadata": {
                                "annotations": {"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}
                            },
                        }
                    ]
                }
            ),
            obj(
                ARGO,
                "Workflow",
                {"podMetadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}}},
            ),
            obj(
                ARGO,
                "Workflow",
                {
                    "templateDefaults": {
                        "metadata": {
                            "annotations": {"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}
                        }
                    }
                },
            ),
            step(
                settings={
                    "podMetadata": {
                        "annotations": {"container.apparmor.security.beta.kubernetes.io/main": "unconfined"}
                    }
                }
            ),
        ),
        examples(
            "allowed",
            "annotations",
            *(
                pod({}, annotations={"container.apparmor.security.beta.kubernetes.io/main": value})
                for value in ("", "runtime/default", "localhost/own")
            ),
            pod({}, annotations={"other": "unconfined"}),
        ),
    ),
    "pod-security-se-linux": then(
        of_containers(
            context(seLinuxOptions={"type": "spc_t"}),
            context(seLinuxOptions={"user": "root"}),
            context(seLinuxOptions={"role": "admin"}),
            good=(
                context(seLinuxOptions={}),
                *(
                    context(seLinuxOptions={"type": name, "level": "s0"})
                    for name in ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
                ),
            ),
            facts=BASELINE,
        ),
        examples(
            "denied",
            "pods",
            *(each for each in pods(context(seLinuxOptions={"type": "spc_t"}))),
            pod(context(seLinuxOptions={"user": "root"})),
            pod(context(seLinuxOptions={"role": "admin"})),
        ),
        examples("allowed", "pods", pod(context(seLinuxOptions={"type": "container_t"}))),
    ),
    "pod-security-proc-mount": then(
        of_containers(context(procMount="Unmasked"), good=(context(procMount="Default"),)),
        examples(
            "denied",
            "user-namespace",
            pod({"hostUsers": False, "containers": [changed(CONTAINER, context(procMount="Unmasked"))]}),
        ),
        examples(
            "allowed",
            "user-namespace",
            pod({"hostUsers": False, "containers": [changed(CONTAINER, context(procMount="Unmasked"))]}),
            facts=BASELINE,
        ),
        examples(
            "denied",
            "baseline",
            pod({"containers": [changed(CONTAINER, context(procMount="Unmasked"))]}),
            pod({"hostUsers": True, "containers": [changed(CONTAINER, context(procMount="Unmasked"))]}),
            facts=BASELINE,
        ),
    ),
    "pod-security-sysctls": then(
        of_pods(
            context(
                sysctls=[{"name": "kernel.shm_rmid_forced", "value": "1"}, {"name": "kernel.msgmax", "value": "1"}]
            ),
            BASELINE,
        ),
        examples(
            "allowed",
            "otherwise",
            *(
                pod(context(sysctls=[{"name": name, "value": "1"}]))
                for name in (
                    "kernel.shm_rmid_forced",
                    "net.ipv4.ip_local_port_range",
                    "net.ipv4.ip_unprivileged_port_start",
                    "net.ipv4.tcp_syncookies",
                    "net.ipv4.ping_group_range",
                    "net.ipv4.ip_local_reserved_ports",
                    "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes",
                    "net.ipv4.tcp_rmem",
                    "net.ipv4.tcp_wmem",
                )
            ),
        ),
    ),
    "pod-security-windows-host-process": then(
        of_containers(
            context(windowsOptions={"hostProcess": True}),
            good=(context(windowsOptions={"hostProcess": False}),),
            facts=BASELINE,
        ),
        examples("denied", "pods", *(each for each in pods(context(windowsOptions={"hostProcess": True})))),
    ),
    "pod-security-privilege-escalation": then(
        with_windows(
            of_containers(
                context(allowPrivilegeEscalation=None),
                context(allowPrivilegeEscalation=True),
                {"securityContext": None},
                explicit=False,
                lax="baseline",
            ),
            context(allowPrivilegeEscalation=None),
        ),
        examples("allowed", "from-defaults", *from_defaults("securityContext")),
    ),
    "pod-security-run-as-non-root": then(
        of_containers(
            context(runAsNonRoot=None),
            context(runAsNonRoot=False),
            {"securityContext": None},
            explicit=False,
            lax="baseline",
        ),
        examples("denied", "defaults", *defaults(changed(CONTAINER, context(runAsNonRoot=False)))),
        examples("denied", "steps", step(settings={}), step(settings=context(runAsNonRoot=False))),
        examples("denied", "pods", *(each for each in pods(context(runAsNonRoot=False)))),
        examples(
            "allowed",
            "pods",
            *(
                each
                for each in pods(
                    {**context(runAsNonRoot=True), "containers": [changed(CONTAINER, context(runAsNonRoot=None))]}
                )
            ),
        ),
        examples(
            "allowed",
            "user-namespace",
            pod({"hostUsers": False, **context(runAsNonRoot=False)}),
            pod({"hostUsers": False, "containers": [changed(CONTAINER, context(runAsNonRoot=None))]}),
        ),
        examples(
            "denied",
            "host-users",
            pod({"hostUsers": True, **context(runAsNonRoot=False)}),
            pod({"hostUsers": True, "containers": [changed(CONTAINER, context(runAsNonRoot=None))]}),
        ),
        examples("allowed", "from-defaults", *from_defaults("securityContext")),
    ),
    "pod-security-run-as-user": then(
        of_containers(context(runAsUser=0), good=(context(runAsUser=1000),), lax="baseline"),
        examples("denied", "steps", step(settings=context(runAsUser="0")), step(settings=context(runAsUser=0))),
        examples("allowed", "steps", step(settings=context(runAsUser="1000"))),
        examples("denied", "pods", *(each for each in pods(context(runAsUser=0)))),
        examples(
            "allowed",
            "user-namespace",
            pod({"hostUsers": False, **context(runAsUser=0), "containers": [changed(CONTAINER, context(runAsUser=0))]}),
        ),
        examples(
            "denied",
            "host-users",
            pod({"hostUsers": True, **context(runAsUser=0)}),
            pod({"hostUsers": True, "containers": [changed(CONTAINER, context(runAsUser=0))]}),
        ),
    ),
    "pod-security-seccomp-profile": then(
        with_windows(
            of_containers(
                context(seccompProfile={"type": "Unconfined"}),
                context(seccompProfile=None),
                context(seccompProfile={"type": None}),
                {"securityContext": None},
                good=(context(seccompProfile={"type": "Localhost", "localhostProfile": "x"}),),
                explicit=False,
            ),
            context(seccompProfile=None),
        ),
        examples(
            "denied",
            "defaults",
            *defaults(changed(CONTAINER, context(seccompProfile={"type": "Unconfined"}))),
            facts=BASELINE,
        ),
        examples("denied", "missing", *containers(changed(CONTAINER, context(seccompProfile=None)))),
        examples("denied", "pods", *(each for each in pods(context(seccompProfile={"type": "Unconfined"})))),
        examples(
            "denied",
            "baseline",
            pod(context(seccompProfile={"type": "Unconfined"})),
            pod({"os": {"name": "windows"}, **context(seccompProfile={"type": "Unconfined"})}),
            pod(
                {
                    "os": {"name": "windows"},
                    "containers": [changed(CONTAINER, context(seccompProfile={"type": "Unconfined"}))],
                }
            ),
            facts=BASELINE,
        ),
        examples(
            "allowed",
            "windows-pods",
            pod({"os": {"name": "windows"}, **context(seccompProfile={"type": "Unconfined"})}),
        ),
        examples(
            "allowed", "baseline", pod({"containers": [changed(CONTAINER, {"securityContext": None})]}), facts=BASELINE
        ),
        examples(
            "allowed",
            "pods",
            *(
                each
                for each in pods(
                    {
                        **context(seccompProfile={"type": "RuntimeDefault"}),
                        "containers": [changed(CONTAINER, context(seccompProfile=None))],
                    }
                )
            ),
        ),
        examples("allowed", "from-defaults", *from_defaults("securityContext")),
    ),
    "pod-spec-patches-say-little": _patches,
    "images-by-digest": _images(TAG, "step", IMAGE[:-1], IMAGE + "1"),
    "images-from-the-registry": _images(
        "other.test/ml/step@sha256:" + "1" * 64,
        "registry.test/ml@sha256:" + "1" * 64,
        "docker.io/library/python@sha256:" + "1" * 64,
        good=("docker.io/library/python@sha256:" + "2" * 64,),
    ),
    "requests-are-set": _asked(
        {"resources": {"requests": {"cpu": None}}},
        {"resources": {"requests": None, "limits": None}},
        {"resources": {"requests": {"memory": None}, "limits": None}},
    ),
    "memory-limits-are-set": _asked(
        {"resources": {"limits": None}}, {"resources": {"limits": {"memory": None, "cpu": "1"}}}
    ),
    "pods-name-an-account": then(
        examples(
            "denied",
            "everywhere",
            *everywhere(changed(POD, NO_ACCOUNT)),
            *workflows({"templates": [{"name": "step", "container": CONTAINER}]}),
        ),
        examples(
            "denied",
            "otherwise",
            *(pod({"automountServiceAccountToken": None, "serviceAccountName": name}) for name in ("default", "")),
            pod({"serviceAccountName": None, "automountServiceAccountToken": True}),
        ),
        examples(
            "allowed", "otherwise", pod({"serviceAccountName": None}), pod({"automountServiceAccountToken": None})
        ),
        examples(
            "allowed",
            "inherited",
            *(
                obj(ARGO, "WorkflowTemplate", {"templates": [{"name": "step", "container": CONTAINER}], **where})
                for said in ({"serviceAccountName": "x"}, {"automountServiceAccountToken": False})
                for where in (said, {"templateDefaults": said})
            ),
        ),
        lambda rule: _unjudged(rule, pod(NO_ACCOUNT)),
    ),
    "steps-have-no-token": then(
        examples(
            "denied",
            "everywhere",
            *everywhere(changed(POD, {"serviceAccountName": "pipelines", "automountServiceAccountToken": None})),
            *workflows({"templates": [{"name": "step", "container": CONTAINER, "serviceAccountName": "pipelines"}]}),
        ),
        examples(
            "denied",
            "otherwise",
            pod({"serviceAccountName": "pipelines", "automountServiceAccountToken": True}),
            *(
                obj(ARGO, "WorkflowTemplate", {"templates": [{"name": "step", "container": CONTAINER}], **where})
                for where in (
                    {"serviceAccountName": "pipelines"},
                    {"templateDefaults": {"serviceAccountName": "pipelines"}},
                )
            ),
        ),
        examples(
            "allowed",
            "otherwise",
            pod({"serviceAccountName": "pipelines"}),
            pod({"automountServiceAccountToken": True}),
        ),
        examples(
            "allowed",
            "inherited",
            *(
                obj(
                    ARGO,
                    "WorkflowTemplate",
                    {
                        "templates": [{"name": "step", "container": CONTAINER}],
                        "serviceAccountName": "pipelines",
                        **where,
                    },
                )
                for said in ({"automountServiceAccountToken": False},)
                for where in (said, {"templateDefaults": said})
            ),
        ),
        lambda rule: _unjudged(rule, pod({"serviceAccountName": "pipelines", "automountServiceAccountToken": True})),
    ),
    "accelerators-are-tolerated": then(
        of_containers(LIMIT, {"resources": {"requests": {"nvidia.com/gpu": "1"}}}, explicit=True, lax=""),
        examples(
            "denied",
            "steps",
            *(
                step({"resources": {"accelerator": said}})
                for said in (
                    {"resourceType": "nvidia.com/gpu", "resourceCount": "1"},
                    {"type": "nvidia.com/gpu", "count": "1"},
                )
            ),
        ),
        examples(
            "allowed",
            "steps",
            step(
                {"resources": {"accelerator": {"resourceType": "nvidia.com/gpu", "resourceCount": "1"}}},
                {"tolerations": [{"key": "nvidia.com/gpu"}]},
            ),
        ),
        examples(
            "allowed",
            "tolerated",
            *pods({"tolerations": [{"operator": "Exists"}], "containers": [changed(CONTAINER, LIMIT)]}),
        ),
        examples(
            "denied",
            "from-defaults",
            obj(
                ARGO,
                "WorkflowTemplate",
                {
                    **workflow(container=changed(CONTAINER, {"resources": None})),
                    "templateDefaults": {"container": LIMIT},
                },
            ),
        ),
        examples(
            "allowed",
            "otherwise",
            *(pod({"containers": [changed(CONTAINER, LIMIT)]}) for _ in "1"),
            facts="accelerators=",
        ),
        examples(
            "allowed", "another", pod({"containers": [changed(CONTAINER, LIMIT)]}), facts="accelerators=amd.com/gpu"
        ),
    ),
    "credentials-are-references": then(
        of_containers(
            {"env": [{"name": "A", "value": "b"}, {"name": "DB_PASSWORD", "value": "x"}]},
            *(
                {"env": [{"name": name, "value": "x"}]}
                for name in (
                    "password",
                    "MY_SECRET",
                    "TOKEN",
                    "AWS_SECRET_ACCESS_KEY",
                    "CREDENTIALS",
                    "API_KEY",
                    "APIKEY",
                    "PRIVATE_KEY_2",
                    "PASSWD",
                    "CREDENTIAL",
                )
            ),
            good=(
                {"env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]},
                {"env": [{"name": "PASSWORD", "value": ""}]},
                *(
                    {"env": [{"name": name, "value": "x"}]}
                    for name in (
                        "TOKEN_FILE",
                        "SECRET_PATH",
                        "TOKEN_URL",
                        "TOKEN_URI",
                        "SECRET_NAME",
                        "TOKENIZER",
                        "SECRETARY",
                    )
                ),
            ),
            lax="",
        ),
        examples("denied", "steps", step({"env": [{"name": "TOKEN", "value": "x"}]})),
    ),
    "deadlines-are-set": then(
        examples(
            "denied",
            "everywhere",
            obj("batch/v1", "Job", {}),
            obj("batch/v1", "CronJob", {"jobTemplate": {"spec": {}}}),
            obj("kubeflow.org/v1", "TFJob", {"runPolicy": {}}),
            obj("kubeflow.org/v1", "TFJob", {}),
            step(),
            *workflows(workflow(container=CONTAINER)),
            obj("pipelines.kubeflow.org/v2beta1", "PipelineVersion", {"pipelineName": "one"}),
        ),
        examples(
            "allowed",
            "everywhere",
            obj("batch/v1", "Job", {"activeDeadlineSeconds": 1}),
            obj("batch/v1", "CronJob", {"jobTemplate": {"spec": {"activeDeadlineSeconds": 1}}}),
            obj("kubeflow.org/v1", "TFJob", {"runPolicy": {"activeDeadlineSeconds": 1}}),
            changed(
                step(),
                {
                    "spec": _where(
                        "platformSpec", "platforms", "kubernetes", "pipelineConfig", "activeDeadlineSeconds", value=1
                    )
                },
            ),
            *workflows({"activeDeadlineSeconds": 1}),
            *workflows({"workflowTemplateRef": {"name": "one"}}),
        ),
    ),
    "finished-runs-are-removed": then(
        examples(
            "denied",
            "everywhere",
            *workflows({"podGC": {}}),
            *workflows({"ttlStrategy": {}}),
            *workflows({"entrypoint": "x"}),
        ),
        examples(
            "allowed",
            "everywhere",
            *workflows({"podGC": {}, "ttlStrategy": {}}),
            *workflows({"workflowTemplateRef": {"name": "one"}}),
        ),
    ),
    "templates-have-names": then(
        examples(
            "denied",
            "everywhere",
            *workflows(
                {
                    "templates": [
                        {"name": "a", "dag": {"tasks": [{"name": "t", "template": "b"}, {"name": "u", "inline": {}}]}}
                    ]
                }
            ),
            *workflows(
                {
                    "templates": [
                        {"name": "a", "steps": [[{"name": "t", "template": "b"}], [{"name": "u", "inline": {}}]]}
                    ]
                }
            ),
            *workflows({"templateDefaults": {"dag": {"tasks": [{"name": "u", "inline": {}}]}}}),
        ),
        examples(
            "allowed",
            "everywhere",
            *workflows(
                {
                    "templates": [
                        {"name": "a", "dag": {"tasks": [{"name": "t", "template": "b"}]}},
                        {"name": "c", "steps": [[{"name": "t", "template": "b"}]]},
                    ]
                }
            ),
            *workflows({"entrypoint": "a"}),
        ),
    ),
    "production-schedules-do-not-overlap": then(
        examples(
            "denied",
            "everywhere",
            *(
                obj(version, kind, spec)
                for version, kind in (("batch/v1", "CronJob"), (ARGO, "CronWorkflow"))
                for spec in ({}, {"concurrencyPolicy": "Allow"})
            ),
            facts="production=true",
        ),
        examples(
            "allowed",
            "everywhere",
            *(
                obj(version, kind, {"concurrencyPolicy": policy})
                for version, kind in (("batch/v1", "CronJob"), (ARGO, "CronWorkflow"))
                for policy in ("Forbid", "Replace")
            ),
            facts="production=true",
        ),
        examples("allowed", "elsewhere", obj("batch/v1", "CronJob", {})),
        examples("allowed", "unchanged", obj("batch/v1", "CronJob", {}), facts="production=true", update="unchanged"),
        examples("denied", "changed", obj("batch/v1", "CronJob", {"a": 1}), facts="production=true", update="changed"),
    ),
    "schedules-have-a-starting-deadline": then(
        examples("denied", "everywhere", obj("batch/v1", "CronJob", {}), obj(ARGO, "CronWorkflow", {})),
        examples(
            "allowed",
            "everywhere",
            obj("batch/v1", "CronJob", {"startingDeadlineSeconds": 1}),
            obj(ARGO, "CronWorkflow", {"startingDeadlineSeconds": 1}),
        ),
        examples("allowed", "unchanged", obj("batch/v1", "CronJob", {}), update="unchanged"),
        examples("denied", "changed", obj("batch/v1", "CronJob", {"schedule": "@daily"}), update="changed"),
    ),
}


def _labelled(**labels: str) -> list[Object]:
    said = {"labels": {f"graft.dev/{name}": value for name, value in labels.items()}} if labels else {}
    kinds = [
        ("batch/v1", "Job"),
        ("batch/v1", "CronJob"),
        *((ARGO, kind) for kind in ("WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")),
        *(("pipelines.kubeflow.org/v2beta1", kind) for kind in ("Pipeline", "PipelineVersion")),
    ]
    return [obj(version, kind, {}, **said) for version, kind in kinds]


def _named(name: str, content: str) -> list[Object]:
    found = [obj(ARGO, "WorkflowTemplate", {}), obj("pipelines.kubeflow.org/v2beta1", "PipelineVersion", {})]
    return [
        changed(each, {"metadata": {"name": name, **({"labels": {"graft.dev/content": content}} if content else {})}})
        for each in found
    ]


BESIDE = {"ownerReferences": [{"apiVersion": "v1", "kind": "X", "name": "x", "uid": "1"}]}
OWNED = {"ownerReferences": [{"apiVersion": "v1", "kind": "X", "name": "x", "uid": "1", "controller": True}]}
RULES |= {
    "owner-and-environment-are-labels": then(
        examples(
            "denied",
            "everywhere",
            *_labelled(),
            *_labelled(environment="prod", owner="ml")[:1],
            *_labelled(environment="staging")[:1],
            *_labelled(environment="staging", owner="others")[:1],
        ),
        examples("denied", "no-owner", *_labelled(owner="ml")[:1], facts="owner="),
        examples("allowed", "everywhere", *_labelled(environment="staging", owner="ml")),
        examples("allowed", "no-owner", *_labelled(environment="staging")[:1], facts="owner="),
        examples("allowed", "made-by-a-controller", obj("batch/v1", "Job", {}, **OWNED)),
        examples("denied", "owned-but-no-run", obj("batch/v1", "CronJob", {}, **OWNED)),
        examples("denied", "owned-by-no-controller", obj("batch/v1", "Job", {}, **BESIDE)),
    ),
    "versions-are-named-by-their-content": then(
        examples(
            "denied",
            "everywhere",
            *_named("one", "0123456789"),
            *_named("one-0123456789", ""),
            *_named("one-x", "x")[:1],
            *_named("one-01234567890", "01234567890")[:1],
            *_named("one0123456789", "0123456789")[:1],
        ),
        examples("allowed", "everywhere", *_named("one-0123456789", "0123456789")),
        examples("allowed", "unchanged", *_named("one", "0123456789"), update="unchanged"),
        examples("denied", "changed", obj(ARGO, "WorkflowTemplate", {"a": 1}), update="changed"),
    ),
    "services-stay-inside": then(
        examples(
            "denied",
            "everywhere",
            *(
                obj("v1", "Service", spec)
                for spec in ({"type": "LoadBalancer"}, {"type": "NodePort"}, {"externalIPs": ["10.0.0.1"]})
            ),
        ),
        examples(
            "allowed",
            "everywhere",
            *(obj("v1", "Service", spec) for spec in ({"type": "ClusterIP"}, {"externalIPs": []}, {"ports": []})),
        ),
        examples("allowed", "unchanged", obj("v1", "Service", {"type": "NodePort"}), update="unchanged"),
        examples("denied", "changed", obj("v1", "Service", {"type": "NodePort"}), update="changed"),
    ),
    "roles-name-what-they-allow": then(
        examples(
            "denied",
            "everywhere",
            *(
                obj("rbac.authorization.k8s.io/v1", kind, [{field: ["get", "*"]}], "rules")
                for kind in ("Role", "ClusterRole")
                for field in ("apiGroups", "resources", "verbs")
            ),
            *(
                obj("rbac.authorization.k8s.io/v1", "Role", [{"resources": [name]}], "rules")
                for name in ("pods/*", "*/scale")
            ),
        ),
        examples(
            "allowed",
            "everywhere",
            obj(
                "rbac.authorization.k8s.io/v1",
                "Role",
                [{"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]}],
                "rules",
            ),
            {
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "Role",
                "metadata": {"name": "one", "namespace": "ml"},
            },
        ),
    ),
}


def _runs(bad: Object) -> Callable[[str], None]:
    """Workflows that were there before, and those that a schedule or Kubeflow has made."""
    run = obj(ARGO, "Workflow", bad)
    return then(
        examples("allowed", "unchanged", run, update="unchanged"),
        examples("denied", "changed", run, update="changed"),
        examples("allowed", "made-by-a-controller", changed(run, {"metadata": OWNED})),
        examples("allowed", "made-by-kubeflow", run, facts="engine=kubeflow"),
        examples("denied", "owned-but-no-run", obj(ARGO, "WorkflowTemplate", bad, **OWNED)),
        examples("denied", "owned-by-no-controller", obj(ARGO, "Workflow", bad, **BESIDE)),
        examples("denied", "on-kubeflow", obj(ARGO, "WorkflowTemplate", bad), facts="engine=kubeflow"),
    )


for _rule, _bad in {
    "deadlines-are-set": {"entrypoint": "a"},
    "finished-runs-are-removed": {"entrypoint": "a"},
    "templates-have-names": {"templates": [{"name": "a", "dag": {"tasks": [{"name": "t", "inline": {}}]}}]},
}.items():
    RULES[_rule] = then(RULES[_rule], _runs(_bad))
_JOBS = (obj("batch/v1", "Job", {}, **OWNED),)
RULES["deadlines-are-set"] = then(RULES["deadlines-are-set"], examples("allowed", "job-of-a-controller", *_JOBS))
