"""A pipeline ends at its deadline."""

from kfp import dsl

from kit import SHELL


@dsl.container_component
def sleep():
    return dsl.ContainerSpec(SHELL, ["sleep", "120"])


@dsl.pipeline(
    name="settings-deadline",
    pipeline_config=dsl.PipelineConfig(active_deadline_seconds=5, ttl_seconds_after_failure=3600),
)
def pipeline():
    sleep()
