"""A task that fails makes the run fail, and what follows does not run."""

from kfp import dsl

from kit import fail, say


@dsl.pipeline(name="failure")
def pipeline():
    failed = fail()
    say(text="never").after(failed)
