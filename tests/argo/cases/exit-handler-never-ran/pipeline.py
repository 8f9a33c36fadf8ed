"""The exit task hears of a failure that kept its group from running at all."""

from kfp import dsl

from kit import PYTHON, fail, say


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(status: dsl.PipelineTaskFinalStatus):
    assert status.state == "FAILED", status


@dsl.pipeline(name="exit-handler-never-ran")
def pipeline():
    before = fail()
    with dsl.ExitHandler(told(), name="work"):
        say(text="never").after(before)
