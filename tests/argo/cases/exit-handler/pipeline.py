"""An exit task hears that the tasks it waits for succeeded."""

from kfp import dsl

from kit import PYTHON, say


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(status: dsl.PipelineTaskFinalStatus):
    assert status.state == "SUCCEEDED", status


@dsl.pipeline(name="exit-handler")
def pipeline():
    last = told()
    with dsl.ExitHandler(last, name="work"):
        say(text="x")
