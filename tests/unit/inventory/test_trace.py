"""Which writings of a value are in use, layer by layer."""

from __future__ import annotations

import pytest

from generators.inventory.layers import Layer
from generators.inventory.read import read_document
from generators.inventory.trace import Trace

# What three layers write, and for a path the layers that wrote it, in capitals those in use.
CASES = [
    (["a: 1", "a: 2", "b: 1"], ("a",), "aB"),
    (["a: [1]", "a: [2]", "a: [3]"], ("a",), "ABC"),
    (["a: [1]", "~a: [2]", "a: [3]"], ("a",), "aBC"),
    (["a: [1]", "a: null", "a: [3]"], ("a",), "abC"),
    (["a: [1]", "a: [2]", "a: null"], ("a",), "abC"),
    (["m: {a: [1]}", "m: null", "m: {a: [3]}"], ("m", "a"), "aC"),
    (["m: {a: [1]}", "~m: {b: 1}", "m: {a: [3]}"], ("m", "a"), "aC"),
    (["m: {a: [1]}", "b: 1", "~m: {b: [3]}"], ("m", "a"), "a"),
    (["m: {a: [1]}", "m: '${o}'", "o: {a: [3]}"], ("m", "a"), "AB"),
    (["m: {a: 1}", "m: '${o}'", "o: {a: 3}"], ("m", "a"), "aB"),
    (["m: {a: 1}", "m: '${o}'", "o: {b: 3}"], ("m", "a"), "A"),
    (["m: {a: [1]}", "m: '${o}'", "o: {~a: [3]}"], ("m", "a"), "aB"),
    (["m: {b: {a: [1]}}", "m: '${o}'", "o: {~b: {a: [3]}}"], ("m", "b", "a"), "aB"),
    (["m: {a: [1]}\no: {a: [2]}", "m: '${o}'", "o: {~a: [3]}"], ("m", "a"), "AB"),
    (["m: {a: [1]}", "m: '${o}'", "~o: {a: [3]}"], ("m", "a"), "AB"),
    (["m: {a: [1]}", "m: '${o}'\no: null", "m: {a: [3]}"], ("m", "a"), "aC"),
    (["a: '${c}'", "a: [2]", "c: [3]"], ("a",), "AB"),
    (["a: '${c}'", "a: 2", "c: 3"], ("a",), "aB"),
    (["a: '${b}'", "b: '${a}'", "c: 1"], ("a",), "A"),
    (["a: [1, {b: [4, 5]}]", "a: [{b: [6]}]", "c: 1"], ("a", 2, "b", 0), "B"),
    (["a: [1]", "c: 1", "c: 2"], ("a", 1), ""),
    (["a: [['${b}']]", "b: {c: [1]}", "c: 2"], ("a", 0, 0, "c", 0), "A"),
]


@pytest.mark.parametrize(("texts", "path", "writings"), CASES)
def test_each_writing_is_found_and_marked(texts: list[str], path: tuple[str | int, ...], writings: str) -> None:
    layers = [Layer(name, f"{name}.yml", _tree(name, text)) for name, text in zip("abc", texts, strict=True)]
    origins = Trace(layers, {}).origins(path)
    found = "".join(origin.layer.name.upper() if origin.used else origin.layer.name for origin in origins)
    assert found == writings


def _tree(name: str, text: str):
    document = read_document(f"{name}.yml", text + "\n")
    assert not document.findings
    return document.root


def test_the_keys_below_a_reference_are_those_of_what_it_refers_to() -> None:
    texts = ["m: {a: 1}", "~m: '${o}'", "o: {b: 1, ~c: 2}"]
    layers = [Layer(name, f"{name}.yml", _tree(name, text)) for name, text in zip("abc", texts, strict=True)]
    assert Trace(layers, {}).keys(("m",)) == ["a", "b", "c"]
    assert Trace(layers, {}).keys(()) == ["m", "o"]
