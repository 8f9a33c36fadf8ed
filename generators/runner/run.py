"""A run of a compiled pipeline on this machine, from its parameters to its record."""

from __future__ import annotations

import secrets as random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generators.errors import Refused, RunFailed
from generators.ir.view import Pipeline
from generators.output import write
from generators.runner import leftovers, record, secrets, unkept
from generators.runner.context import Context
from generators.runner.dataflow import complete
from generators.runner.preflight import findings
from generators.runner.process import GRACE
from generators.runner.results import RECORD, Artifact, Failure, Location, Result, State, Values
from generators.runner.running import Running
from generators.runner.settings import Event, Settings, component_packages
from generators.runner.tasks import run_component


@dataclass(frozen=True)
class RunResult:
    """A run that succeeded: where it is kept, what it was given, what it gave, every one of its steps,
    and what of these this machine did not keep to."""

    pipeline: str
    run_id: str
    directory: Path
    parameters: Mapping[str, Any]
    outputs: Mapping[str, Any]
    artifacts: Mapping[str, list[Artifact]]
    steps: tuple[record.StepRecord, ...]
    seconds: float
    unkept: unkept.Unkept = field(default_factory=dict)


RUNS = Path(".graft", "runs")  # in the repository; a folder a pipeline, and in it one a run


def run(
    pipeline_spec: Mapping[str, Any],
    platform_spec: Mapping[str, Any] | None,
    parameters: Mapping[str, Any],
    *,
    settings: Settings,
) -> RunResult:
    """Run the pipeline with `parameters` and wait for it.

    Raises Refused, with every finding and before anything starts, where it cannot run here; RunFailed, after the exit
    tasks, where a step failed. Either way a run that began leaves `run.json` in its folder.
    """
    secret = settings.secret or secrets.lookup(settings.repository, settings.environ)
    found = findings(pipeline_spec, platform_spec, parameters, secret, settings.source)
    if found:
        raise Refused(found)
    pipeline = Pipeline.of(pipeline_spec, platform_spec)
    inputs = complete(pipeline.root, Values(parameters))
    context = _context(pipeline, settings, secret, inputs)
    asked = unkept.asked_for(pipeline)
    start, result, deadline = time.monotonic(), None, pipeline.deadline
    clock = threading.Timer(deadline or threading.TIMEOUT_MAX, context.interrupted.cancel)
    clock.start()
    try:
        context.record.tell(Event("run", "", text=str(context.directory)))
        for line in unkept.lines(asked):
            context.record.tell(Event("unkept", "", text=line))
        token = context.interrupted.child()
        result = _beside(lambda: run_component(context, pipeline.root, inputs, Location(), token), context)
    except record.Unheard as unheard:
        raise unheard.__cause__ or unheard from None
    finally:
        clock.cancel()
        seconds = round(time.monotonic() - start, 3)
        _keep(context, _document(context, result) | {"seconds": seconds})
    if result.state is not State.SUCCEEDED:
        late = f"it did not end within its deadline of {deadline} s" if context.interrupted.cancelled else ""
        failure = result.failure or Failure(pipeline.name, late or "it was ended")
        raise RunFailed(failure.step, failure.reason, failure.log)
    return _succeeded(context, inputs, result.outputs, seconds, asked)


def _keep(context: Context, document: Mapping[str, Any]) -> None:
    """Write the run's record, on a full disk into the room that was kept free for it.

    Where there is none left either, what is known of the run stays in its file `running`, for the next one to record.
    """
    try:
        try:
            record.write(context.directory / RECORD, document)
        except OSError:
            context.running.give_room()
            record.write(context.directory / RECORD, document)
    except OSError:
        context.running.let_go()
        if document["state"] == State.SUCCEEDED:
            raise
    else:
        context.running.end()


def _beside(work: Callable[[], Result], context: Context) -> Result:
    """What `work` gives, done in a thread of its own.

    Python raises Ctrl-C wherever the main thread is, and in the middle of starting a pool's thread the pool would not
    know of it. So the main thread only waits, and after an interruption it waits for the steps to end; a second one
    ends them at once.
    """
    over: Future[Result] = Future()

    def body() -> None:
        try:
            over.set_result(work())
        except BaseException as error:
            over.set_exception(error)

    try:
        threading.Thread(target=body, daemon=True).start()
        return over.result()
    except BaseException:
        context.interrupted.cancel()
        try:
            wait([over], timeout=3 * GRACE)
        finally:
            leftovers.kill(leftovers.of(context.directory))
        raise


def _succeeded(context: Context, inputs: Values, outputs: Values, seconds: float, asked: unkept.Unkept) -> RunResult:
    return RunResult(
        pipeline=context.pipeline.name,
        run_id=context.directory.name,
        directory=context.directory,
        parameters=inputs.parameters,
        outputs=outputs.parameters,
        artifacts=outputs.artifacts,
        steps=context.record.steps,
        seconds=seconds,
        unkept=asked,
    )


def _context(pipeline: Pipeline, settings: Settings, secret: Any, inputs: Values) -> Context:
    own = settings.repository / settings.runs / pipeline.name if settings.runs else None
    runs = own or write.scratch(settings.repository, RUNS.name, pipeline.name)
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{random.token_hex(3)}"
    directory = runs.absolute() / run_id
    directory.mkdir(parents=True)
    head = {"pipeline": pipeline.name, "run": run_id, "parameters": inputs.parameters, "started": record.now()}
    running = Running(directory, head)
    packages = component_packages(settings.repository) if settings.packages is None else settings.packages
    root = settings.repository.absolute()
    return Context(
        pipeline,
        settings,
        {name: root / folder for name, folder in packages.items()},
        secret,
        directory,
        _names(f"{pipeline.name}-{run_id}", directory),
        head,
        running,
        record.Record(settings.on_event, running.step),
        threading.Semaphore(settings.workers),
    )


def _names(job: str, directory: Path) -> dict[str, str]:
    """What the placeholders of a job stand for."""
    created = record.now()
    return {
        "pipeline_job_name": job,
        "pipeline_job_resource_name": job,
        "pipeline_job_uuid": str(uuid.uuid4()),
        "pipeline_job_create_time_utc": created,
        "pipeline_job_schedule_time_utc": created,
        "pipeline_root": str(directory),
    }


def _document(context: Context, result: Result | None) -> dict[str, Any]:
    return {
        **context.head,
        "state": result.state.value if result else "INTERRUPTED",
        "outputs": result.outputs if result else Values(),
        "failure": result.failure if result else None,
        "steps": [record.without_running(vars(step)) for step in context.record.steps],
    }
