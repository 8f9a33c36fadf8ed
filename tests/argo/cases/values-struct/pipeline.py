"""A nested mapping ends in braces that close no tag."""

from kfp import dsl

from kit import mapping


@dsl.pipeline(name="values-struct")
def pipeline(value: dict = {"a": {"b": {"c": 1}}, "d{{x}}": "{{workflow.name}}"}) -> str:
    return mapping(value=value).output
