"""A whole run: what it leaves, what it says, and how it ends."""

import pytest
from kfp import dsl

from generators.errors import Refused

AWKWARD = 'it\'s "x" {{workflow.name}} {{=1+1}} {{ $(HOME) \\ ünïcode {{$.pipeline_job_name}} {{$}} `id` $HOME\n'


def test_a_run_keeps_its_record_and_its_artifacts_below_its_own_folder(execute, kit, tmp_path):
    @dsl.pipeline(name="kept")
    def pipeline(text: str = "hello") -> str:
        made = kit.make(text=text)
        return kit.read(data=made.outputs["data"]).outputs["out"]

    outcome = execute(pipeline)
    folder = outcome.result.directory
    assert folder.parent == tmp_path / ".graft" / "runs" / "kept"
    assert (folder / "make" / "data").read_text() == "hello"
    assert outcome.outputs == {"Output": "hello"}
    record = outcome.record
    assert (record["state"], record["parameters"], record["failure"]) == ("SUCCEEDED", {"text": "hello"}, None)
    assert [step["path"] for step in record["steps"]] == ["make", "read"]
    assert record["steps"][0]["outputs"]["artifacts"]["data"][0]["uri"] == str(folder / "make" / "data")
    assert {item.name for item in folder.iterdir()} == {"make", "read", "run.json"}


def test_run_ids_sort_by_time_and_differ(execute, kit):
    @dsl.pipeline(name="twice")
    def pipeline():
        kit.say(text="x")

    first, second = execute(pipeline).result.run_id, execute(pipeline).result.run_id
    assert first < second


def test_progress_is_told_step_by_step_with_every_line(execute):
    @dsl.container_component
    def talk():
        return dsl.ContainerSpec("kit", ["sh", "-c", "echo one; echo two >&2"])

    @dsl.pipeline(name="told")
    def pipeline():
        talk()

    outcome = execute(pipeline)
    told = [(event.kind, event.path, event.text) for event in outcome.events[1:]]
    assert told == [
        ("started", "talk", ""),
        ("output", "talk", "one"),
        ("output", "talk", "two"),
        ("succeeded", "talk", ""),
    ]
    assert outcome.events[0].text == str(outcome.result.directory)
    assert (outcome.result.directory / "talk" / "log.txt").read_text() == "one\ntwo\n"


def test_awkward_text_comes_through_three_tasks_unchanged(execute, kit):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def echo(text: str) -> str:
        return text

    @dsl.pipeline(name="awkward")
    def pipeline(text: str) -> str:
        first = kit.say(text=text)
        second = echo(text=first.outputs["out"])
        return kit.say(text=second.output).outputs["out"]

    assert execute(pipeline, {"text": AWKWARD}).outputs["Output"] == AWKWARD


def test_a_text_put_into_another_one_is_not_read_again(execute, kit):
    @dsl.pipeline(name="inserted")
    def pipeline(text: str) -> str:
        return kit.say(text=f"<{text}> in {dsl.PIPELINE_JOB_NAME_PLACEHOLDER}").outputs["out"]

    outcome = execute(pipeline, {"text": AWKWARD})
    assert outcome.outputs["Output"] == f"<{AWKWARD}> in inserted-{outcome.result.run_id}"


def test_a_failed_step_fails_the_run_and_names_step_reason_and_log(execute, kit):
    @dsl.pipeline(name="broken")
    def pipeline():
        failed = kit.fail()
        kit.say(text="never").after(failed)

    outcome = execute(pipeline)
    assert outcome.failure.step == "fail"
    assert outcome.failure.reason == "its command failed: exit status 3; it said: broken"
    assert outcome.failure.log.read_text() == "broken\n"
    assert outcome.states == {"fail": "FAILED", "say": "NOT_RUN"}
    assert outcome.record["state"] == "FAILED"


def test_a_large_text_comes_through_python_steps(execute):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def grow(text: str) -> str:
        return text * 3

    @dsl.component(base_image="kit", install_kfp_package=False)
    def size(text: str) -> int:
        return len(text)

    @dsl.pipeline(name="large")
    def pipeline(text: str) -> int:
        return size(text=grow(text=text).output).output

    assert execute(pipeline, {"text": "ü" * 100_000}).outputs["Output"] == 300_000


def test_a_text_too_large_for_an_argument_of_a_container_is_refused_by_name(execute, kit):
    @dsl.pipeline(name="too-large")
    def pipeline(text: str):
        kit.say(text=text)

    outcome = execute(pipeline, {"text": "x" * 200_000})
    assert outcome.failure.step == "say"
    assert "its longest parameter is text with 200000 bytes" in outcome.failure.reason
    assert "more than the kernel's 131071" in outcome.failure.reason


def test_nothing_starts_where_something_is_refused(execute, kit, tmp_path):
    @dsl.pipeline(name="refused")
    def pipeline(text: str):
        kit.say(text=text)

    with pytest.raises(Refused):
        execute(pipeline)
    assert list(tmp_path.iterdir()) == []


def test_a_run_ends_at_the_deadline_of_its_pipeline(execute):
    @dsl.container_component
    def sleep():
        return dsl.ContainerSpec("busybox", ["sleep", "60"])

    @dsl.pipeline(name="late", pipeline_config=dsl.PipelineConfig(active_deadline_seconds=1))
    def pipeline():
        sleep()

    outcome = execute(pipeline)
    assert "deadline of 1 s" in str(outcome.failure) and outcome.record["seconds"] < 30
