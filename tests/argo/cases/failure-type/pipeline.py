"""An output that is not of its type makes the run fail."""

from kfp import dsl

from kit import described, words


@dsl.pipeline(name="failure-type")
def pipeline() -> str:
    return described(value=words(json_text="no list").outputs["out"]).output
