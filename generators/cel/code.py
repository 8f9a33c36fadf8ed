"""An expression as Python's own code, which `writer` puts together."""

from __future__ import annotations

from dataclasses import dataclass

from generators.cel import ast


class Unwritten(Exception):
    """An expression with something in it that is not written as Python's code."""


@dataclass(frozen=True)
class Code:
    """An expression in Python.

    An `optional` value is the value itself or ABSENT. `keys` are the fields that are looked for one below the other, in
    what `text` is the code of; `uses` are names of what the code goes by. A `literal` is a text that is known.
    """

    text: str
    optional: bool = False
    keys: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    literal: bool = False

    @property
    def whole(self) -> str:
        """The code with its keys."""
        return f"reach({', '.join((self.text, *self.keys))})" if self.keys else self.text


def further(value: Code, key: str) -> Code:
    """One more field that may be missing."""
    return Code(value.text, True, (*value.keys, key)) if value.optional else Code(value.whole, True, (key,))


def is_text(node: ast.Node) -> bool:
    """Whether a node is a text that is known."""
    return isinstance(node, ast.Constant) and node.kind == "string"


def is_small(node: ast.Node) -> bool:
    """Whether a value costs no more than a call that asks whether it is needed."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.ListOf | ast.MapOf) and not ast.children(node))
