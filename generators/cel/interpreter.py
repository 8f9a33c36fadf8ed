"""Makes of an expression's tree what evaluates it as cel-go does, error for error; `calls` has what calls come to.

Google's CEL says yes or no quickly, and is what decides; where it has no value, only cel-go's own order of evaluation
tells which error a client of a cluster would see. So this follows interpreter/ of https://github.com/google/cel-go
(v0.26), on the tree that Google's CEL has parsed and checked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from generators.cel import ast, messages
from generators.cel.calls import (
    PATTERNS,
    RECKONED,
    SPECIAL,
    Evaluate,
    Scope,
    binary,
    fold,
    of_text,
    put,
    reckoned,
    unary,
)
from generators.cel.errors import EvaluationError, InvalidExpression, NotKnown
from generators.cel.library import Function, dispatched
from generators.cel.operators import BINARY, UNARY
from generators.cel.qualifiers import Qualifier, constant, field, of_value, qualified
from generators.cel.values import Optional, TypeValue, Uint

TYPES = ("bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint", "optional_type")
TIMES = ("google.protobuf.Timestamp", "google.protobuf.Duration")


def compiled(
    tree: ast.Tree, functions: Mapping[str, Function], types: Collection[str] = (), variables: Collection[str] = ()
) -> Evaluate:
    """What evaluates a tree in a scope; raises InvalidExpression where it calls what is not among the functions.

    `types` are the names of opaque types, `variables` those of variables, which may have dots in them.
    """
    return _Compiler(tree, functions, types, variables).node(tree.root)


class _Compiler:
    def __init__(
        self, tree: ast.Tree, functions: Mapping[str, Function], types: Collection[str], variables: Collection[str]
    ) -> None:
        self.tree = tree
        self.functions = functions
        self.types = {name: TypeValue(name) for name in (*TYPES, *TIMES, *types)}
        self.variables = variables
        self.local: list[str] = []

    def node(self, node: ast.Node) -> Evaluate:
        return self._KINDS[type(node)](self, node)

    def constant(self, node: ast.Constant) -> Evaluate:
        value = Uint(node.value) if node.kind == "uint" else node.value
        return lambda scope: value

    def ident(self, node: ast.Ident) -> Evaluate:
        name = self.tree.names.get(node.id, node.name).lstrip(".")
        if name in self.types:
            kind = self.types[name]
            return lambda scope: scope.get(name, kind)
        if "." in name and name not in self.variables:
            first, *path = name.split(".")
            return qualified(self.ident(ast.Ident(0, first)), [field(each) for each in path])
        if name not in self.variables and name not in self.local:
            raise InvalidExpression(f"undeclared reference to '{name}' (in container '')")

        def look_up(scope: Scope) -> Any:
            value = scope[name]
            if isinstance(value, EvaluationError):
                raise value
            return value() if isinstance(value, Lazy) else value

        return look_up

    def select(self, node: ast.Select) -> Evaluate:
        return self._attribute(node)

    def call(self, node: ast.Call) -> Evaluate:
        function, operands = resolved(self.tree, self.functions, node)
        if function in ("_[_]", "_?._", "_[?_]"):
            return self._attribute(node)
        arguments = [self.node(operand) for operand in operands]
        special = SPECIAL.get((function, len(arguments)))
        if special:
            return special(*arguments)
        if function in BINARY and len(arguments) == 2:
            return binary(BINARY[function], *arguments)
        if function in UNARY and len(arguments) == 1:
            return unary(UNARY[function], *arguments)
        if function not in self.functions:
            raise InvalidExpression(f"undeclared reference to '{function}' (in container '')")
        if function in PATTERNS and isinstance(operands[1], ast.Constant):
            return of_text(self.functions[function].overloads[-1].call, arguments)
        if function in RECKONED and len(self.tree.overloads.get(node.id, ())) == 1:
            arguments = [reckoned(argument) for argument in arguments]
        implementation = dispatched(self.functions[function], self.tree.overloads.get(node.id, ()))
        return lambda scope: implementation(*[argument(scope) for argument in arguments])

    def list(self, node: ast.ListOf) -> Evaluate:
        elements = [(self.node(each), place in node.optional) for place, each in enumerate(node.elements)]

        def build(scope: Scope) -> list[Any]:
            values = []
            for element, optional in elements:
                value = element(scope)
                if optional:
                    if type(value) is not Optional:
                        problem = "cannot initialize optional list element from non-optional value"
                        raise EvaluationError(f"{problem} {value}")
                    if not value.present:
                        continue
                    value = value.value
                values.append(value)
            return values

        return build

    def map(self, node: ast.MapOf) -> Evaluate:
        if node.message:
            return self._message(node)
        entries = [(self.node(key), self.node(value), optional) for key, value, optional in node.entries]

        def build(scope: Scope) -> dict[Any, Any]:
            values = {}
            for key, entry, optional in entries:
                name, value = key(scope), entry(scope)
                if optional:
                    if type(value) is not Optional:
                        problem = f"cannot initialize optional entry '{name}' from non-optional value"
                        raise EvaluationError(f"{problem} {value}")
                    if not value.present:
                        values.pop(name, None)
                        continue
                    value = value.value
                put(values, name, value)
            return values

        return build

    def _message(self, node: ast.MapOf) -> Evaluate:
        name = node.message.lstrip(".")
        if not name.startswith(messages.PREFIX):
            raise InvalidExpression(f"undeclared reference to '{node.message}' (in container '')")
        make = messages.maker(name)
        if any(optional for *_, optional in node.entries):
            raise NotKnown(f"what a cluster makes of an optional field of {name} is not known here")
        fields = [(key, self.node(value)) for key, value, _ in node.entries]
        return lambda scope: make({key: value(scope) for key, value in fields})

    def comprehension(self, node: ast.Comprehension) -> Evaluate:
        outside = [self.node(node.iter_range), self.node(node.accu_init)]
        self.local += [node.iter_var, node.iter_var2, node.accu_var]
        inside = [self.node(node.condition), self.node(node.step), self.node(node.result)]
        del self.local[-3:]
        return fold(node, *outside, *inside)

    def _attribute(self, node: ast.Node) -> Evaluate:
        """A chain of selections and indices, from what it starts at: after an optional one all of them are."""
        chain: list[Qualifier] = []
        while True:
            if isinstance(node, ast.Select) and not self._is_name(node):
                chain.insert(0, field(node.name, node.test_only))
                node = node.operand
            elif isinstance(node, ast.Call) and node.function in ("_[_]", "_?._", "_[?_]"):
                chain.insert(0, self._index(node))
                node = node.args[0]
            else:
                break
        return qualified(self._start(node), chain)

    def _start(self, node: ast.Node) -> Evaluate:
        return self.ident(ast.Ident(node.id, dotted(node))) if isinstance(node, ast.Select) else self.node(node)

    def _index(self, node: ast.Call) -> Qualifier:
        optional = node.function != "_[_]"
        key = node.args[1]
        if isinstance(key, ast.Constant):
            return constant(Uint(key.value) if key.kind == "uint" else key.value, optional)
        return of_value(self.node(key), optional, isinstance(key, ast.Select) and not self._is_name(key))

    def _is_name(self, node: ast.Select) -> bool:
        """Whether a selection is no selection, but the name of a variable or a type with dots in it."""
        return node.id in self.tree.names or dotted(node) in self.variables

    _KINDS: Mapping[type, Callable[[Any, Any], Evaluate]] = {
        ast.Constant: constant,
        ast.Ident: ident,
        ast.Select: select,
        ast.Call: call,
        ast.ListOf: list,
        ast.MapOf: map,
        ast.Comprehension: comprehension,
    }


class Lazy:
    """A variable whose value is asked for when it is needed."""

    def __init__(self, value: Callable[[], Any]) -> None:
        self.value = value

    def __call__(self) -> Any:
        return self.value()


def resolved(tree: ast.Tree, functions: Collection[str], node: ast.Call) -> tuple[str, list[ast.Node]]:
    """A call's function and all of its arguments; `sets.contains(...)` of a parsed tree is no method of `sets`."""
    if node.target is None:
        return node.function.lstrip("."), list(node.args)
    prefix = dotted(node.target)
    if prefix and node.target.id not in tree.types and f"{prefix}.{node.function}" in functions:
        return f"{prefix}.{node.function}", list(node.args)
    return node.function, [node.target, *node.args]


def dotted(node: ast.Node) -> str:
    """A name with dots in it, "" of what is none."""
    if isinstance(node, ast.Ident):
        return node.name
    if isinstance(node, ast.Select) and not node.test_only:
        prefix = dotted(node.operand)
        return f"{prefix}.{node.name}" if prefix else ""
    return ""
