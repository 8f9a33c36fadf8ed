"""Claim: a compiled pipeline of 20 tasks becomes a WorkflowTemplate in less than 10 ms.

Run it with `python benchmarks/argo.py`; it prints that time, that of the validation before it, that of kfp's own
compiler for the same pipeline, and the ratio.
"""

import time
from collections.abc import Callable

from google.protobuf import json_format
from kfp import dsl

from generators.engines import argo
from generators.ir import validate

TASKS = 20
REPETITIONS = 15


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step(text: str, number: int = 3) -> str:
    return text * number


def main() -> None:
    spec = json_format.MessageToDict(pipeline().pipeline_spec)
    argo.convert(spec)  # reads the bootstrap and the descriptors, once
    mine, theirs = best_of(lambda: argo.compile_template(spec)), best_of(pipeline)
    print(f"graft, validation of the IR    {best_of(lambda: validate.problems(spec)) * 1e3:6.1f} ms")
    print(f"graft, IR to WorkflowTemplate  {mine * 1e3:6.1f} ms")
    print(f"kfp, Python to IR              {theirs * 1e3:6.1f} ms")
    print(f"ratio of times                 {theirs / mine:6.1f}")


def pipeline() -> dsl.graph_component.GraphComponent:
    @dsl.pipeline(name="twenty")
    def twenty(text: str = "x", number: int = 2):
        task = step(text=text)
        for _ in range(TASKS - 2):
            task = step(text=task.output, number=number)
        with dsl.If(task.output == "x", name="if-x"):
            step(text="z")

    return twenty


def best_of(work: Callable[[], object]) -> float:
    """The least CPU time of several repetitions, in seconds."""
    times = []
    for _ in range(REPETITIONS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
