"""A loop is a template of its own around what it repeats."""

import json
from collections.abc import Callable

import pytest
from kfp import dsl

from generators.engines.argo import workflow_template
from generators.errors import Refused


@dsl.container_component
def say(text: str, out: dsl.OutputPath(str)):
    return dsl.ContainerSpec("image:1", ["sh", "-ec", 'printf %s "$0" > "$1"', text, out])


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def listed(values: list) -> str:
    return str(values)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def made(text: str, data: dsl.Output[dsl.Dataset]):
    data.metadata["text"] = text


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def taken(data: dsl.Input[list[dsl.Dataset]]) -> int:
    return len(data)


def test_items_are_chosen_by_index_so_that_no_value_is_in_a_node_s_name(templates):
    @dsl.pipeline(name="looped")
    def pipeline():
        with dsl.ParallelFor(["a", "b"], name="each", parallelism=1) as item:
            said = say(text=item)
        listed(values=dsl.Collected(said.outputs["out"]))

    loop = templates(pipeline)["each"]
    [task] = loop["dag"]["tasks"]

    assert loop["parallelism"] == 1
    assert task["template"] == "each-each"
    assert task["withSequence"]["count"].startswith("{{=string(len(")
    assert [argument for argument in task["arguments"]["parameters"] if "int(item)" in argument["value"]]


def test_a_constant_loop_says_how_many_artifacts_its_list_has(templates):
    @dsl.pipeline(name="known")
    def pipeline():
        with dsl.ParallelFor(["a", "b", "c"], name="each") as item:
            one = made(text=item)
        taken(data=dsl.Collected(one.outputs["data"]))

    fetched = [item for item in templates(pipeline)["taken"]["inputs"]["artifacts"] if "s3" in item]

    assert [item["path"] for item in fetched] == [f"/graft/inputs/data/{index}" for index in range(3)]


def test_a_loop_over_a_parameter_has_places_for_thirty_two(templates):
    @dsl.pipeline(name="unknown")
    def pipeline(values: list[str]):
        with dsl.ParallelFor(values, name="each") as item:
            one = made(text=item)
        taken(data=dsl.Collected(one.outputs["data"]))

    fetched = [item for item in templates(pipeline)["taken"]["inputs"]["artifacts"] if "s3" in item]

    assert len(fetched) == 32


def test_a_loop_over_a_parameter_with_a_longer_default_has_a_place_for_each(templates):
    @dsl.pipeline(name="longer")
    def pipeline(values: list[str] = ["x"] * 40):
        with dsl.ParallelFor(values, name="each") as item:
            one = made(text=item)
        taken(data=dsl.Collected(one.outputs["data"]))

    assert sum("s3" in item for item in templates(pipeline)["taken"]["inputs"]["artifacts"]) == 40


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def gathers(data: dsl.Input[list[dsl.Dataset]]):
    print(len(data))


def _gathering(count: int) -> Callable[..., None]:
    @dsl.pipeline(name="many")
    def pipeline():
        with dsl.ParallelFor([f"s3://bucket/{index}" for index in range(count)], name="all") as uri:
            imported = dsl.importer(artifact_uri=uri, artifact_class=dsl.Dataset, reimport=False)
        gathers(data=dsl.Collected(imported.output))

    return pipeline


def test_a_thousand_artifacts_fit_in_a_template_and_one_place_in_a_short_line(compiled):
    manifest = workflow_template.convert(*compiled(_gathering(1000)), workflow_template.Options())

    [made] = [template for template in manifest["spec"]["templates"] if template["name"] == "gathers"]
    places = [each for each in made["inputs"]["artifacts"] if each["name"].startswith("graft-data-")]
    assert len(places) == 1000
    assert max(len(json.dumps(place)) for place in places) < 270
    assert len(json.dumps(manifest)) < 400_000


def test_more_artifacts_than_a_template_has_room_for_are_refused_when_compiling(compiled):
    with pytest.raises(Refused) as refused:
        workflow_template.convert(*compiled(_gathering(1001)), workflow_template.Options())

    [finding] = [found for found in refused.value.findings if found.path == "gathers"]
    assert (finding.rule, finding.path) == ("size", "gathers")
    assert finding.message == "it takes 1001 artifacts as data, and a template has room for 1000"


def test_a_list_whose_length_no_one_knows_is_warned_of(compiled):
    @dsl.component(base_image="python:3.11", install_kfp_package=False)
    def uris() -> list[str]:
        return []

    @dsl.pipeline(name="some")
    def pipeline(known: list[str] = ["a"]):  # noqa: B006
        with dsl.ParallelFor(uris().output, name="others") as uri:
            other = made(text=uri)
        with dsl.ParallelFor(known, name="few") as text:
            few = made(text=text)
        gathers(data=dsl.Collected(other.outputs["data"]))
        gathers(data=dsl.Collected(few.outputs["data"])).set_display_name("gathers-few")

    found = workflow_template.compile_template(*compiled(pipeline)).refusals

    assert [(each.verdict, each.reason, each.path) for each in found] == [("warning", "size", "gathers")]
    assert found[0].message.endswith("it fails on more than 32")
