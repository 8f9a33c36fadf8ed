"""A placeholder is found wherever it stands in a constant, in either of the quotes that SDKs write."""

from __future__ import annotations

import pytest

from generators.engines.argo.text import placeholders
from generators.runner import placeholders as here


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_placeholder_inside_a_constant_is_filled_here_and_on_argo(quote: str) -> None:
    name = f"{{{{$.inputs.parameters[{quote}x{quote}]}}}}"
    constant = [name, {"key": [f"a {name}"], name: 1}]

    expression = placeholders.built(constant, {"x": "<x>"}, {})

    assert expression.count("<x>") == 3 and "$.inputs" not in expression.replace("\\u0024", "$")
    assert here.fill(constant, here.view({}, {"x": "v"}, {})) == ["v", {"key": ["a v"], "v": 1}]
