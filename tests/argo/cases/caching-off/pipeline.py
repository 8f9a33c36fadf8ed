"""A task may be left out of the cache."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="caching-off")
def pipeline() -> str:
    return say(text="fresh").set_caching_options(enable_caching=False).outputs["out"]
