"""What starts a WorkflowTemplate: a Workflow once, a CronWorkflow by the clock.

https://argo-workflows.readthedocs.io/en/latest/cron-workflows/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generators.cron.problems import problem as cron_problem
from generators.cron.problems import timezone_problem
from generators.engines.argo.text.expressions import encoded
from generators.engines.argo.text.names import parameter, plain, short
from generators.errors import Refused
from generators.ir import arguments
from generators.ir.definitions import CONTENT_LABEL, hash_of
from generators.ir.values import kind_of
from generators.model import Finding, Place, Schedule

API_VERSION = "argoproj.io/v1alpha1"
INSTANCE_LABEL = "workflows.argoproj.io/controller-instanceid"
LONGEST_CRON_NAME = 52  # the controller adds the time to it, and a Workflow's name is a label of its pods
_SHOWN = "workflows.argoproj.io/"  # the annotations that say what it is; others are of the template alone
_HISTORY = 10  # runs of a schedule that are kept of each end; by itself the controller keeps one that failed
_LONGEST_PREFIX = 57  # the API server adds a dash and five characters
_CONCURRENCY = {"allow": "Allow", "forbid": "Forbid", "replace": "Replace"}


def workflow(
    template: Mapping[str, Any],
    spec: Mapping[str, Any],
    parameters: Mapping[str, Any],
    *,
    whole: bool = False,
    source: str = "",
) -> dict[str, Any]:
    """A Workflow, to be made by `kubectl create`, that runs `template` with `parameters` of the PipelineSpec `spec`.

    It names the template, or where `whole` holds everything itself and needs no template in the cluster. Refused where
    the parameters do not fit; `source` is the file that the pipeline was read from.
    """
    name = template["metadata"]["name"]
    _check(source or name, arguments.problems(spec["root"], parameters))
    given = _arguments(spec, parameters)
    body = _filled(template["spec"], given) if whole else _reference(name, given)
    return _object("Workflow", template, {"generateName": f"{short(name, _LONGEST_PREFIX)}-"}, body)


def cron_workflow(
    template: Mapping[str, Any],
    spec: Mapping[str, Any],
    parameters: Mapping[str, Any],
    schedule: Schedule,
    *,
    source: str = "",
    called: str = "",
) -> dict[str, Any]:
    """A CronWorkflow that runs `template` with `parameters` of the PipelineSpec `spec` as `schedule` says.

    Its name is `called`, or the pipeline's, without a hash: a new version changes the schedule in place. Refused where
    the schedule or the parameters are not what Argo would take.
    """
    name = template["metadata"]["name"]
    _check(source or name, [*arguments.problems(spec["root"], parameters), *_schedule_problems(schedule)])
    body = {
        "schedules": list(schedule.cron),
        "timezone": schedule.timezone,
        "concurrencyPolicy": _CONCURRENCY[schedule.concurrency],
        "suspend": schedule.suspended,
        "startingDeadlineSeconds": schedule.starting_deadline,
        "successfulJobsHistoryLimit": _HISTORY,
        "failedJobsHistoryLimit": _HISTORY,
        "workflowSpec": _reference(name, _arguments(spec, parameters)),
    }
    pipeline = called or spec.get("pipelineInfo", {}).get("name") or "pipeline"
    named = {"name": short(plain(pipeline), LONGEST_CRON_NAME)}
    said = {key: value for key, value in body.items() if value or key == "suspend"}  # or a hand's would stay
    return _object("CronWorkflow", template, named, said)


def of_instance(obj: dict[str, Any], instance: str) -> dict[str, Any]:
    """The object for one instance of Argo Workflows where there are several, each told by a label what is its own."""
    if not instance:
        return obj
    metadata = obj["metadata"]
    return {**obj, "metadata": {**metadata, "labels": {**metadata.get("labels", {}), INSTANCE_LABEL: instance}}}


def _object(kind: str, template: Mapping[str, Any], name: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """An object in the template's namespace and with its labels, so that a run tells which definition it ran."""
    metadata = {**template["metadata"], **name}
    shown = {key: said for key, said in metadata.pop("annotations", {}).items() if key.startswith(_SHOWN)}
    metadata |= {"annotations": shown} if shown else {}
    metadata["labels"] = {**metadata.get("labels", {}), CONTENT_LABEL: hash_of(body)}
    if "generateName" in name:
        del metadata["name"]
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": body}


def _reference(name: str, given: list[dict[str, str]]) -> dict[str, Any]:
    return {"workflowTemplateRef": {"name": name}} | ({"arguments": {"parameters": given}} if given else {})


def _filled(body: Mapping[str, Any], given: list[dict[str, str]]) -> dict[str, Any]:
    """A template's spec with values in place of its defaults."""
    values = {item["name"]: item for item in given}
    declared = body["arguments"].get("parameters", [])
    filled = [values.get(item["name"], item) for item in declared]
    return {**body, "arguments": {**body["arguments"], "parameters": filled}} if filled else dict(body)


def _arguments(spec: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[dict[str, str]]:
    declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    return [
        {"name": parameter(name), "value": encoded(value, kind_of(declared[name]))}
        for name, value in parameters.items()
        if value is not None
    ]


def _schedule_problems(schedule: Schedule) -> Iterator[arguments.Problem]:
    for expression in schedule.cron:
        if problem := cron_problem(expression):
            yield "schedule", "schedule.cron", problem, {"fix": "give one such as '0 3 * * 1', Mondays at three"}
    if schedule.timezone and (problem := timezone_problem(schedule.timezone)):
        yield "schedule", "schedule.timezone", problem, {}


def _check(name: str, problems: Iterable[arguments.Problem]) -> None:
    found = [
        Finding("invalid", "argo", rule, Place(name), path, message, **more) for rule, path, message, more in problems
    ]
    if found:
        raise Refused(found)
