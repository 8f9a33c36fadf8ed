"""References that multiply are refused before anything expands them."""

from __future__ import annotations

import pytest

from generators.inventory.expansion import MAX_VALUES

BOMBS = {
    "mappings": ["a0: {x: 1}"] + [f'a{n}: {{x: "${{a{n - 1}}}", z: "${{a{n - 1}}}"}}' for n in range(1, 40)],
    "texts": ["a0: 1"] + [f'a{n}: "${{a{n - 1}}}${{a{n - 1}}}"' for n in range(1, 40)],
    "nested": ["s: s", "a0: {s: 1}"]
    + [f'a{n}: {{s: "${{a{n - 1}:${{s}}}}", t: "${{a{n - 1}:${{s}}}}"}}' for n in range(1, 40)],
    "below": ["a0: {x: {z: 1}}"]
    + [f'a{n}: {{x: {{p: "${{a{n - 1}:x}}", q: "${{a{n - 1}:x}}"}}}}' for n in range(1, 40)],
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_references_that_double_at_each_line_are_refused_at_the_largest(merged, bomb: list[str]) -> None:
    environment, loaded = merged("b: 1", "\n".join(bomb))
    (finding,) = loaded.findings
    assert (finding.rule, finding.place.line) == ("expansion", 2 + len(bomb))
    assert f"at most {MAX_VALUES} values" in finding.allowed
    assert environment.parameters is None


def test_many_references_to_the_same_values_are_accepted(merged) -> None:
    uses = "\n".join(f"step{n}: {{resources: '${{resources}}'}}" for n in range(1000))
    environment, loaded = merged("resources: {cpu: '1', memory: 2Gi}", uses)
    assert loaded.findings == ()
    assert environment.parameters["step999"] == {"resources": {"cpu": "1", "memory": "2Gi"}}
