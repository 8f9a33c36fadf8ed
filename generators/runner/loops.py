"""Loops: one task for each item of a list of parameters or artifacts, what they give gathered in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from generators.errors import GraftError
from generators.ir.values import shown, strict_json
from generators.runner import placeholders
from generators.runner.cancel import Token
from generators.runner.dataflow import gathered
from generators.runner.results import Result, State, Values

Iterate = Callable[[int, Values, Token], Result]


def is_loop(task: Mapping[str, Any]) -> bool:
    """Whether the task is repeated for each item of a list."""
    return "parameterIterator" in task or "artifactIterator" in task


def iterations(task: Mapping[str, Any], inputs: Values, names: Mapping[str, str]) -> list[Values]:
    """What each iteration of a loop is given: the loop's inputs, and its item."""
    if "artifactIterator" in task:
        iterator = task["artifactIterator"]
        items = inputs.artifacts.get(iterator["items"]["inputArtifact"], [])
        return [Values(inputs.parameters, {**inputs.artifacts, iterator["itemInput"]: [item]}) for item in items]
    iterator = task["parameterIterator"]
    return [
        Values({**inputs.parameters, iterator["itemInput"]: item}, inputs.artifacts)
        for item in _items(iterator["items"], inputs, names)
    ]


def run_loop(
    task: Mapping[str, Any],
    component: Mapping[str, Any],
    each: list[Values],
    workers: int,
    token: Token,
    iterate: Iterate,
) -> Result:
    """Run the iterations, as many at once as the task's parallelism and `workers` allow; one failure ends them all."""
    parallelism = int(task.get("iteratorPolicy", {}).get("parallelismLimit", 0)) or workers
    own = token.child()
    with ThreadPoolExecutor(max(1, min(parallelism, workers, len(each)))) as pool:

        def run(index: int, inputs: Values) -> Result:
            result = Result(State.ENDED)
            try:
                result = result if own.cancelled else iterate(index, inputs, own)
            finally:
                if result.state.broken:
                    own.cancel()
            return result

        results = [future.result() for future in [pool.submit(run, index, item) for index, item in enumerate(each)]]
    broken = [result for result in results if result.state.broken]
    if broken:
        return next((result for result in broken if result.failure), broken[0])
    return Result(State.SUCCEEDED, gathered(component, [result.outputs for result in results]))


def _items(source: Mapping[str, Any], inputs: Values, names: Mapping[str, str]) -> list[Any]:
    if "raw" in source:
        return placeholders.fill(strict_json(source["raw"]), placeholders.view({}, inputs.parameters, names))
    items = inputs.parameters.get(source["inputParameter"])
    if not isinstance(items, list):
        raise GraftError(f"the loop goes over {source['inputParameter']}, which is no list: {shown(items)}")
    return items
