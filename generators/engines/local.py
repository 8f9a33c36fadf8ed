"""The `local` engine: the overlaid IR in KFP's own package format, two documents, which `runner` runs here."""

from __future__ import annotations

from generators.engines.engine import Document, Engine, Rendered, Target

FILE = "pipeline.yaml"


def _render(target: Target, spec: Document, platform: Document) -> Rendered:
    return Rendered({FILE: [spec, platform] if platform else [spec]})


ENGINE = Engine(
    name="local",
    needs=(),
    takes=frozenset(),
    render=_render,
    in_containers=False,
    on_kubernetes=False,
    here=FILE,
)
