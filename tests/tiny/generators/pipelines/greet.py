"""Greet everybody: a pipeline as small as one with a loop, a branch and two kinds of component can be."""

from components.greeter.component import collect, greet, praise
from kfp import dsl


@dsl.pipeline(name="greet", description="Greets everybody.")
def pipeline(
    people: list[dict] = [{"name": "Ada", "layers": [64, 32]}],  # noqa: B006 (kfp reads the default, nothing changes it)
    word: str = "Hello",
    times: int = 1,
    rate: float = 0.5,
    polite: bool = True,
):
    with dsl.ParallelFor(people, name="people", parallelism=2) as person:
        greeting = greet(person=person, word=word, times=times, rate=rate)
    collected = collect(greetings=dsl.Collected(greeting.output))
    with dsl.If(polite == True, name="if-polite"):  # noqa: E712 (kfp builds the condition from the comparison)
        praise(text=collected.output)
