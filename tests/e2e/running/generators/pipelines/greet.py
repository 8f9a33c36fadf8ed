"""Say a word to somebody, and measure it: a file that goes through the object store, a value and a metric."""

from components.greeter.component import greet, measure
from kfp import dsl


@dsl.pipeline(name="greet", description="Greets somebody.")
def pipeline(word: str = "Hello") -> str:
    greeting = greet(word=word)
    return measure(greeting=greeting.outputs["greeting"]).outputs["Output"]
