"""`graft convert`: any compiled KFP pipeline as manifests, useful with no repository at all."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer

from generators import options
from generators.checks import objects as object_check
from generators.cron.problems import problem as cron_problem
from generators.cron.problems import timezone_problem
from generators.engines import registry
from generators.engines.engine import Converted, Document, Engine, Object, Start
from generators.engines.names import LABEL
from generators.errors import Defective, GraftError, Refused, Unreadable
from generators.fleet.cache import Cache
from generators.fleet.units import RenderedUnit
from generators.inventory.read import Repository
from generators.ir import assignments, lint, validate
from generators.ir.compiled import read_with_lines
from generators.ir.steps import place_of
from generators.ir.validate.kubernetes import NAMESPACE, ROOT, of_form
from generators.ir.view import Pipeline
from generators.ir.view.tree import PARAMETERS
from generators.model import Finding, Place, Schedule
from generators.output import report
from generators.output.emit import to_yaml
from generators.suggestions import did_you_mean

_OWN = Repository(Path(__file__).resolve().parents[2])  # the schemas of Kubeflow's kinds stand beside graft's code
_ELSEWHERE = "change it in the pipeline's code, or run the pipeline on another engine: --to ENGINE"
_DEFECT = "this is a mistake of graft's own, not of the pipeline: please report it, with the pipeline"


class Concurrency(StrEnum):
    """What becomes of a run by the clock that would begin beside another."""

    ALLOW = "allow"
    FORBID = "forbid"
    REPLACE = "replace"


class Level(StrEnum):
    """The levels of Kubernetes' Pod Security."""

    PRIVILEGED = "privileged"
    BASELINE = "baseline"
    RESTRICTED = "restricted"


def command(
    file: Annotated[str, typer.Argument(help="A compiled pipeline, or - for standard input.")],
    to: Annotated[str, typer.Option("--to", metavar="ENGINE", help="What runs it: argo, kubeflow or vertex.")] = "argo",
    run: Annotated[bool, typer.Option("--run", help="What runs it once: a Workflow, a PipelineJob.")] = False,
    schedule: Annotated[
        list[str] | None, typer.Option("--schedule", metavar="CRON", help="A CronWorkflow beside the template.")
    ] = None,
    timezone: Annotated[str, typer.Option("--timezone", help="The schedule's, such as Europe/Berlin.")] = "",
    concurrency: Annotated[
        Concurrency | None, typer.Option("--concurrency", help="What a schedule does while a run goes on.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter of the run or the schedule.")
    ] = None,
    root: Annotated[str, typer.Option("--root", metavar="URI", help="Where artifacts go, in place of its own.")] = "",
    name: Annotated[str, typer.Option("--name", help="The name of the template or the pipeline.")] = "",
    namespace: Annotated[str, typer.Option("--namespace", help="The namespace; by default kubectl's own.")] = "",
    service_account: Annotated[
        str, typer.Option("--service-account", metavar="NAME", help="Whom pods run as; by default the namespace's.")
    ] = "",
    pod_security: Annotated[
        Level | None, typer.Option("--pod-security", help="The level that the namespace enforces; by default none.")
    ] = None,
    output: options.OutputOption = options.Output.TEXT,
) -> None:
    """Print any compiled KFP pipeline as manifests for kubectl apply: a WorkflowTemplate of Argo Workflows."""
    wanted = Wanted(
        to, run, tuple(schedule or ()), timezone, tuple(set_ or ()),
        concurrency.value if concurrency else "", root, name, namespace, service_account,
        pod_security.value if pod_security else "",
    )  # fmt: skip
    source = "<stdin>" if file == "-" else file
    made = converted(options.text_of(file), source, wanted)
    if made.warnings:
        report.print_findings(made.warnings, sys.stderr)
    if output is options.Output.JSON:
        print(json.dumps(_whole(made.objects), indent=2, ensure_ascii=False))
    else:
        print(to_yaml(made.objects, _header(source)), end="")


def _whole(objects: list[Object]) -> Object:
    """Objects as one document: what is no object of Kubernetes stands for itself, as its service takes it."""
    return {"apiVersion": "v1", "kind": "List", "items": objects} if "kind" in objects[0] else objects[0]


@dataclass(frozen=True)
class Wanted:
    """What is to come out: the engine, and perhaps a run at once, or one by a schedule, with parameters KEY=VALUE.

    An empty `concurrency` is allow; an empty `root`, `name`, `namespace`, `account` or `pod_security` leaves what
    there is.
    """

    to: str = "argo"
    run: bool = False
    schedule: Sequence[str] = ()
    timezone: str = ""
    given: Sequence[str] = ()
    concurrency: str = ""
    root: str = ""
    name: str = ""
    namespace: str = ""
    account: str = ""
    pod_security: str = ""


@dataclass(frozen=True)
class Outcome:
    """The manifests, which their definitions take, and what a person should know of them."""

    objects: list[Object]
    warnings: tuple[Finding, ...] = ()


def convert(text: str, name: str, wanted: Wanted | None = None) -> str:
    """The manifests of the compiled pipeline in `text`, called `name`, as YAML; Refused with every reason if none."""
    return to_yaml(converted(text, name, wanted).objects, _header(name))


def converted(text: str, name: str, wanted: Wanted | None = None) -> Outcome:
    """The same as objects, with warnings; Defective where they are not what their definitions take."""
    wanted = wanted or Wanted()
    engine = _engine(wanted.to)
    _check(wanted, engine)
    compiled, line_of = read_with_lines(text, name)
    problems = validate.problems(compiled.spec, compiled.platform)
    findings = [*compiled.findings, *validate.findings(problems, name, line_of)]
    if not problems:  # what cannot have been meant is converted all the same
        meant = validate.findings(lint.problems(compiled.spec, compiled.platform), name, line_of)
        findings += [replace(each, verdict="warning") for each in meant]
    made = Converted([])
    if sound := validate.sound_part(compiled.spec, compiled.platform, problems):
        spec, platform = _with_root(sound[0], wanted.root), sound[1]
        broken = any(finding.failing for finding in findings)
        start, wrong = (Start(name), []) if broken else _start(wanted, name, spec)
        made, refused = _made(engine, spec, platform, start)
        findings += [*wrong, *(finding for finding in refused if not wrong or finding.rule != "missing-parameter")]
        findings += [
            each.finding(name, line_of(place_of(spec, platform, each.step, each.field))) for each in made.unsupported
        ]
    if failing := [_with_next_step(finding) for finding in findings if finding.failing]:
        raise (Unreadable if all(finding.check == "use" for finding in failing) else Refused)(failing)
    prove(made.objects, name)
    return Outcome(made.objects, tuple(findings))


def _with_next_step(finding: Finding) -> Finding:
    return finding if finding.fix or finding.check == "use" else replace(finding, fix=_ELSEWHERE)


def _made(engine: Engine, spec: Document, platform: Document, start: Start) -> tuple[Converted, Sequence[Finding]]:
    """What an engine makes, and what it refuses of the start."""
    try:
        return engine.convert(spec, platform, start), ()
    except Refused as refused:
        return Converted([]), refused.findings


def _with_root(spec: Document, root: str) -> Document:
    return {**spec, "defaultPipelineRoot": root} if root else spec


def prove(objects: Sequence[Object], name: str) -> None:
    """Hold objects against the schemas of their kinds, as what is rendered; Defective where one of them is not so."""
    # whoever applies them has a namespace
    placed = [{**obj, "metadata": {"namespace": "default", **obj["metadata"]}} for obj in objects if "kind" in obj]
    schemas = object_check.load_inputs(_OWN, Cache.of_user())
    found = list(object_check.check_objects(RenderedUnit({name: placed}), schemas))
    if found:
        raise Defective([replace(finding, fix=_DEFECT) for finding in found])


def _header(name: str) -> list[str]:
    return [f"Made by `graft convert` from {name}."]


def _start(wanted: Wanted, source: str, spec: Document) -> tuple[Start, list[Finding]]:
    """What is to be started, with the parameters as the pipeline declares them, and what is wrong with these."""
    values, wrong = assignments.read(wanted.given, Pipeline.of(spec).root.inputs(PARAMETERS))
    schedule, misread = None, _misread(wanted)
    if wanted.schedule and not misread:
        schedule = Schedule(tuple(wanted.schedule), wanted.timezone, wanted.concurrency or Concurrency.ALLOW.value)
    named = wanted.name, wanted.namespace, wanted.account, wanted.pod_security
    return Start(source, wanted.run, schedule, values, *named), wrong + misread


def _misread(wanted: Wanted) -> list[Finding]:
    """What is wrong with a schedule and its time zone, at the options that give them."""
    found = [
        ("schedule", text, problem, "give one such as '0 3 * * 1', Mondays at three")
        for text in wanted.schedule
        if (problem := cron_problem(text))
    ]
    if wanted.timezone and (problem := timezone_problem(wanted.timezone)):
        fix = did_you_mean(wanted.timezone, available_timezones()) or "give one such as Europe/Berlin"
        found.append(("timezone", wanted.timezone, problem, fix))
    return [
        Finding("invalid", "use", "schedule", Place(f"--{option}", 0, 0), "", problem, text, fix=fix)
        for option, text, problem, fix in found
    ]


def _engine(name: str) -> Engine:
    """The engine of that name, of those that manifests can be made for."""
    able = [known.name for known in registry.ENGINES.values() if known.convert]
    if name in able:
        return registry.engine(name)
    known = name in registry.ENGINES
    message = f"{name} takes no manifests" if known else f"there is no engine {name} to make manifests for"
    raise GraftError(message, did_you_mean(name, able) or f"give --to {' or '.join(able)}")


def _check(wanted: Wanted, engine: Engine) -> None:
    """Refuse what does not go together, before anything is read."""
    starting = [name for name in ("run", "schedule") if getattr(wanted, name)]
    if unable := [name for name in starting or ("run" if wanted.given else "",) if name and name not in engine.starts]:
        others = [known.name for known in registry.ENGINES.values() if unable[0] in known.starts]
        how = "by a schedule" if unable[0] == "schedule" else "at once"
        message = f"--{unable[0]}: graft has no object that starts a run {how} on {engine.name}"
        raise GraftError(message, f"leave it out, or give --to {' or '.join(others)}")
    if wanted.account and not engine.accounts:
        raise GraftError(f"--service-account: nothing that graft makes for {engine.name} names one", "leave it out")
    if wanted.namespace and not engine.on_kubernetes:
        raise GraftError(f"--namespace: nothing that graft makes for {engine.name} has one", "leave it out")
    if wanted.pod_security and not engine.secures:
        raise GraftError(f"--pod-security: nothing that graft makes for {engine.name} runs in a pod", "leave it out")
    if len(starting) > 1:
        raise GraftError("--run and --schedule do not go together", "convert twice, once with each")
    if wanted.given and not starting:
        raise GraftError("--set is for a run, and none is asked for", "add --run or --schedule")
    for option in ("timezone", "concurrency"):
        if getattr(wanted, option) and not wanted.schedule:
            raise GraftError(f"--{option} is that of a schedule, and there is none", "add --schedule")
    namespace = replace(LABEL, message=f"{NAMESPACE.message} of Kubernetes")
    for option, value, form in (
        ("name", wanted.name, LABEL),
        ("namespace", wanted.namespace, namespace),
        ("service-account", wanted.account, engine.accounts or LABEL),
    ):
        if value and not re.fullmatch(form.pattern, value):
            raise GraftError(f"--{option} {value}: {form.message}", f"take {form.example}")
    for problem in of_form(ROOT, wanted.root, ()):
        raise GraftError(f"--root {wanted.root}: {problem.message}", f"give {problem.allowed}")
