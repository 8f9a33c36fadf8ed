"""A way from a pipeline to its templates by name.

kfp reads the annotations of components as objects: no postponed annotations where some are defined.
"""

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf import json_format

from generators.engines.argo import workflow_template


@pytest.fixture
def compiled() -> Callable[[Any], tuple[dict[str, Any], dict[str, Any]]]:
    """The PipelineSpec and the PlatformSpec of a pipeline, from the compiled messages."""
    return _compiled


@pytest.fixture
def templates() -> Callable[..., dict[str, dict[str, Any]]]:
    """The templates of a pipeline, by name."""

    def made(pipeline: Any, **options: Any) -> dict[str, dict[str, Any]]:
        manifest = workflow_template.convert(*_compiled(pipeline), workflow_template.Options(**options))
        return {template["name"]: template for template in manifest["spec"]["templates"]}

    return made


def _compiled(pipeline: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return json_format.MessageToDict(pipeline.pipeline_spec), json_format.MessageToDict(pipeline.platform_spec)
