"""What has run before does not run again, and gives the same outputs."""

from kfp import dsl

from kit import make, read, say


@dsl.pipeline(name="caching-again")
def pipeline() -> str:
    text = say(text="a long first time").outputs["out"]
    data = make(text=text).set_caching_options(True, cache_key="made once")
    return read(data=data.output).set_caching_options(enable_caching=False).outputs["out"]
