"""The same text as a constant of the pipeline."""

from kfp import dsl

from kit import AWKWARD, echo, say


@dsl.pipeline(name="values-awkward-constant")
def pipeline() -> str:
    return echo(text=say(text=AWKWARD.replace("{{$.pipeline_job_name}} {{$}}", "")).outputs["out"]).output
