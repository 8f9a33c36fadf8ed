"""The order of tasks, nested pipelines, and what a failure does to what stands beside it."""

import time

from kfp import dsl


def test_a_nested_pipeline_takes_defaults_and_gives_parameters_and_artifacts(execute, kit):
    @dsl.pipeline
    def inner(text: str, suffix: str = "!") -> dsl.Dataset:
        said = kit.say(text=f"{text}{suffix}")
        return kit.make(text=said.outputs["out"]).outputs["data"]

    @dsl.pipeline(name="nested")
    def pipeline(text: str = "hi") -> str:
        return kit.read(data=inner(text=text).output).outputs["out"]

    outcome = execute(pipeline)
    assert outcome.outputs == {"Output": "hi!"}
    assert list(outcome.states) == ["inner/say", "inner/make", "read"]


def test_after_orders_tasks_that_share_no_data(execute, kit):
    @dsl.pipeline(name="ordered")
    def pipeline():
        last = kit.say(text="last")
        first = kit.nap(seconds="0.1")
        last.after(first)

    assert list(execute(pipeline).states) == ["nap", "say"]


def test_independent_tasks_run_at_once(execute, kit):
    @dsl.pipeline(name="parallel")
    def pipeline():
        for _ in range(4):
            kit.nap(seconds="0.5")

    start = time.monotonic()
    assert execute(pipeline).result
    assert time.monotonic() - start < 1.5


def test_one_worker_runs_one_step_at_a_time(execute, kit):
    @dsl.pipeline(name="serial")
    def pipeline():
        for _ in range(3):
            kit.nap(seconds="0.05")

    kinds = [event.kind for event in execute(pipeline, workers=1).events[1:]]
    assert kinds == ["started", "succeeded"] * 3


def test_a_failure_ends_the_steps_beside_it(execute, kit):
    @dsl.pipeline(name="fail-fast")
    def pipeline():
        kit.nap(seconds="60")
        kit.fail().after(kit.nap(seconds="0.2").set_display_name("short"))

    start = time.monotonic()
    outcome = execute(pipeline)
    assert time.monotonic() - start < 10
    assert outcome.failure.step == "fail"
    assert outcome.states == {"nap": "ENDED", "short": "SUCCEEDED", "fail": "FAILED"}


def test_an_exit_task_runs_after_a_failure_with_its_status_and_the_run_still_fails(execute, kit):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def farewell(status: dsl.PipelineTaskFinalStatus) -> str:
        return f"{status.state} {status.pipeline_task_name}: {status.error_message}"

    @dsl.pipeline(name="exit-failed")
    def pipeline():
        with dsl.ExitHandler(farewell(), name="handled"):
            kit.fail()

    outcome = execute(pipeline)
    assert outcome.failure.step == "handled/fail"
    said = outcome.output("farewell", "Output")
    assert said == "FAILED exit-handler-1: its command failed: exit status 3; it said: broken"


def test_an_exit_task_learns_of_success(execute, kit):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def farewell(status: dsl.PipelineTaskFinalStatus) -> str:
        return f"{status.state} {status.error_message}"

    @dsl.pipeline(name="exit-succeeded")
    def pipeline():
        with dsl.ExitHandler(farewell(), name="handled"):
            kit.say(text="fine")

    assert execute(pipeline).output("farewell", "Output") == "SUCCEEDED None"


def test_a_task_that_ignores_upstream_failure_runs_with_its_default_and_the_run_still_fails(execute, kit):
    @dsl.container_component
    def silent(out: dsl.OutputPath(str)):
        return dsl.ContainerSpec("kit", ["sh", "-c", "exit 1"], [out])

    @dsl.container_component
    def rescue(out: dsl.OutputPath(str), text: str = "instead"):
        return dsl.ContainerSpec("kit", ["sh", "-c", 'printf %s "$0" > "$1"'], [text, out])

    @dsl.pipeline(name="ignored")
    def pipeline():
        saved = rescue(text=silent().outputs["out"]).ignore_upstream_failure()
        kit.say(text=saved.outputs["out"])

    outcome = execute(pipeline)
    assert outcome.failure.step == "silent"
    assert outcome.output("say") == "instead"


def test_what_follows_on_a_skipped_task_is_skipped(execute, kit):
    @dsl.pipeline(name="skipping")
    def pipeline(go: bool = False):
        with dsl.If(go == True, name="only-if"):  # noqa: E712
            first = kit.say(text="x")
            kit.say(text=first.outputs["out"])
        kit.number(value=1)

    outcome = execute(pipeline)
    assert outcome.states == {"only-if": "SKIPPED", "number": "SUCCEEDED"}
    assert ("skipped", "only-if") in [(event.kind, event.path) for event in outcome.events]
