"""Items of a list without a type, and fields of items, are compared as what they are."""

from kfp import dsl

from kit import PYTHON, described, say


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def joined(first: list, second: list) -> list:
    return first + second


@dsl.pipeline(name="loop-items-without-type")
def pipeline(values: list = [1, 36], people: list[dict] = [{"age": 36}]) -> str:
    with dsl.ParallelFor(values, name="values") as value:
        with dsl.If(value == 36, name="same"):
            same = say(text="same")
        with dsl.Else(name="other"):
            other = say(text="other").set_display_name("other")
        chosen = say(text=dsl.OneOf(same.outputs["out"], other.outputs["out"])).set_display_name("chosen")
    with dsl.ParallelFor(people, name="people") as person:
        with dsl.If(person.age == 36, name="old"):
            old = say(text=person.age).set_display_name("old")
    both = joined(first=dsl.Collected(chosen.outputs["out"]), second=dsl.Collected(old.outputs["out"]))
    return described(value=both.output).output
