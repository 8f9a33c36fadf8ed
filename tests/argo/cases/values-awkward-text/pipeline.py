"""Text that Argo, kubelet or a shell could read passes through three tasks as it is."""

from kfp import dsl

from kit import echo, say


@dsl.pipeline(name="values-awkward-text")
def pipeline(text: str) -> str:
    first = say(text=text)
    second = echo(text=first.outputs["out"])
    return say(text=second.output).outputs["out"]
