"""A list keeps its integers and its text."""

from kfp import dsl

from kit import described


@dsl.pipeline(name="values-list")
def pipeline(value: list = [1, 2.5, "{{workflow.name}}", [True, "x"]]) -> str:
    return described(value=value).output
