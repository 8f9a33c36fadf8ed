"""The values of a policy's variables, made once for all policies that judge the same object."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from generators.cel.environment import activation
from generators.cel.values import from_python
from generators.checks.policies.matching import Request
from generators.checks.policies.variables import namespace_variable, request_variable

Object = Mapping[str, Any]


class Bindings:
    """What `object`, `oldObject`, `request`, `namespaceObject` and `params` stand for."""

    def __init__(self, request: Request, values: Mapping[str, Any] | None = None) -> None:
        self.request = request
        self._values = values
        self._with_params: dict[int, tuple[Object, Bindings]] = {}

    def with_params(self, params: Object | None) -> Bindings:
        """The same with an object of params; the same for the same object."""
        if params is None:
            return self
        if id(params) not in self._with_params:
            values = {**self.values, "params": from_python(params)}
            self._with_params[id(params)] = (params, Bindings(self.request, values))
        return self._with_params[id(params)][1]

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The values as CEL has them."""
        if self._values is not None:
            return self._values
        return {
            "object": from_python(self.request.object),
            "oldObject": from_python(self.request.old),
            "request": request_variable(self.request),
            "namespaceObject": from_python(namespace_variable(self.request)),
            "params": None,
        }

    @cached_property
    def activation(self) -> Any:
        """The values as Google's CEL holds them; None where it would not hold them truly."""
        return activation(self.values)
