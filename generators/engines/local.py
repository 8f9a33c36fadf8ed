"""The `local` engine: the overlaid IR in KFP's own package format, two documents, which `runner` runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generators.engines.engine import Document, Engine, Object, Rendered, Target

if TYPE_CHECKING:
    from generators.ir.normal_form import Names, Shape

FILE = "pipeline.yaml"


def _render(target: Target, spec: Document, platform: Document) -> Rendered:
    return Rendered({FILE: [spec, platform] if platform else [spec]})


def _read_back(obj: Object) -> Shape | None:
    """Nothing is read back: what is rendered is the very IR."""
    return None


def _names() -> Names:
    from generators.ir.normal_form import IR_NAMES

    return IR_NAMES


ENGINE = Engine(
    name="local",
    needs=(),
    takes=frozenset(),
    render=_render,
    read_back=_read_back,
    names=_names,
    in_containers=False,
    on_kubernetes=False,
    here=FILE,
)
