"""A task that fails is tried again, and then it has failed."""

from kfp import dsl

from kit import fail


@dsl.pipeline(name="retry-exhausted")
def pipeline():
    fail().set_retry(num_retries=1, backoff_duration="1s", backoff_factor=2.0, backoff_max_duration="5s")
