"""The values of a policy's variables, made once for all policies that judge the same object."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from generators.cel.values import from_python
from generators.checks.policies.matching import Request
from generators.checks.policies.variables import namespace_variable, request_variable

Object = Mapping[str, Any]


class Bindings:
    """What `object`, `oldObject`, `request` and `namespaceObject` stand for, as CEL has them."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def with_params(self, params: Object | None) -> Mapping[str, Any]:
        """The same with an object of params."""
        return {**self._values, "params": params}

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        request = self._request
        found = {
            "object": request.object,
            "oldObject": request.old,
            "request": request_variable(request),
            "namespaceObject": namespace_variable(request),
        }
        return {name: from_python(value) for name, value in found.items()}
