"""kfp loses an input of a loop where one text is made of two fields of its item."""

from typing import List

from kfp import dsl

from kit import say


@dsl.pipeline(name="refused-lost-input")
def pipeline(people: List[dict] = [{"who": "Ada", "age": 36}]):
    with dsl.ParallelFor(people, name="each") as person:
        say(text=f"{person.who} {person.age}")
