"""The shape of the IR says what every engine must agree on, and two shapes say where they differ.

kfp reads the annotations of components as objects: no postponed annotations here.
"""

import copy
import json
from dataclasses import replace

import pytest
from google.protobuf import json_format
from kfp import dsl, kubernetes

from generators.ir.normal_form import UNSAID, Difference, Shape, Task, shape_of


@dsl.container_component
def say(text: str, out: dsl.OutputPath(str), loud: bool = False):
    return dsl.ContainerSpec("busybox:1", ["sh", "-c"], [dsl.ConcatPlaceholder(["echo ", text]), loud, out])


@dsl.container_component
def keep(text: str, data: dsl.Output[dsl.Dataset]):
    return dsl.ContainerSpec("busybox:1", ["keep", text, data.path])


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def read(data: dsl.Input[dsl.Dataset], rate: float = 0.5) -> str:
    return data.path


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def tell(status: dsl.PipelineTaskFinalStatus):
    print(status)


@dsl.pipeline(name="whole")
def whole(people: list = [{"who": "Ada"}], word: str = "Hello", memory: str = "1Gi", secret: str = "s"):  # noqa: B006
    say(text=word).set_memory_limit(memory).set_display_name("alone")
    last = tell()
    with dsl.ExitHandler(last, name="guarded"):
        kept = keep(text=f"{word}!").set_retry(2, "10s", 2, "60s")
        taken = read(data=kept.outputs["data"]).set_caching_options(False).set_cpu_limit("500m")
        taken.set_env_variable("COLOUR", "red").set_accelerator_type("chip").set_accelerator_limit(2)
        kubernetes.use_secret_as_env(taken, secret, {"token": "TOKEN"})
        kubernetes.use_config_map_as_volume(taken, "settings", "/etc/settings", optional=True)
        kubernetes.add_node_selector(taken, "disk", "fast")
        kubernetes.add_toleration(taken, "spare", "Exists", effect="NoSchedule")
        with dsl.ParallelFor(people, name="each", parallelism=3) as person:
            say(text=person.who).set_display_name("told").after(kept)
        with dsl.If(taken.output == "it's", name="if-known"):
            say(text="known", loud=True).set_display_name("known")


def _compiled(pipeline):
    return json_format.MessageToDict(pipeline.pipeline_spec), json_format.MessageToDict(pipeline.platform_spec)


@pytest.fixture(scope="module")
def tasks():
    return shape_of(*_compiled(whole)).tasks


def test_every_task_is_there_by_its_path(tasks):
    below = {"guarded/keep", "guarded/read", "guarded/each", "guarded/each/told", "guarded/if-known"}

    assert tasks.keys() == {"", "alone", "tell", "guarded", "guarded/if-known/known", *below}


def test_a_task_waits_for_those_that_it_takes_from_and_those_that_it_names(tasks):
    assert tasks["guarded/read"].after == {"keep": "succeeded"}
    assert tasks["guarded/each"].after == {"keep": "succeeded"}
    assert tasks["guarded/if-known"].after == {"read": "succeeded"}


def test_an_exit_task_waits_until_what_it_guards_is_over_and_is_told_how(tasks):
    assert tasks["tell"].after == {"guarded": "over"}
    assert tasks["tell"].arguments == {"status": "status of guarded"}


def test_a_loop_says_what_it_is_repeated_over(tasks):
    each = tasks["guarded/each"]

    assert (each.loop, each.parallelism) == ("input pipelinechannel--people", "3")
    assert each.arguments["pipelinechannel--people-loop-item"] == "item of input pipelinechannel--people"
    assert tasks["guarded/each/told"].arguments == {"text": "input pipelinechannel--people-loop-item[who]"}


def test_a_condition_names_where_its_values_come_from(tasks):
    assert tasks["guarded/if-known"].condition.startswith("<read.Output> == ")


def test_arguments_are_constants_or_references(tasks):
    assert tasks["guarded/if-known/known"].arguments == {"text": '"known"', "loud": "true"}
    assert tasks["guarded/read"].arguments == {"data": "keep.data"}
    assert tasks["guarded/keep"].arguments == {"text": "input pipelinechannel--word"}  # within a text


def test_inputs_say_what_may_be_left_out(tasks):
    assert tasks[""].inputs["people"] == 'default [{"who": "Ada"}]'
    assert tasks["guarded/each/told"].inputs == {"text": "required", "loud": "default false"}
    assert tasks["guarded/read"].inputs == {"data": "required", "rate": "default 0.5"}


def test_types_are_those_of_parameters_and_the_content_of_artifacts_goes_with_them(tasks):
    assert tasks["guarded/read"].types == {"input rate": "NUMBER_DOUBLE", "output Output": "STRING"}
    assert tasks["guarded/read"].artifacts == {"input data": "brought"}
    assert tasks["guarded/keep"].artifacts == {"output data": "kept"}


def test_a_command_is_constant_or_says_what_is_put_in(tasks):
    assert tasks["guarded/keep"].command == ("keep", "<its text>", "<the path of data>")
    assert tasks["guarded/each/told"].command == ("sh", "-c", "<its text>", "<its loud>", "<the path of out>")
    assert tasks["guarded/read"].command[-2:] == ("--function_to_execute", "read")


def test_resources_are_quantities_in_their_base_unit(tasks):
    assert tasks["guarded/read"].resources == {"cpu limit": "0.5", "chip limit": "2"}
    assert tasks["alone"].resources == {"memory limit": "<input memory>"}


def test_variables_volumes_and_settings_say_where_they_come_from(tasks):
    read_task = tasks["guarded/read"]

    assert read_task.env == {"COLOUR": '"red"', "TOKEN": "secret <input pipelinechannel--secret>, key token"}
    assert read_task.volumes == {"/etc/settings": "config map settings (optional)"}
    assert read_task.settings["node selector disk"] == "fast"
    assert [name for name in read_task.settings if "spare" in name]


def test_a_task_is_tried_again_and_cached_as_it_says(tasks):
    assert tasks["guarded/keep"].retry == "2 more, after 10s, times 2, at most 60s"
    assert (tasks["guarded/keep"].cached, tasks["guarded/read"].cached) == ("by what it is given", "")


def test_a_shape_does_not_depend_on_the_order_of_keys(tasks):
    spec, platform = _compiled(whole)
    reversed_keys = json.loads(json.dumps(spec), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert list(Shape({}, tasks).differences(Shape({}, shape_of(reversed_keys, platform).tasks))) == []


SAME = [({"cpuLimit": 0.5}, {"resourceCpuLimit": "500m"}), ({"memoryLimit": 4}, {"resourceMemoryLimit": "4G"})]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_deprecated_numbers_of_older_sdks_are_the_same_quantities(old, new):
    found = []
    for resources in (old, new):
        spec, platform = _compiled(whole)
        spec["deploymentSpec"]["executors"]["exec-keep"]["container"]["resources"] = resources
        found.append(shape_of(spec, platform).tasks["guarded/keep"].resources)

    assert found[0] == found[1] != {}


def test_what_is_the_same_does_not_differ():
    spec, platform = _compiled(whole)

    assert list(shape_of(spec, platform).differences(shape_of(copy.deepcopy(spec), copy.deepcopy(platform)))) == []


ONE = Task("container", image="a", env={"X": '"1"'}, command=("sh", "-c"))
OTHERS = {
    "another image": (replace(ONE, image="b"), Difference("t", "image", "", "a", "b")),
    "no image": (replace(ONE, image=""), Difference("t", "image", "", "a", "(nothing)")),
    "a variable more": (replace(ONE, env={"X": '"1"', "Y": "2"}), Difference("t", "env", "Y", "(nothing)", "2")),
    "a variable less": (replace(ONE, env={}), Difference("t", "env", "X", '"1"', "(nothing)")),
    "another argument": (replace(ONE, command=("sh", "-x")), Difference("t", "command", "1", "-c", "-x")),
    "an argument less": (replace(ONE, command=("sh",)), Difference("t", "command", "1", "-c", "(nothing)")),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_difference_is_named_with_both_values(name):
    other, difference = OTHERS[name]

    assert list(Shape({}, {"t": ONE}).differences(Shape({}, {"t": other}))) == [difference]


def test_a_task_that_only_one_has_and_a_parameter_are_named():
    here, there = Shape({"x": "required"}, {"t": ONE}), Shape({"x": "optional"}, {})

    assert list(here.differences(there)) == [
        Difference("", "parameters", "x", "required", "optional"),
        Difference("t", "task", "", "container", "(nothing)"),
    ]


def test_what_a_form_cannot_say_is_no_difference():
    other = replace(ONE, env={"X": UNSAID}, image=UNSAID)

    assert list(Shape({}, {"t": ONE}).differences(Shape({}, {"t": other}))) == []
