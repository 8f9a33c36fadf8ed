"""`graft convert`: any compiled KFP pipeline as manifests, useful with no repository at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generators.engines import argo, kubeflow
from generators.engines.argo.text.names import plain
from generators.errors import GraftError, Refused
from generators.ir import assignments, validate
from generators.ir.compiled import read_compiled
from generators.ir.lines import line_finder
from generators.ir.view import Pipeline
from generators.ir.view.tree import PARAMETERS
from generators.model import Finding, Schedule
from generators.output.emit import to_yaml

_NO_RUN = "a run of Kubeflow Pipelines is started by its API, not by an object"


@dataclass(frozen=True)
class Wanted:
    """What is to come out: the engine, and for Argo a run at once, or one by a schedule, with parameters KEY=VALUE."""

    to: str = "argo"
    run: bool = False
    schedule: Sequence[str] = ()
    timezone: str = ""
    given: Sequence[str] = ()


def convert(text: str, name: str, wanted: Wanted | None = None) -> str:
    """The manifests of the compiled pipeline in `text`, called `name`, as YAML; Refused with every reason if none."""
    wanted = wanted or Wanted()
    _check(wanted)
    spec, platform = read_compiled(text, name)
    problems = validate.problems(spec, platform)
    found = validate.findings(problems, name, line_finder(text)) if problems else []
    sound = validate.sound_part(spec, platform, problems)
    objects = (_kubeflow(*sound) if wanted.to == "kubeflow" else _argo(*sound, name, wanted, found)) if sound else []
    if found:
        raise Refused(found)
    return to_yaml(objects, [f"Made by `graft convert` from {name}."])


def _argo(
    spec: dict[str, Any], platform: dict[str, Any], name: str, wanted: Wanted, found: list[Finding]
) -> list[dict[str, Any]]:
    """The objects for Argo; what it cannot do is added to `found`."""
    compiled = argo.compile_template(spec, platform, argo.Options(source=name))
    found += [refusal.finding(name) for refusal in compiled.refusals]
    if found or not compiled.manifest:
        return []
    template = compiled.manifest
    values, wrong = assignments.read(wanted.given, Pipeline.of(spec).root.inputs(PARAMETERS))
    assignments.refuse(wrong)
    if wanted.run:
        return [argo.workflow(template, spec, values, whole=True, source=name)]
    if wanted.schedule:
        schedule = Schedule(tuple(wanted.schedule), wanted.timezone)
        return [template, argo.cron_workflow(template, spec, values, schedule, source=name)]
    return [template]


def _kubeflow(spec: dict[str, Any], platform: dict[str, Any]) -> list[dict[str, Any]]:
    spec = spec if "pipelineInfo" in spec else {**spec, "pipelineInfo": {}}
    return kubeflow.convert(plain(Pipeline.of(spec).name), spec, platform)


def _check(wanted: Wanted) -> None:
    """Refuse what does not go together, before anything is read."""
    if wanted.to == "kubeflow" and (wanted.run or wanted.schedule or wanted.given):
        raise GraftError(f"--run, --schedule and --set are for Argo: {_NO_RUN}", "leave them out, or give --to argo")
    if wanted.run and wanted.schedule:
        raise GraftError("--run and --schedule do not go together", "convert twice, once with each")
    if wanted.given and not (wanted.run or wanted.schedule):
        raise GraftError("--set is for a run, and none is asked for", "add --run or --schedule")
    if wanted.timezone and not wanted.schedule:
        raise GraftError("--timezone is that of a schedule, and there is none", "add --schedule")
