"""Running a task of any kind: its condition, its loop, its retries, and the component it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from generators.errors import GraftError
from generators.ir import graph
from generators.ir.values import holds
from generators.runner.cancel import Cancelled, Token
from generators.runner.context import Context
from generators.runner.dag import run_dag
from generators.runner.dataflow import Scope, complete, given
from generators.runner.loops import is_loop, iterations, run_loop
from generators.runner.results import Failure, Location, Result, State, Values
from generators.runner.step import run_step


def run_component(
    context: Context, component: Mapping[str, Any], inputs: Values, place: Location, token: Token
) -> Result:
    """Run a component: its DAG, or its executor."""
    if "dag" not in component:
        return run_step(context, component, inputs, place, token)
    if not place.names:  # the branches of one If share the names of the DAG around them
        place = Location(place.path, graph.names(context.spec, component["dag"]), place.task)

    def run(key: str, results: Mapping[str, Result], own: Token) -> Result:
        scope = Scope(inputs, results, context.names | {"pipeline_task_name": key})
        return run_task(context, key, component["dag"]["tasks"][key], scope, place, own)

    def passed_over(key: str, result: Result) -> None:
        if not graph.transparent(key):
            context.record.ended(str(place.below(place.names[key])), result)

    return run_dag(component, token, context.interrupted, run, passed_over)


def run_task(
    context: Context, key: str, task: Mapping[str, Any], scope: Scope, parent: Location, token: Token
) -> Result:
    """Run a task of a DAG that is ready: skip it where its condition says so, repeat it where it is a loop."""
    named = parent.below(parent.names.get(key, key), key)
    place = parent if graph.transparent(key) else named
    scope = replace(scope, names={**scope.names, "pipeline_task_uuid": named.uuid(context.names)})
    result = _guarded(context, named, lambda: _run(context, task, given(task, scope), place, token))
    if result.state is State.SKIPPED:
        context.record.ended(str(named), result)
    return result


def _run(context: Context, task: Mapping[str, Any], inputs: Values, place: Location, token: Token) -> Result:
    component = context.component(task)
    inputs = inputs if is_loop(task) else complete(component, inputs)
    condition = task.get("triggerPolicy", {}).get("condition")
    if condition and not holds(condition, inputs.parameters):
        return Result(State.SKIPPED)
    if not is_loop(task):
        return _attempts(context, task, inputs, place, token)

    def iterate(index: int, item: Values, own: Token) -> Result:
        spot = place.below(str(index))
        return _guarded(context, spot, lambda: _attempts(context, task, complete(component, item), spot, own))

    each = iterations(task, inputs, context.names)
    return run_loop(task, component, each, context.settings.workers, token, iterate)


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


def _attempts(context: Context, task: Mapping[str, Any], inputs: Values, place: Location, token: Token) -> Result:
    """Run the task's component, and again after its back-off as often as the retry policy allows."""
    component, policy = context.component(task), task.get("retryPolicy", {})
    delay, factor = _seconds(policy.get("backoffDuration", "0s")), policy.get("backoffFactor") or 2.0
    longest = min(_seconds(policy.get("backoffMaxDuration", "3600s")), context.settings.longest_backoff)
    for _ in range(int(policy.get("maxRetryCount", 0))):
        result = run_component(context, component, inputs, place, token)
        if result.state is not State.FAILED or token.cancelled:
            return result
        token.wait(min(delay, longest))
        delay *= factor
    return run_component(context, component, inputs, place, token)


def _seconds(duration: str) -> float:
    """Seconds of a protobuf Duration in JSON, such as `1.5s`."""
    return float(duration.removesuffix("s"))
