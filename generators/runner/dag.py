"""Running a DAG: each task as soon as what it waits for is over, and what a failure does to the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from generators.ir import graph
from generators.ir.view import Component
from generators.runner.cancel import Token
from generators.runner.dataflow import dag_outputs
from generators.runner.results import Result, State

RunTask = Callable[[str, Mapping[str, Result], Token], Result]
Pass = Callable[[str, Result], None]


def run_dag(component: Component, token: Token, interrupted: Token, run_task: RunTask, passed_over: Pass) -> Result:
    """Run every task of the component's DAG and say how it ended as a whole.

    A failure ends what runs beside it, and nothing more begins but the tasks that run after failures: exit tasks, those
    that ignore upstream failures, and what follows on them. Only `interrupted` ends these. `passed_over` hears of the
    tasks that are not run.
    """
    if token.cancelled:
        return Result(State.ENDED)
    dag = _Dag(component, token, interrupted, run_task, passed_over)
    with ThreadPoolExecutor(max(1, len(component.tasks))) as pool:
        try:
            while True:
                dag.begin(pool)
                if not dag.running:
                    break
                dag.settle()
        except BaseException:
            interrupted.cancel()
            raise
    return dag.result()


@dataclass
class _Dag:
    """One execution of a DAG, while it goes on."""

    component: Component
    token: Token
    interrupted: Token
    run_task: RunTask
    passed_over: Pass
    results: dict[str, Result] = field(default_factory=dict)
    running: dict[Future[Result], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.edges = graph.dependencies(self.component.tasks)
        self.spared = graph.spared(self.component.tasks, self.edges)
        self.own = self.token.child()

    @property
    def failing(self) -> bool:
        return self.token.cancelled or any(result.state.broken for result in self.results.values())

    def begin(self, pool: ThreadPoolExecutor) -> None:
        """Start every task that can, and settle those that never will. One pass is enough: upstream comes first."""
        for key, upstream in self.edges.items():
            if key in self.results or key in self.running.values():
                continue
            state = self._decided(key, [self.results.get(name) for name in upstream])
            if isinstance(state, State):
                self.results[key] = Result(state)
                self.passed_over(key, self.results[key])
            elif state:
                token = self.interrupted.child() if key in self.spared else self.own
                self.running[pool.submit(self.run_task, key, dict(self.results), token)] = key

    def settle(self) -> None:
        """Wait until a task is over; where it failed, end the others."""
        done, _ = wait(self.running, return_when=FIRST_COMPLETED)
        for future in done:
            self.results[self.running.pop(future)] = future.result()
        if self.failing:
            self.own.cancel()

    def result(self) -> Result:
        """How the DAG ended: by its first failure, in the order of its tasks, if there was one."""
        failed = [result for result in self.results.values() if result.failure]
        if failed:
            return Result(State.FAILED, dag_outputs(self.component, self.results), failed[0].failure)
        if any(result.state.broken for result in self.results.values()):
            return Result(State.ENDED)
        is_new = any(result.is_new for result in self.results.values() if result.state is not State.SKIPPED)
        return Result(State.SUCCEEDED, dag_outputs(self.component, self.results), is_new=is_new)

    def _decided(self, key: str, upstream: list[Result | None]) -> State | bool:
        """The state of a task that will not run, or whether it runs now."""
        if self.interrupted.cancelled or (self.failing and key not in self.spared):
            return State.NOT_RUN
        states = [result.state for result in upstream if result]
        if len(states) < len(upstream) or self.component.task(key).runs_after_failure:
            return len(states) == len(upstream)
        if any(state.broken for state in states):
            return State.NOT_RUN
        return State.SKIPPED if State.SKIPPED in states else True
