"""What stands in the command of a container component."""

import re

import pytest
from kfp import dsl

from generators.errors import Refused


def _expand(text):
    """What kubelet makes of a command's element."""
    return re.sub(r"\$(\$|\(GRAFT_BRACE\))", lambda match: "$" if match[1] == "$" else "{", text)


def test_constant_text_reaches_the_container_and_argo_sees_no_tag(templates):
    text = "a {{workflow.name}} {{=1}} $(HOME) $$ ${x} }}"

    @dsl.container_component
    def work():
        return dsl.ContainerSpec("image:1", ["echo", text])

    @dsl.pipeline(name="constant")
    def pipeline():
        work()

    [_, written] = templates(pipeline)["work"]["container"]["command"]

    assert "{" not in written
    assert _expand(written) == text


def test_arguments_follow_the_command_so_that_kubelet_reads_them_all(templates):
    @dsl.container_component
    def work():
        return dsl.ContainerSpec("image:1", ["echo"], ["a", "b"])

    @dsl.pipeline(name="order")
    def pipeline():
        work()

    main = templates(pipeline)["work"]["container"]

    assert main["command"] == ["echo", "a", "b"]
    assert "args" not in main


def test_an_image_s_own_command_is_left_to_it(templates):
    @dsl.container_component
    def work():
        return dsl.ContainerSpec("image:1", args=["a"])

    @dsl.pipeline(name="own")
    def pipeline():
        work()

    main = templates(pipeline)["work"]["container"]

    assert main["args"] == ["a"]
    assert "command" not in main


def test_a_variable_with_braces_is_shielded(templates):
    @dsl.container_component
    def work():
        return dsl.ContainerSpec("image:1", ["env"])

    @dsl.pipeline(name="variable")
    def pipeline():
        work().set_env_variable("TEMPLATE", "{{workflow.name}} $HOME")

    first, second = templates(pipeline)["work"]["container"]["env"]

    assert first == {"name": "GRAFT_BRACE", "value": "{"}
    assert "{{" not in second["value"]
    assert _expand(second["value"]) == "{{workflow.name}} $HOME"


def test_a_placeholder_that_nothing_knows_is_refused_with_its_task(templates):
    @dsl.container_component
    def work():
        return dsl.ContainerSpec("image:1", ["echo", "{{$.pipeline_weather}}"])

    @dsl.pipeline(name="unknown")
    def pipeline():
        work().set_display_name("the-task")

    with pytest.raises(Refused) as refused:
        templates(pipeline)

    [finding] = refused.value.findings
    assert (finding.rule, finding.path) == ("placeholder", "the-task")
