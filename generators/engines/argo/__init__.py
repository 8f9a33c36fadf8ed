"""The `argo` engine: compiles a pipeline's IR to Argo Workflows v4.1, one pod a task, with no Kubeflow service.

`workflow_template` is where it begins, `submit` makes what starts a template. The folders stand in the order of the
compilation: `graph` makes a template of each DAG and says where each input comes from, `task` makes the template of a
task with an executor, `pod` carries the PlatformSpec, `text` is the language that all of it is written in. `features`
lists all that the IR can say, and `refusals` why some of it has no Argo equivalent; `readback` reads a template back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generators.engines.engine import (
    ALWAYS_IN_KEY,
    DEFAULT_REQUEST,
    KSERVE,
    POD_SECURITY,
    STEPS_ACCOUNT,
    CacheRule,
    Converted,
    Document,
    Engine,
    Object,
    Rendered,
    Start,
    Target,
    Unsupported,
    above_level,
    kept,
    objects_used,
    steps_account,
)
from generators.engines.names import LABEL
from generators.ir.definitions import DEFINITION_LABEL
from generators.ir.labels import of_pipeline
from generators.ir.pod_security import RESTRICTED, at_level

if TYPE_CHECKING:
    from generators.engines.argo.refusals import Refusal
    from generators.ir.normal_form import Names, Shape
    from generators.model import Cluster, Schedule

FILE = "workflowtemplate.yaml"
GROUP = "argoproj.io"
_OPERATIONS = [
    {"apiGroups": [GROUP], "resources": ["workflows"], "verbs": ["create", "get", "list"]},
    {"apiGroups": [GROUP], "resources": ["cronworkflows"], "verbs": ["list"]},
    {"apiGroups": [GROUP], "resources": ["workflowtemplates"], "verbs": ["get", "list", "delete"]},
]
# What Argo's executor does in every pod, and what steps do that use something of the cluster.
_STEPS = {
    "": [{"apiGroups": [GROUP], "resources": ["workflowtaskresults"], "verbs": ["create", "patch"]}],
    "claims": [{"apiGroups": [""], "resources": ["persistentvolumeclaims"], "verbs": ["get", "create", "delete"]}],
    "tfjobs": [
        {"apiGroups": ["kubeflow.org"], "resources": ["tfjobs"], "verbs": ["create", "get", "update", "delete"]},
    ],
}

# As `task.memo` makes it: all that a step sees, what its pod is given too.
_CACHE = CacheRule(ALWAYS_IN_KEY | {"variable", "secret", "volume", "resource", "setting"}, True, "Argo's memoization")


def _render(target: Target, spec: Document, platform: Document) -> Rendered:
    from generators.engines.argo import submit, workflow_template

    level = target.cluster.facts.get("pod_security", "")
    if refused := above_level(spec, platform, level):
        return Rendered({}, tuple(refused))
    options = workflow_template.Options(
        namespace=target.environment.namespace,
        labels={DEFINITION_LABEL: target.definition.hash},
        restricted=level == RESTRICTED,
        run_labels=of_pipeline(target.environment, target.definition) | {DEFINITION_LABEL: target.definition.hash},
        account=STEPS_ACCOUNT,
        executor=STEPS_ACCOUNT,
        accounts=_accounts(target),
    )
    compiled = workflow_template.compile_template(spec, platform, options)
    instance = target.cluster.facts.get("instance_id", "")
    files = {FILE: [submit.of_instance(kept(compiled.manifest), instance)]} if compiled.manifest else {}
    return Rendered(files, tuple(map(_unsupported, compiled.refusals)))


def _accounts(target: Target) -> dict[str, str]:
    """The service accounts of the steps that use kinds of the cluster's objects, by the step's path."""
    used = {path: objects_used(step) for path, step in target.pipeline.steps.items()}
    return {path: steps_account(kinds) for path, kinds in used.items() if kinds}


def _convert(spec: Document, platform: Document, start: Start) -> Converted:
    from generators.engines.argo import submit, workflow_template

    if refused := above_level(spec, platform, start.pod_security):
        return Converted([], tuple(refused))
    platform = at_level(spec, platform, start.pod_security)
    restricted = start.pod_security == RESTRICTED
    options = workflow_template.Options(start.name, start.namespace, account=start.account, restricted=restricted)
    compiled = workflow_template.compile_template(spec, platform, options)
    template, unsupported = compiled.manifest, tuple(map(_unsupported, compiled.refusals))
    if template is None:
        return Converted([], unsupported)
    objects = [template]
    if start.run:
        objects = [submit.workflow(template, spec, start.parameters, whole=True, source=start.source)]
    if start.schedule:
        more = {"source": start.source, "called": start.name}
        objects.append(submit.cron_workflow(template, spec, start.parameters, start.schedule, **more))
    return Converted(objects, (*unsupported, *_warnings(spec)))


def _warnings(spec: Document) -> tuple[Unsupported, ...]:
    from generators.engines.argo.text.artifacts import DEFAULT_ROOT
    from generators.ir.view import Pipeline

    pipeline = Pipeline.of(spec)
    if pipeline.storage or not any(declared.is_artifact for declared in pipeline.all_outputs):
        return ()
    message = f"the pipeline has no root, so its artifacts are those of {DEFAULT_ROOT}"
    fix = "give the bucket of the cluster's artifact repository: --root s3://BUCKET/FOLDER"
    return (Unsupported("storage", "", message, fix=fix, verdict="warning", field=("pipelineInfo",)),)


def _unsupported(refusal: Refusal) -> Unsupported:
    said = refusal.message, "", "", refusal.fix, refusal.aspect, refusal.verdict, refusal.where
    return Unsupported(refusal.reason, refusal.path, *said)


def _read_back(obj: Object) -> Shape | None:
    from generators.engines.argo import readback

    return readback.shape_of(obj) if obj.get("kind") == "WorkflowTemplate" else None


def _schedule(version: Object, spec: Document, schedule: Schedule, cluster: Cluster) -> Object:
    from generators.engines.argo import submit

    made = submit.cron_workflow(version, spec, {}, schedule)
    return submit.of_instance(made, cluster.facts.get("instance_id", ""))


def _pages(cluster: Cluster, namespace: str, version: str, run: str) -> dict[str, str]:
    """Where its own server shows a run, or the template where nothing has run."""
    server = cluster.facts.get("argo_server", "").rstrip("/")
    shown = f"workflows/{namespace}/{run}" if run else f"workflow-templates/{namespace}/{version}"
    return {"Argo Workflows": f"{server}/{shown}"} if server and (run or version) else {}


def _names() -> Names:
    from generators.engines.argo import readback

    return readback.NAMES


ENGINE = Engine(
    name="argo",
    needs=("server",),
    takes=frozenset({"server", "capacity", "accelerators", "instance_id", "argo_server", *POD_SECURITY, *KSERVE}),
    facts=POD_SECURITY
    | KSERVE
    | {
        "instance_id": {
            "description": "the instance of Argo Workflows that is to run pipelines, where a cluster has several",
            "type": "string",
            "pattern": LABEL.pattern,
            "examples": ["ml"],
        },
        "argo_server": {
            "description": "the URL of Argo Workflows' server, where it has one",
            "type": "string",
            "pattern": "^https?://[^/@?]+(/[^@?]*)?$",
            "x-hide": "url",
            "examples": ["https://argo.prod.internal:2746"],
        },
    },
    render=_render,
    convert=_convert,
    secures=True,
    starts=frozenset({"run", "schedule"}),
    accounts=LABEL,
    read_back=_read_back,
    names=_names,
    owns_namespace=True,
    beside=DEFAULT_REQUEST,  # `wait`, of which Argo's configuration says nothing
    version="WorkflowTemplate",
    run="Workflow",
    pages=_pages,
    kinds=((GROUP, "WorkflowTemplate"), (GROUP, "CronWorkflow")),
    schedule=_schedule,
    operations=_OPERATIONS,
    steps=_STEPS,
    cache=lambda cluster: _CACHE,
    own_labels=(GROUP,),
    own_variables=("ARGO_*",),
)
