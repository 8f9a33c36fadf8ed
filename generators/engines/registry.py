"""The engines that there are. A new one is a module with an ENGINE, and a line here."""

from __future__ import annotations

from generators.engines import argo, kubeflow, local, vertex
from generators.engines.engine import Engine
from generators.errors import GraftError
from generators.suggestions import did_you_mean

ENGINES: dict[str, Engine] = {
    engine.name: engine
    for engine in (
        argo.ENGINE,
        kubeflow.ENGINE,
        local.ENGINE,
        vertex.ENGINE,
    )
}
FACTS = {engine.name: engine.facts for engine in ENGINES.values()}  # the form of the facts that only one knows


def engine(name: str) -> Engine:
    """The engine of that name; GraftError with the nearest where there is none."""
    if name in ENGINES:
        return ENGINES[name]
    raise GraftError(f"there is no engine {name}; there are: {', '.join(ENGINES)}", did_you_mean(name, ENGINES))
