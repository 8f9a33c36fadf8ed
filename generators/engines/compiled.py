"""Find the IR in whatever a compiled pipeline comes in: IR YAML or JSON, a PipelineJob, KFP's Kubernetes manifest."""

from __future__ import annotations

from typing import Any

import yaml

from generators.errors import GraftError
from generators.ir.values import integers

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EXPECTED = "give what kfp's compiler writes, a PipelineJob, or a PipelineVersion"


def read_compiled(text: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The PipelineSpec and the PlatformSpec (empty where there is none) in `text`, which is called `name` in errors."""
    try:
        documents = list(yaml.load_all(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise GraftError(f"{name} is neither YAML nor JSON: {error}", _EXPECTED) from None
    specs = [found for document in documents if (found := _spec(document))]
    platforms = [found for document in documents if (found := _platform(document))]
    if len(specs) != 1:
        raise GraftError(f"{name} holds {len(specs)} compiled pipelines, and one is wanted", _EXPECTED)
    return integers(specs[0]), integers(platforms[0]) if platforms else {}


def _spec(document: Any) -> dict[str, Any] | None:
    """A PipelineSpec has a root; a PipelineJob and a PipelineVersion hold one."""
    if not isinstance(document, dict):
        return None
    if "root" in document and "pipelineInfo" in document:
        return document
    return _spec(_holder(document).get("pipelineSpec"))


def _platform(document: Any) -> dict[str, Any] | None:
    if not isinstance(document, dict):
        return None
    return document if "platforms" in document else _platform(_holder(document).get("platformSpec"))


def _holder(document: dict[str, Any]) -> dict[str, Any]:
    return document["spec"] if isinstance(document.get("spec"), dict) else document
