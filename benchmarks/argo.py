"""Claim: a compiled pipeline of 20 tasks becomes a WorkflowTemplate in less than 10 ms.

Run it with `python -m benchmarks.argo`. Its peer is kfp's own compiler, which makes the IR of the same pipeline.
"""

from google.protobuf import json_format
from kfp import dsl

from benchmarks.measure import best, here
from benchmarks.report import Row, seconds, section
from generators.engines.argo.workflow_template import compile_template

TASKS = 20
REPETITIONS = 15
BUDGET = 0.01


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step(text: str, number: int = 3) -> str:
    return text * number


def main() -> None:
    spec = json_format.MessageToDict(pipeline().pipeline_spec)
    compile_template(spec)  # reads the bootstrap, once
    works = {"graft": lambda: here(lambda: compile_template(spec)), "kfp": lambda: here(pipeline)}
    mine, theirs = best(REPETITIONS, works)
    row = Row(f"IR of {TASKS} tasks to a WorkflowTemplate", seconds(mine), f"kfp, Python to IR: {seconds(theirs)}",
              f"{mine.cpu / theirs.cpu:.1f} x its time", f"{BUDGET * 1e3:.0f} ms", mine.cpu < BUDGET)  # fmt: skip
    section("Conversion to Argo", __doc__, [row])


def pipeline() -> dsl.graph_component.GraphComponent:
    @dsl.pipeline(name="twenty")
    def twenty(text: str = "x", number: int = 2):
        task = step(text=text)
        for _ in range(TASKS - 2):
            task = step(text=task.output, number=number)
        with dsl.If(task.output == "x", name="if-x"):
            step(text="z")

    return twenty


if __name__ == "__main__":
    main()
