# ruff: noqa: UP045
"""Values between tasks: optional inputs, defaults, constants, lists and mappings."""

from typing import Optional  # kfp does not read `str | None`

from kfp import dsl


@dsl.container_component
def optional(out: dsl.OutputPath(str), text: Optional[str] = None, other: str = "default"):
    given = dsl.IfPresentPlaceholder("text", then=["--text", text], else_=["--none"])
    return dsl.ContainerSpec(
        "kit", ["sh", "-ec", 'out=$1; shift 2; printf "%s " "$@" > "$out"', "sh"], [out, other, other, given]
    )


def test_an_optional_input_without_a_value_stays_absent_through_nested_pipelines(execute):
    @dsl.pipeline
    def inner(text: Optional[str] = None, other: str = "inner") -> str:
        return optional(text=text, other=other).outputs["out"]

    @dsl.pipeline(name="absent")
    def pipeline(text: Optional[str] = None) -> str:
        return inner(text=text).output

    assert execute(pipeline).outputs["Output"] == "inner --none "


def test_an_optional_input_with_a_value_arrives(execute):
    @dsl.pipeline(name="present")
    def pipeline(text: Optional[str] = None) -> str:
        return optional(text=text).outputs["out"]

    assert execute(pipeline, {"text": "x y"}).outputs["Output"] == "default --text x y "


def test_an_optional_artifact_may_be_absent(execute, kit):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def describe(data: dsl.Input[dsl.Dataset] = None) -> str:
        return "nothing" if data is None else data.name

    @dsl.pipeline(name="no-artifact")
    def pipeline() -> str:
        return describe().output

    assert execute(pipeline).outputs["Output"] == "nothing"


def test_types_arrive_in_python_as_declared(execute):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def types(a: int, b: float, c: bool, d: list, e: dict, f: str) -> str:
        import json

        return json.dumps([a, b, c, d, e, f], sort_keys=True)

    @dsl.pipeline(name="types")
    def pipeline(
        a: int = 3,
        b: float = 2,
        c: bool = True,
        d: list = [[{"rate": 0.5, "units": 64}]],  # noqa: B006
        e: dict = {"n": 1},  # noqa: B006
        f: str = "7",
    ) -> str:
        return types(a=a, b=b, c=c, d=d, e=e, f=f).output

    assert execute(pipeline).outputs["Output"] == '[3, 2.0, true, [[{"rate": 0.5, "units": 64}]], {"n": 1}, "7"]'


def test_values_inside_a_constant_mapping_are_put_in(execute, kit):
    @dsl.component(base_image="kit", install_kfp_package=False)
    def show(options: dict) -> str:
        return str(sorted(options.items()))

    @dsl.pipeline(name="mapping")
    def pipeline(name: str) -> str:
        return show(options={"name": f"<{name}>", "n": 3}).output

    assert execute(pipeline, {"name": "it's"}).outputs["Output"] == str([("n", 3), ("name", "<it's>")])


def test_output_parameters_are_typed_by_their_declaration(execute, kit):
    @dsl.pipeline(name="typed")
    def pipeline(n: int = 5) -> int:
        return kit.number(value=n).outputs["out"]

    outcome = execute(pipeline)
    assert outcome.outputs["Output"] == 5 and isinstance(outcome.outputs["Output"], int)


def test_a_text_made_of_an_input_without_a_value_fails_its_step(execute, kit):
    @dsl.pipeline(name="nameless")
    def pipeline(name: Optional[str] = None):
        kit.say(text=f"hello {name}")

    outcome = execute(pipeline)
    assert outcome.failure.step == "say"
    assert "has no value" in outcome.failure.reason
