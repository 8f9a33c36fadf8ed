"""A task may run in spite of a failure, and the run has failed all the same."""

from kfp import dsl

from kit import fail, say


@dsl.pipeline(name="ignore-upstream-failure")
def pipeline():
    failed = fail()
    say(text="after all").after(failed).ignore_upstream_failure()
