"""The exit task runs after a failure, hears of it, and does not hide it."""

from kfp import dsl

from kit import PYTHON, fail


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(status: dsl.PipelineTaskFinalStatus):
    assert status.state == "FAILED" and status.error_message, status


@dsl.pipeline(name="exit-handler-failure")
def pipeline():
    last = told()
    with dsl.ExitHandler(last, name="work"):
        fail()
