"""`graft convert`: any compiled KFP pipeline as plain Argo Workflows, useful with no repository at all."""

from __future__ import annotations

from generators.engines import argo
from generators.engines.compiled import read_compiled
from generators.output.emit import to_yaml


def convert(text: str, name: str) -> str:
    """The WorkflowTemplate of the compiled pipeline in `text`, as YAML; Refused with every reason where it has none."""
    spec, platform = read_compiled(text, name)
    template = argo.convert(spec, platform, argo.Options(source=name))
    return to_yaml([template], [f"Made by `graft convert` from {name}."])
