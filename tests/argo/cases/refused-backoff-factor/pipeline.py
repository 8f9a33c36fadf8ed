"""Argo multiplies by whole numbers only."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="refused-backoff-factor")
def pipeline():
    say(text="x").set_retry(num_retries=1, backoff_duration="1s", backoff_factor=1.5)
