"""Running a task of any kind: its condition, its loop, its retries, and the component it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from generators.errors import GraftError
from generators.ir import graph
from generators.ir.values import holds
from generators.ir.view import Component, Retry, Task
from generators.runner.cancel import Cancelled, Token
from generators.runner.context import Context
from generators.runner.dag import run_dag
from generators.runner.dataflow import Scope, complete, given
from generators.runner.loops import iterations, run_loop
from generators.runner.results import Failure, Location, Result, State, Values
from generators.runner.step import run_step


def run_component(context: Context, component: Component, inputs: Values, place: Location, token: Token) -> Result:
    """Run a component: its DAG, or its executor."""
    if not component.is_dag:
        return run_step(context, component, inputs, place, token)
    if not place.names:  # the branches of one If share the names of the DAG around them
        place = replace(place, names=graph.names(context.pipeline, component))

    def run(key: str, results: Mapping[str, Result], own: Token) -> Result:
        task = component.task(key)
        scope = Scope(inputs, results, context.names | {"pipeline_task_name": key})
        new = place.must_run or _follows_a_beginning(context, results, task)
        return run_task(context, task, scope, replace(place, must_run=new), own)

    def passed_over(key: str, result: Result) -> None:
        if not component.task(key).is_branching:
            context.record.ended(str(place.below(place.names[key])), result)

    return run_dag(component, token, context.interrupted, run, passed_over)


def _follows_a_beginning(context: Context, results: Mapping[str, Result], task: Task) -> bool:
    """Whether a run that begins at a step has passed it on the way to this task."""
    begins = context.settings.reuse is not None and context.settings.reuse.first
    return bool(begins) and any(results[key].is_new for key in task.upstream if key in results)


def run_task(context: Context, task: Task, scope: Scope, parent: Location, token: Token) -> Result:
    """Run a task of a DAG that is ready: skip it where its condition says so, repeat it where it is a loop."""
    named = parent.below(parent.names.get(task.key, task.key), task.key)
    place = parent if task.is_branching else named
    scope = replace(scope, names={**scope.names, "pipeline_task_uuid": named.uuid(context.names)})
    result = _guarded(context, named, lambda: _run(context, task, given(task, scope), place, token))
    if result.state is State.SKIPPED:
        context.record.ended(str(named), result)
    return result


def _run(context: Context, task: Task, inputs: Values, place: Location, token: Token) -> Result:
    component, loop = context.pipeline.of_task(task), task.loop
    inputs = inputs if loop else complete(component, inputs)
    if task.condition and not holds(task.condition, inputs.parameters):
        return Result(State.SKIPPED)
    if not loop:
        return _attempts(context, task, inputs, place, token)

    def iterate(index: int, item: Values, own: Token) -> Result:
        spot = place.below(str(index))
        return _guarded(context, spot, lambda: _attempts(context, task, complete(component, item), spot, own))

    workers = context.settings.workers
    each = iterations(loop, inputs, context.names)
    return run_loop(component, each, min(task.parallelism or workers, workers), token, iterate)


def _guarded(context: Context, place: Location, work: Callable[[], Result]) -> Result:
    """What `work` gives, or how it ended where it could not even begin."""
    try:
        return work()
    except Cancelled:
        return Result(State.ENDED)
    except GraftError as error:
        result = Result(State.FAILED, failure=Failure.of(error, str(place)))
        context.record.ended(str(place), result)
        return result


def _attempts(context: Context, task: Task, inputs: Values, place: Location, token: Token) -> Result:
    """Run the task's component, and again after its back-off as often as the retry policy allows."""
    component, retry = context.pipeline.of_task(task), task.retry or Retry(0, "", 0, "")
    delay, factor = _seconds(retry.duration or "0s"), retry.factor or 2.0
    longest = min(_seconds(retry.longest or "3600s"), context.settings.longest_backoff)
    for _ in range(retry.count):
        result = run_component(context, component, inputs, place, token)
        if result.state is not State.FAILED or token.cancelled:
            return result
        token.wait(min(delay, longest))
        delay *= factor
    return run_component(context, component, inputs, place, token)


def _seconds(duration: str) -> float:
    """Seconds of a protobuf Duration in JSON, such as `1.5s`."""
    return float(duration.removesuffix("s"))
