"""`graft convert`: any compiled KFP pipeline as manifests, useful with no repository at all."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from generators import options
from generators.engines import registry
from generators.engines.engine import Document, Engine, Object, Start
from generators.errors import GraftError, Refused
from generators.ir import assignments, validate
from generators.ir.compiled import read_compiled
from generators.ir.lines import line_finder
from generators.ir.view import Pipeline
from generators.ir.view.tree import PARAMETERS
from generators.model import Schedule
from generators.output import report
from generators.output.emit import to_yaml


def command(
    file: Annotated[str, typer.Argument(help="A compiled pipeline, or - for standard input.")],
    to: Annotated[str, typer.Option("--to", metavar="ENGINE", help="What runs it, such as argo or kubeflow.")] = "argo",
    run: Annotated[bool, typer.Option("--run", help="A Workflow that runs it once, for kubectl create.")] = False,
    schedule: Annotated[
        list[str] | None, typer.Option("--schedule", metavar="CRON", help="A CronWorkflow beside the template.")
    ] = None,
    timezone: Annotated[str, typer.Option("--timezone", help="The schedule's, such as Europe/Berlin.")] = "",
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter of the run or the schedule.")
    ] = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Print any compiled KFP pipeline as manifests for kubectl apply: a WorkflowTemplate of Argo Workflows."""
    wanted = Wanted(to, run, tuple(schedule or ()), timezone, tuple(set_ or ()))
    name = "<stdin>" if file == "-" else file
    objects = converted(options.text_of(file), name, wanted)
    if output is options.Output.JSON:
        print(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}, indent=2, ensure_ascii=False))
    else:
        print(to_yaml(objects, _header(name)), end="")


@dataclass(frozen=True)
class Wanted:
    """What is to come out: the engine, and perhaps a run at once, or one by a schedule, with parameters KEY=VALUE."""

    to: str = "argo"
    run: bool = False
    schedule: Sequence[str] = ()
    timezone: str = ""
    given: Sequence[str] = ()


def convert(text: str, name: str, wanted: Wanted | None = None) -> str:
    """The manifests of the compiled pipeline in `text`, called `name`, as YAML; Refused with every reason if none."""
    return to_yaml(converted(text, name, wanted), _header(name))


def converted(text: str, name: str, wanted: Wanted | None = None) -> list[Object]:
    """The same as objects."""
    wanted = wanted or Wanted()
    engine = registry.engine(wanted.to)
    _check(wanted, engine)
    compiled = read_compiled(text, name)
    problems = validate.problems(compiled.spec, compiled.platform)
    line_of = line_finder(text) if problems else None
    findings = [*compiled.findings, *validate.findings(problems, name, line_of)]
    objects = []
    if sound := validate.sound_part(compiled.spec, compiled.platform, problems):
        start = Start(name) if findings else _start(wanted, name, sound[0])
        made = engine.convert(*sound, start)
        objects, findings = made.objects, [*findings, *(each.finding(name) for each in made.unsupported)]
    if any(finding.failing for finding in findings):
        raise Refused(findings)
    if findings:
        report.print_findings(findings, sys.stderr)
    return objects


def _header(name: str) -> list[str]:
    return [f"Made by `graft convert` from {name}."]


def _start(wanted: Wanted, name: str, spec: Document) -> Start:
    """What is to be started, with the parameters as the pipeline declares them."""
    values, wrong = assignments.read(wanted.given, Pipeline.of(spec).root.inputs(PARAMETERS))
    assignments.refuse(wrong)
    schedule = Schedule(tuple(wanted.schedule), wanted.timezone) if wanted.schedule else None
    return Start(name, wanted.run, schedule, values)


def _check(wanted: Wanted, engine: Engine) -> None:
    """Refuse what does not go together, before anything is read."""
    able = [known.name for known in registry.ENGINES.values() if known.convert]
    if engine.convert is None:
        raise GraftError(f"{engine.name} takes no manifests", f"give --to {' or '.join(able)}")
    starting = [name for name in ("run", "schedule") if getattr(wanted, name)]
    if unable := [name for name in starting or ("run" if wanted.given else "",) if name and name not in engine.starts]:
        others = [known.name for known in registry.ENGINES.values() if known.starts]
        message = f"--{unable[0]}: graft has no object that starts a run on {engine.name}"
        raise GraftError(message, f"leave it out, or give --to {' or '.join(others)}")
    if len(starting) > 1:
        raise GraftError("--run and --schedule do not go together", "convert twice, once with each")
    if wanted.given and not starting:
        raise GraftError("--set is for a run, and none is asked for", "add --run or --schedule")
    if wanted.timezone and not wanted.schedule:
        raise GraftError("--timezone is that of a schedule, and there is none", "add --schedule")
