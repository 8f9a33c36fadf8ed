"""A run cannot be given what is not one of the allowed values."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="values-literal")
def pipeline(colour: str = "red") -> str:
    """Paint.

    Args:
        colour: Red or blue.
    """
    return say(text=colour).outputs["out"]


# kfp's language has no words for it yet, its message has.
for allowed in ("red", "blue"):
    pipeline.pipeline_spec.root.input_definitions.parameters["colour"].literals.add().string_value = allowed
