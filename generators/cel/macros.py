"""Macros that Kubernetes has and Google's CEL for Python lacks: comprehensions of two variables, and `sortBy`.

Source: ext/comprehensions.go and ext/lists.go of https://github.com/google/cel-go (v0.26).
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Collection, Iterator

from generators.cel import ast
from generators.cel.errors import InvalidExpression

_ACCU = "__result__"
_INSERT = "cel.@mapInsert"
_SORTED = "@__sortBy_input__"
_TYPES = ("bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint", "optional_type")


def expanded(tree: ast.Tree) -> ast.Tree:
    """The tree with each of these macros as the comprehension that it stands for; the tree itself where it has none."""
    if not any(_macro(node) for node in ast.walk(tree.root)):
        return tree
    numbers = itertools.count(max(node.id for node in ast.walk(tree.root)) + 1)
    return ast.Tree(_expand(tree.root, numbers), positions=tree.positions)


def check_names(tree: ast.Tree, variables: Collection[str], functions: Collection[str]) -> None:
    """Raise InvalidExpression where a tree whose types are not checked names what does not exist."""
    for name in _unknown(tree.root, {name.partition(".")[0] for name in variables} | set(_TYPES), functions):
        raise InvalidExpression(f"undeclared reference to '{name}' (in container '')")


def _unknown(node: ast.Node, names: set[str], functions: Collection[str]) -> Iterator[str]:
    if isinstance(node, ast.Ident) and node.name not in names:
        yield node.name
    if isinstance(node, ast.Comprehension):
        yield from _unknown(node.iter_range, names, functions)
        yield from _unknown(node.accu_init, names, functions)
        inner = names | {node.iter_var, node.iter_var2, node.accu_var}
        for part in (node.condition, node.step, node.result):
            yield from _unknown(part, inner, functions)
        return
    if isinstance(node, ast.Call) and isinstance(node.target, ast.Ident) and node.target.name not in names:
        if f"{node.target.name}.{node.function}" in functions:
            for argument in node.args:
                yield from _unknown(argument, names, functions)
            return
    for child in ast.children(node):
        yield from _unknown(child, names, functions)


def _macro(node: ast.Node) -> Callable[..., ast.Node] | None:
    if not isinstance(node, ast.Call) or node.target is None:
        return None
    return _MACROS.get((node.function, len(node.args)))


def _expand(node: ast.Node, numbers: Iterator[int]) -> ast.Node:
    """A node with its macros expanded, those inside first."""
    if isinstance(node, ast.Select):
        return dataclasses.replace(node, operand=_expand(node.operand, numbers))
    if isinstance(node, ast.Call):
        target = _expand(node.target, numbers) if node.target else None
        found = dataclasses.replace(node, target=target, args=tuple(_expand(each, numbers) for each in node.args))
        macro = _macro(node)
        return macro(_Maker(numbers), found) if macro else found
    if isinstance(node, ast.ListOf):
        return dataclasses.replace(node, elements=tuple(_expand(each, numbers) for each in node.elements))
    if isinstance(node, ast.MapOf):
        entries = (
            (key if node.message else _expand(key, numbers), _expand(value, numbers), optional)
            for key, value, optional in node.entries
        )
        return dataclasses.replace(node, entries=tuple(entries))
    if isinstance(node, ast.Comprehension):
        parts = ("iter_range", "accu_init", "condition", "step", "result")
        return dataclasses.replace(node, **{part: _expand(getattr(node, part), numbers) for part in parts})
    return node


@dataclasses.dataclass(frozen=True)
class _Maker:
    """Makes nodes, each with a number of its own."""

    numbers: Iterator[int]

    def constant(self, kind: str, value: object) -> ast.Constant:
        return ast.Constant(next(self.numbers), kind, value)

    def accu(self) -> ast.Ident:
        return self.ident(_ACCU)

    def ident(self, name: str) -> ast.Ident:
        return ast.Ident(next(self.numbers), name)

    def call(self, function: str, *args: ast.Node) -> ast.Call:
        return ast.Call(next(self.numbers), function, args)

    def bound(self, name: str, value: ast.Node, result: ast.Node) -> ast.Node:
        """`result` with a name for a value in it."""
        never, nothing = self.constant("bool", False), ast.ListOf(next(self.numbers), ())
        return ast.Comprehension(next(self.numbers), "#unused", nothing, name, value, never, self.ident(name), result)

    def fold(self, node: ast.Call, init: ast.Node, condition: ast.Node, step: ast.Node, result: ast.Node) -> ast.Node:
        first, second = (_name(argument) for argument in node.args[:2])
        if first == second:
            raise InvalidExpression(f"duplicate variable name: {first}")
        assert node.target is not None
        return ast.Comprehension(next(self.numbers), first, node.target, _ACCU, init, condition, step, result, second)


def _name(node: ast.Node) -> str:
    if not isinstance(node, ast.Ident):
        raise InvalidExpression("argument must be a simple name")
    return node.name


def _all(make: _Maker, node: ast.Call) -> ast.Node:
    condition = make.call("@not_strictly_false", make.accu())
    step = make.call("_&&_", make.accu(), node.args[2])
    return make.fold(node, make.constant("bool", True), condition, step, make.accu())


def _exists(make: _Maker, node: ast.Call) -> ast.Node:
    condition = make.call("@not_strictly_false", make.call("!_", make.accu()))
    step = make.call("_||_", make.accu(), node.args[2])
    return make.fold(node, make.constant("bool", False), condition, step, make.accu())


def _exists_one(make: _Maker, node: ast.Call) -> ast.Node:
    more = make.call("_+_", make.accu(), make.constant("int", 1))
    step = make.call("_?_:_", node.args[2], more, make.accu())
    result = make.call("_==_", make.accu(), make.constant("int", 1))
    return make.fold(node, make.constant("int", 0), make.constant("bool", True), step, result)


def _transform(make: _Maker, node: ast.Call, init: ast.Node, step: ast.Node) -> ast.Node:
    if len(node.args) == 4:
        step = make.call("_?_:_", node.args[2], step, make.accu())
    return make.fold(node, init, make.constant("bool", True), step, make.accu())


def _transform_list(make: _Maker, node: ast.Call) -> ast.Node:
    item = ast.ListOf(next(make.numbers), (node.args[-1],))
    step = make.call("_+_", make.accu(), item)
    return _transform(make, node, ast.ListOf(next(make.numbers), ()), step)


def _transform_map(make: _Maker, node: ast.Call) -> ast.Node:
    step = make.call(_INSERT, make.accu(), make.ident(_name(node.args[0])), node.args[-1])
    return _transform(make, node, ast.MapOf(next(make.numbers), ()), step)


def _transform_map_entry(make: _Maker, node: ast.Call) -> ast.Node:
    step = make.call(_INSERT, make.accu(), node.args[-1])
    return _transform(make, node, ast.MapOf(next(make.numbers), ()), step)


def _sort_by(make: _Maker, node: ast.Call) -> ast.Node:
    assert node.target is not None
    item = ast.ListOf(next(make.numbers), (node.args[1],))
    keys = ast.Comprehension(
        next(make.numbers), _name(node.args[0]), make.ident(_SORTED), _ACCU, ast.ListOf(next(make.numbers), ()),
        make.constant("bool", True), make.call("_+_", make.accu(), item), make.accu(),
    )  # fmt: skip
    return make.bound(_SORTED, node.target, make.call("@sortByAssociatedKeys", make.ident(_SORTED), keys))


_MACROS: dict[tuple[str, int], Callable[[_Maker, ast.Call], ast.Node]] = {
    ("all", 3): _all,
    ("exists", 3): _exists,
    ("existsOne", 3): _exists_one,
    ("exists_one", 3): _exists_one,
    ("transformList", 3): _transform_list,
    ("transformList", 4): _transform_list,
    ("transformMap", 3): _transform_map,
    ("transformMap", 4): _transform_map,
    ("transformMapEntry", 3): _transform_map_entry,
    ("transformMapEntry", 4): _transform_map_entry,
    ("sortBy", 2): _sort_by,
}
