"""The values of a policy's variables, made once for all policies that judge the same object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generators.cel.quick import activation, changed
from generators.cel.values import from_python, settled
from generators.checks.policies.matching import Request
from generators.checks.policies.variables import namespace_variable, request_variable

Object = Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """A value as CEL has it, and whether Google's CEL holds it as it is."""

    value: Any
    truly: bool

    @classmethod
    def of(cls, value: Any) -> Held:
        """What was read from JSON."""
        if settled(value):
            return cls(value, True)
        converted = from_python(value)
        return cls(converted, not changed(converted))


_NOTHING = Held(None, True)


class Bindings:
    """What `object`, `oldObject`, `request`, `namespaceObject` and `params` stand for."""

    def __init__(self, held: Mapping[str, Held]) -> None:
        self._held = held

    @classmethod
    def of(cls, request: Request) -> Bindings:
        """Those of a request, without params."""
        return cls(
            {
                "object": Held.of(request.object),
                "oldObject": Held.of(request.old),
                "request": Held.of(request_variable(request)),
                "namespaceObject": Held.of(namespace_variable(request)),
                "params": _NOTHING,
            }
        )

    def with_params(self, params: Held | None) -> Bindings:
        """The same with an object of params."""
        return Bindings({**self._held, "params": params}) if params else self

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The values as CEL has them."""
        return {name: held.value for name, held in self._held.items()}

    @cached_property
    def activation(self) -> Any:
        """The values as Google's CEL holds them; None where it would not hold them truly."""
        return activation(self.values) if all(held.truly for held in self._held.values()) else None
