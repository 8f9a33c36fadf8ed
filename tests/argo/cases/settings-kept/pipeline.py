"""A pipeline says how long its finished runs are kept, what it is called, and what it is for."""

from kfp import dsl

from kit import say


@dsl.pipeline(
    name="settings-kept",
    display_name="Kept for a day: {{workflow.name}}",
    description="Says how long runs are kept.",
    pipeline_config=dsl.PipelineConfig(
        ttl_seconds_after_finished=86400, ttl_seconds_after_success=3600, ttl_seconds_after_failure=172800
    ),
)
def pipeline(text: str = "kept") -> str:
    """Keep.

    Args:
        text: What is said.
    """
    return say(text=text).outputs["out"]
