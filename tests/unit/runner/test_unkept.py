"""What steps ask a cluster for is shown before they run, since a process here is neither given nor held to it."""

from kfp import dsl, kubernetes

from generators.ir.view import Pipeline
from generators.runner import unkept


def test_what_this_machine_does_not_keep_to_is_told_before_the_first_step(execute, kit):
    @dsl.pipeline(name="sized")
    def pipeline():
        train = kit.say(text="a").set_display_name("train")
        train.set_cpu_request("2").set_cpu_limit("4").set_memory_limit("8Gi")
        train.set_accelerator_type("nvidia.com/gpu").set_accelerator_limit(1)
        kubernetes.add_node_selector(train, "pool", "large")
        kit.say(text="b").set_display_name("test").set_cpu_limit("4")

    outcome = execute(pipeline)

    assert outcome.result.unkept == {
        "cpu": {"test": "4", "train": "2 to 4"},
        "memory": {"train": "8Gi"},
        "accelerator": {"train": "1 nvidia.com/gpu"},
        "node selector": {"train": "one of its own"},
    }
    kinds = [event.kind for event in outcome.events]
    assert "unkept" in kinds and kinds.index("unkept") < kinds.index("started")
    assert "cpu: 4 for test; 2 to 4 for train" in [event.text for event in outcome.events]


def test_many_steps_that_ask_alike_are_counted():
    assert list(unkept.lines({"cpu": dict.fromkeys(["a", "b", "c", "d"], "1")})) == ["cpu: 1 for 4 steps"]


def test_a_step_that_asks_for_nothing_is_not_named(kit):
    @dsl.pipeline(name="plain")
    def pipeline():
        kit.say(text="a")

    from google.protobuf import json_format

    assert unkept.asked_for(Pipeline.of(json_format.MessageToDict(pipeline.pipeline_spec))) == {}
