"""The `argo` engine: compiles a pipeline's IR to Argo Workflows v4.1, one pod a task, with no Kubeflow service.

`workflow_template` is where it begins, `submit` makes what starts a template. The folders stand in the order of the
compilation: `graph` makes a template of each DAG and says where each input comes from, `task` makes the template of a
task with an executor, `pod` carries the PlatformSpec, `text` is the language that all of it is written in. `features`
lists all that the IR can say, and `refusals` why some of it has no Argo equivalent; `readback` reads a template back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generators.engines.engine import Document, Engine, Object, Rendered, Start, Target, Unsupported
from generators.errors import Refused

if TYPE_CHECKING:
    from generators.ir.normal_form import Names, Shape

FILE = "workflowtemplate.yaml"


def _render(target: Target, spec: Document, platform: Document) -> Rendered:
    from generators.engines.argo import workflow_template

    options = workflow_template.Options(
        namespace=target.environment.namespace,
        labels={"graft.dev/definition": target.definition.hash},
        restricted=target.cluster.facts.get("pod_security") == "restricted",
        source=target.definition.path,
    )
    try:
        return Rendered({FILE: [workflow_template.convert(spec, platform, options)]})
    except Refused as refused:
        return Rendered({}, tuple(map(_unsupported, refused.findings)))


def _unsupported(finding: Any) -> Unsupported:
    return Unsupported(finding.rule, finding.path, finding.message, finding.found, finding.allowed, finding.fix)


def _convert(spec: Document, platform: Document, start: Start) -> list[Object]:
    from generators.engines.argo import submit, workflow_template

    template = workflow_template.convert(spec, platform, workflow_template.Options(source=start.source))
    if start.run:
        return [submit.workflow(template, spec, start.parameters, whole=True, source=start.source)]
    if start.schedule:
        return [
            template,
            submit.cron_workflow(template, spec, start.parameters, start.schedule, source=start.source),
        ]
    return [template]


def _read_back(obj: Object) -> Shape | None:
    from generators.engines.argo import readback

    return readback.shape_of(obj) if obj.get("kind") == "WorkflowTemplate" else None


def _names() -> Names:
    from generators.engines.argo import readback

    return readback.NAMES


ENGINE = Engine(
    name="argo",
    needs=("server",),
    takes=frozenset({"server", "capacity", "accelerators", "pod_security"}),
    facts={
        "pod_security": {
            "description": "the Pod Security level that the namespace enforces",
            "enum": ["privileged", "baseline", "restricted"],
        }
    },
    render=_render,
    convert=_convert,
    starts=frozenset({"run", "schedule"}),
    read_back=_read_back,
    names=_names,
    owns_namespace=True,
)


def __getattr__(name: str) -> Any:  # TEMPORARY
    import importlib

    where = {
        "Options": "workflow_template",
        "convert": "workflow_template",
        "workflow": "submit",
        "cron_workflow": "submit",
    }
    if name in where:
        return getattr(importlib.import_module(f"generators.engines.argo.{where[name]}"), name)
    raise AttributeError(name)
