"""An exit task takes a parameter, and the handled tasks may loop."""

from kfp import dsl

from kit import echo, say


@dsl.pipeline(name="exit-handler-parameter")
def pipeline(text: str = "bye"):
    last = say(text=text).set_display_name("last")
    with dsl.ExitHandler(last, name="work"):
        with dsl.ParallelFor(["a", "b"], name="each") as item:
            echo(text=item)
