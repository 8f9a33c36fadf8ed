"""The cases: each a folder with a pipeline and what is expected of it, whatever runs it.

`expected.json` holds `parameters` for the run and one of

    outputs   {name: value}           the pipeline's outputs; the run succeeds
    failed    [path, ...]             the run fails, and these steps have failed
    refused   [reason, ...]           it has no Argo equivalent

and, where it says more, `succeeded` (steps that have, though others failed), `pods` (how many Argo needs), `hits` (how
many tasks a second run takes from Argo's cache) and `local` (why this machine refuses it). `objects.yaml` is what the
cluster must hold beforehand.
"""

import importlib.util
import json
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from generators.engines.argo import workflow_template
from google.protobuf import json_format

HERE = Path(__file__).parent
NAMES = sorted(folder.name for folder in (HERE / "cases").iterdir() if (folder / "expected.json").is_file())
ROOT = "s3://graft/pipelines"


@dataclass(frozen=True)
class Expected:
    """What a run is given, and how it must end."""

    parameters: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] | None = None
    failed: list[str] | None = None
    refused: list[str] = field(default_factory=list)
    succeeded: list[str] = field(default_factory=list)
    local: list[str] = field(default_factory=list)
    pods: int | None = None
    hits: int | None = None


def expected(name: str) -> Expected:
    """What the case says of itself."""
    return Expected(**json.loads((HERE / "cases" / name / "expected.json").read_text("utf-8")))


@cache
def compiled(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The PipelineSpec and the PlatformSpec of a case."""
    if "kit" not in sys.modules:
        _load("kit", HERE / "kit.py")
    pipeline = _load(f"argo_case_{name}", HERE / "cases" / name / "pipeline.py").pipeline
    return json_format.MessageToDict(pipeline.pipeline_spec), json_format.MessageToDict(pipeline.platform_spec)


def objects(name: str) -> list[dict[str, Any]]:
    """What the cluster must hold before the case can run."""
    file = HERE / "cases" / name / "objects.yaml"
    return list(yaml.load_all(file.read_text("utf-8"), yaml.CSafeLoader)) if file.is_file() else []


def converted(name: str) -> dict[str, Any]:
    """The WorkflowTemplate of a case."""
    spec, platform = compiled(name)
    root = "" if "defaultPipelineRoot" in spec else ROOT
    options = workflow_template.Options(name=f"case-{name}"[:63].rstrip("-"), root=root, source=name)
    return workflow_template.convert(spec, platform, options)


def _load(name: str, file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def closed(schema):
    """The schema, with no key allowed that it does not name: an API server would drop it without a word."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    free = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    named = isinstance(schema.get("properties"), dict) and "type" in schema
    return found | ({"additionalProperties": False} if named and not free else {})
