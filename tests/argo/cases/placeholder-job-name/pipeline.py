"""The job's name is put in where its placeholder stands."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="placeholder-job-name")
def pipeline() -> str:
    first = say(text=dsl.PIPELINE_JOB_NAME_PLACEHOLDER)
    with dsl.If(first.outputs["out"] == "{{$.pipeline_job_name}}", name="left"):
        left = say(text="left as it was").set_display_name("unread")
    with dsl.Else(name="put-in"):
        put = say(text="put in").set_display_name("read-it")
    return dsl.OneOf(left.outputs["out"], put.outputs["out"])
