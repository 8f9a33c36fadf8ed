"""The command line: `operations start` for one run, `operations sweep` for a namespace.

Exit status: 0 fine; 1 the run failed, or the sweep has left something undone; 2 nothing can be said of the run: the
request is wrong, or an API did not answer.
"""

from __future__ import annotations

import re
import signal
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Annotated, NoReturn

import typer

from operations.errors import OperationsError
from operations.model import WELL, Run, now
from operations.options import (
    Account,
    Api,
    Branch,
    Cluster,
    EngineName,
    Environment,
    Experiment,
    Mode,
    Namespace,
    Statuses,
    TokenFile,
)
from operations.patience import UNANSWERED, Patience, said
from operations.setup import Setup
from operations.start import Starter
from operations.sweep import Sweep

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
LONGEST_NAME = 63  # a Workflow's name is a label of its pods
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
FAILED, UNUSABLE = 1, 2


@app.command()
def start(
    engine: EngineName,
    namespace: Namespace,
    pipeline: Annotated[str, typer.Option(help="the pipeline's name")],
    version: Annotated[str, typer.Option(help="the name of the WorkflowTemplate or PipelineVersion that is run")],
    run: Annotated[str, typer.Option(help="the run's name: there is never a second run of it")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="follow the run to its end, and fail where it does")] = False,
    timeout: Annotated[float, typer.Option(help="seconds that a run may take which is waited for")] = 7 * 86400,
    lease: Annotated[float, typer.Option(help="seconds that whoever starts a run may take to")] = 60,
    poll: Annotated[float, typer.Option(help="seconds between two looks at a run")] = 5,
    give_up: Annotated[float, typer.Option(help="seconds after which an API that does not answer is given up")] = 300,
    api: Api = "",
    token_file: TokenFile = None,
    mode: Mode = "multi-user",
    experiment: Experiment = "graft",
    account: Account = "",
    environment: Environment = "",
    cluster: Cluster = "",
    statuses: Statuses = "",
    branch: Branch = "main",
) -> None:
    """Start a run of a version, once for each name."""
    wanted = Run(run or _name(pipeline), pipeline, version)
    if not _NAME.fullmatch(wanted.name):
        _fail(f"--run {wanted.name!r}: up to {LONGEST_NAME} lower-case letters, digits and dashes are a name")
    patience = Patience(poll=poll, give_up=give_up, lease=lease, request=min(20, lease / 3))
    setup = Setup(engine, namespace, api, token_file, mode, experiment, account, environment, cluster, statuses, branch)

    def whole() -> None:
        parts = setup.connected(patience)
        starter = Starter(wanted, parts.engine, parts.records, patience, typer.echo)
        record = starter.start()
        if not wait:
            typer.echo(f"{wanted.name}: {record.phase}")
            return
        record = starter.follow(timeout)
        typer.echo(f"{wanted.name}: {record.phase} {record.data.get('message', '')}".rstrip())
        for note in parts.reported(record):
            typer.echo(f"warning: {note}; the next sweep tries again", err=True)
        if record.phase not in WELL:
            raise typer.Exit(FAILED)

    _guarded(whole)


@app.command()
def sweep(
    engine: EngineName,
    namespace: Namespace,
    keep: Annotated[int, typer.Option(min=1, help="how many of a pipeline's versions stay that nothing names")],
    api: Api = "",
    token_file: TokenFile = None,
    mode: Mode = "multi-user",
    experiment: Experiment = "graft",
    account: Account = "",
    environment: Environment = "",
    cluster: Cluster = "",
    statuses: Statuses = "",
    branch: Branch = "main",
) -> None:
    """Record what became of runs, write it at the commits, and delete versions that are no longer needed."""
    setup = Setup(engine, namespace, api, token_file, mode, experiment, account, environment, cluster, statuses, branch)

    def whole() -> None:
        parts = setup.connected(Patience())
        round_ = Sweep(parts.client, parts.engine, parts.records, keep, parts.reporting, typer.echo)
        problems = round_.run()
        for problem in problems:
            typer.echo(f"error: {problem}", err=True)
        if problems:
            raise typer.Exit(FAILED)

    _guarded(whole)


def _name(pipeline: str) -> str:
    """A name that no run has yet: the pipeline's, and the time."""
    stamp = now().strftime("%Y%m%d-%H%M%S")
    return f"{pipeline[: LONGEST_NAME - len(stamp) - 1].rstrip('-')}-{stamp}"


def _guarded(do: Callable[[], None]) -> None:
    signal.signal(signal.SIGTERM, _end)
    try:
        do()
    except OperationsError as error:
        _fail(str(error))
    except UNANSWERED as error:
        _fail(said(error))
    except (typer.Exit, typer.Abort):
        raise
    except Exception:  # by itself it would exit with 1, and be taken for a run that failed
        traceback.print_exc()
        raise typer.Exit(UNUSABLE) from None


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """End as asked: the first process of a container would otherwise not hear it, and be killed half a minute later."""
    raise SystemExit(128 + number)


def _fail(message: str) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(UNUSABLE)
