"""The pipeline root must be where Argo's artifact repository can be."""

from kfp import dsl

from kit import say


@dsl.pipeline(name="refused-storage", pipeline_root="/mnt/share")
def pipeline():
    say(text="x")
