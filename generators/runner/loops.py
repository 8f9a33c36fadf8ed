"""Loops: one task for each item of a list of parameters or artifacts, what they give gathered in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from generators.errors import GraftError
from generators.ir.values import shown, strict_json
from generators.ir.view import Component, Loop
from generators.ir.view.tree import ARTIFACTS
from generators.runner import placeholders
from generators.runner.cancel import Token
from generators.runner.dataflow import gathered
from generators.runner.results import Result, State, Values

Iterate = Callable[[int, Values, Token], Result]


def iterations(loop: Loop, inputs: Values, names: Mapping[str, str]) -> list[Values]:
    """What each iteration of a loop is given: the loop's inputs, and its item."""
    if loop.group == ARTIFACTS:
        items = inputs.artifacts.get(loop.over, [])
        return [Values(inputs.parameters, {**inputs.artifacts, loop.item: [item]}) for item in items]
    items = _items(loop, inputs, names)
    return [Values({**inputs.parameters, loop.item: item}, inputs.artifacts) for item in items]


def run_loop(
    component: Component,
    each: list[Values],
    workers: int,
    token: Token,
    iterate: Iterate,
) -> Result:
    """Run the iterations, as many at once as there are `workers`; one failure ends them all."""
    own = token.child()
    with ThreadPoolExecutor(max(1, min(workers, len(each)))) as pool:

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
    outputs = gathered(component, [result.outputs for result in results])
    return Result(State.SUCCEEDED, outputs, is_new=any(result.is_new for result in results))


def _items(loop: Loop, inputs: Values, names: Mapping[str, str]) -> list[Any]:
    if loop.raw is not None:
        return placeholders.fill(strict_json(loop.raw), placeholders.view({}, inputs.parameters, names))
    items = inputs.parameters.get(loop.over)
    if not isinstance(items, list):
        raise GraftError(f"the loop goes over {loop.over}, which is not a list: {shown(items)}")
    return items
