"""The command line: it parses, calls one verb, prints what that returns, and sets the exit status.

0  fine    1  findings    2  bad use or unreadable input    3  a defect of graft itself
"""

from __future__ import annotations

import json
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console

from generators.errors import GraftError, Refused, Stale
from generators.inventory.read import Repository
from generators.output import report
from generators.output.progress import Progress, show_outcome

app = typer.Typer(
    help="GitOps for machine-learning pipelines: one Git repository is the whole state of a fleet's pipelines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Output(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


class Target(StrEnum):
    """Whose manifests a compiled pipeline becomes."""

    ARGO = "argo"
    KUBEFLOW = "kubeflow"


RepoOption = Annotated[
    Path | None,
    typer.Option("--repo", help="The repository; by default the one this folder is in.", show_default=False),
]
_asked: list[Output] = []  # how results are wanted, for an error that leaves a verb


def _remember(chosen: Output) -> Output:
    _asked.append(chosen)
    return chosen


OutputOption = Annotated[Output, typer.Option("--output", help="For people, or for programs.", callback=_remember)]


@app.command()
def render(
    env: Annotated[str, typer.Option(help="Render one environment only.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file is stale.")] = False,
    repo: RepoOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Write definitions/ and rendered/ from base/, environments/ and the pipelines' code."""
    from generators.verbs import render as verb

    done = verb.check(_repository(repo), env) if check else verb.render(_repository(repo), env)
    print(done.to_json() if output is Output.JSON else done.to_text())


@app.command()
def check(repo: RepoOption = None, output: OutputOption = Output.TEXT) -> None:
    """Report everything that is wrong with the inputs and with rendered/, in every environment, in one pass."""
    from generators.verbs import check as verb

    findings = verb.check(_repository(repo))
    report.print_findings(findings, sys.stdout, output.value)
    raise SystemExit(any(finding.failing for finding in findings))


@app.command()
def explain(
    env: Annotated[str, typer.Argument(help="An environment, such as prod.")],
    key: Annotated[str, typer.Argument(help="A key, such as pipelines.transfer-learning.parameters.epochs.")] = "",
    repo: RepoOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Show the final value of a key, and every file and line that set it, in order."""
    from generators.verbs import explain as verb

    explanation = verb.explain(_repository(repo), env, key)
    print(explanation.to_json() if output is Output.JSON else explanation.to_text())


@app.command()
def run(
    pipeline: Annotated[str, typer.Argument(help="A pipeline, such as transfer-learning.")],
    env: Annotated[str, typer.Option(help="An environment that runs on this machine.")] = "local",
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter for this run.")
    ] = None,
    repo: RepoOption = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Run the rendered pipeline on this machine, with progress, metrics and pictures at the end."""
    from generators.verbs import run as verb

    console = Console(stderr=output is Output.JSON)
    progress = Progress(console)
    done = verb.run(
        _repository(repo),
        pipeline,
        env,
        set_ or [],
        lambda event: progress.show(event.kind, event.path, event.seconds, event.text),
    )
    if output is Output.JSON:
        print(done.to_json())
    else:
        show_outcome(console, done.markdown, done.clusters, done.places, done.next_steps)


@app.command()
def convert(
    file: Annotated[typer.FileText, typer.Argument(help="A compiled pipeline, or - for standard input.")],
    to: Annotated[Target, typer.Option("--to", help="What runs it.")] = Target.ARGO,
    run: Annotated[bool, typer.Option("--run", help="A Workflow that runs it once, for kubectl create.")] = False,
    schedule: Annotated[
        list[str] | None, typer.Option("--schedule", metavar="CRON", help="A CronWorkflow beside the template.")
    ] = None,
    timezone: Annotated[str, typer.Option("--timezone", help="The schedule's, such as Europe/Berlin.")] = "",
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A parameter of the run or the schedule.")
    ] = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Print any compiled KFP pipeline as manifests for kubectl apply: a WorkflowTemplate of Argo Workflows."""
    from generators.verbs import convert as verb

    wanted = verb.Wanted(to.value, run, tuple(schedule or ()), timezone, tuple(set_ or ()))
    print(verb.convert(_text(file), file.name, wanted), end="")


def main() -> None:
    """Run the command line, with every error as a message and an exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an exception, so that a run ends its steps
    try:
        app()
    except Refused as refused:
        wants_json = Output.JSON in _asked
        stream, form = (sys.stdout, "json") if wants_json else (sys.stderr, "text")
        report.print_findings(refused.findings, stream, form)
        sys.exit(refused.exit_status)
    except GraftError as error:
        _say(error)
        sys.exit(error.exit_status)
    except OSError as error:
        _say(
            GraftError(f"{error.filename or 'the disk'}: {error.strerror or error}", "check who may read and write it")
        )
        sys.exit(GraftError.exit_status)
    except KeyboardInterrupt:
        print("graft: interrupted; the steps that ran have been ended", file=sys.stderr)
        sys.exit(130)
    except Exception:
        print("graft: this is a defect of graft itself; please report it with what follows", file=sys.stderr)
        sys.excepthook(*sys.exc_info())
        sys.exit(3)


def _say(error: GraftError) -> None:
    files = list(error.files) if isinstance(error, Stale) else []
    if Output.JSON in _asked:
        print(json.dumps({"error": error.message, "fix": error.fix, "files": files}, indent=2))
        return
    for line in (f"graft: {error.message}", *(f"  {file}" for file in files), error.fix and f"  {error.fix}"):
        if line:
            print(line, file=sys.stderr)


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        fix = "save it as UTF-8; kfp on Windows may have written it otherwise"
        raise GraftError(f"{file.name} is no text in UTF-8: {error}", fix) from None


def _repository(path: Path | None) -> Repository:
    return Repository.find(path or Path.cwd())


if __name__ == "__main__":
    main()
