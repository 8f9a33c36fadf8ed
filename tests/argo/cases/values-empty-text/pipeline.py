"""An empty text is a value, and not an absent one."""

from kfp import dsl

from kit import echo, say


@dsl.pipeline(name="values-empty-text")
def pipeline() -> str:
    return say(text=f"<{echo(text='').output}>").outputs["out"]
