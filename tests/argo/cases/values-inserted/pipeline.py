"""A text made of constants and parameters is not read again."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="values-inserted")
def pipeline(text: str = "a {{workflow.name}}", count: int = 3) -> str:
    return say(text=f"<{text}> {count}").outputs["out"]
