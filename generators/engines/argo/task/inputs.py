"""What the template of a component takes, and which of it the command of a container cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.engines.argo.text.expressions import encoded
from generators.engines.argo.text.names import parameter
from generators.ir.view import Component, Container, Declared, placeholders
from generators.ir.view.placeholders import Concat, Element


def inputs(component: Component) -> dict[str, Any]:
    """The inputs of a component's template; one that may be absent has a default, the empty text at the least."""
    found = [{"name": parameter(declared.name)} | _default(declared) for declared in component.all_inputs]
    return {"parameters": found} if found else {}


def needed(component: Component, container: Container) -> frozenset[str]:
    """The inputs without a default that the command takes whether they are present or not."""
    found: set[str] = set()
    for template in container.templates:
        found.update(taken_by(placeholders.element(template)))
    return frozenset(found - {each.name for each in component.all_inputs if each.default is not None})


def taken_by(element: Element | tuple[Element, ...]) -> Iterator[str]:
    """The inputs of an element, outside what is there only if another input is present."""
    if isinstance(element, str):
        for keys in placeholders.named(element):
            if keys[:1] == ["inputs"] and len(keys) > 2:
                yield keys[2]
    elif isinstance(element, tuple):
        for item in element:
            yield from taken_by(item)
    elif isinstance(element, Concat):
        yield from taken_by(element.parts)


def _default(declared: Declared) -> dict[str, str]:
    if declared.default is not None:
        return {"default": encoded(declared.default, declared.kind)}
    return {"default": ""} if declared.is_optional else {}
