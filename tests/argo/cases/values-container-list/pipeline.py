"""A list that a container writes as JSON is read as one."""

from kfp import dsl

from kit import described, words


@dsl.pipeline(name="values-container-list")
def pipeline() -> str:
    return described(value=words(json_text='["{{workflow.name}}", "b"]').outputs["out"]).output
