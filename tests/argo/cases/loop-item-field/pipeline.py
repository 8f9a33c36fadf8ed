"""A field of an item is an input of its own."""

from typing import List

from kfp import dsl

from kit import PYTHON, described


@dsl.component(base_image=PYTHON, install_kfp_package=False)
def told(name: str, age: int) -> str:
    return f"{name} {age}"


@dsl.pipeline(name="loop-item-field")
def pipeline(people: List[dict] = [{"who": "Ada", "age": 36}, {"who": "it's {{x}}", "age": 2}]) -> str:
    with dsl.ParallelFor(people, name="each") as person:
        said = told(name=person.who, age=person.age)
    return described(value=dsl.Collected(said.output)).output
