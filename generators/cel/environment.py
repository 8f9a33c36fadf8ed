"""The CEL environment of a Kubernetes release: what expressions may say there, and programs of them.

Google's CEL parses, checks types, and evaluates wherever it has all that an expression calls. What it has no value for
is evaluated again as cel-go does (`interpreter`), whose errors are those that a client of a cluster sees.

Source: pkg/cel/environment/base.go of https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from generators.cel import ast, macros, validators
from generators.cel.errors import EvaluationError, InvalidExpression
from generators.cel.interpreter import Evaluate, compiled
from generators.cel.libraries import LIBRARIES
from generators.cel.library import Function, Library, Overload, merged, split
from generators.cel.quick import direct
from generators.cel.tokens import tokens
from generators.cel.values import from_python

if TYPE_CHECKING:
    from cel_expr_python import cel

OPAQUE = frozenset(
    {"kubernetes.Quantity", "kubernetes.URL", "kubernetes.NamedFormat", "kubernetes.Semver", "net.IP", "net.CIDR"}
)
_OPTIONALS, _TWO_VARIABLES = 28, 32
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


@dataclass(frozen=True)
class Environment:
    """What expressions may say: the functions of a release, and variables with their types."""

    minor: int
    variables: Mapping[str, str]
    functions: Mapping[str, Function] = field(repr=False)
    native: cel.Env = field(repr=False, compare=False)

    def compile(self, expression: str) -> Program:
        """The program of an expression; raises InvalidExpression."""
        _check_names(expression)
        try:
            program = self.native.compile(expression)
        except RuntimeError as error:
            tree = self._two_variables(expression, str(error))
            return Program(expression, tree, "dyn", self._evaluate(tree), None)
        tree = ast.read(program.serialize())
        self._check(tree, expression)
        evaluate = self._evaluate(tree)
        _check_constants(tree, self.functions)
        return Program(
            expression, tree, tree.types.get(tree.root.id, "dyn"), evaluate, direct(tree, program, self.native)
        )

    def _evaluate(self, tree: ast.Tree) -> Evaluate:
        return compiled(tree, self.functions, OPAQUE, self.variables)

    def _check(self, tree: ast.Tree, expression: str) -> None:
        for problem, node in validators.problems(tree, self.minor):
            raise InvalidExpression(_located(problem, tree, node, expression), *_place(tree, node, expression))

    def _two_variables(self, expression: str, problem: str) -> ast.Tree:
        """The tree of an expression whose macros Google's CEL lacks; its types are not checked."""
        if self.minor >= _TWO_VARIABLES:
            try:
                parsed = ast.read(self.native.compile(expression, disable_check=True).serialize())
            except RuntimeError:
                raise _invalid(problem) from None
            tree = macros.expanded(parsed)
            if tree is not parsed:
                macros.check_names(tree, self.variables, self.functions)
                self._check(dataclasses.replace(parsed, types=validators.of_literals(parsed)), expression)
                return tree
        raise _invalid(problem)


@dataclass(frozen=True)
class Program:
    """A compiled expression; `type` is what it evaluates to as far as is known: `bool`, `list(string)`, `dyn`."""

    expression: str
    tree: ast.Tree
    type: str
    exact: Evaluate = field(repr=False)
    fast: Any = field(repr=False)

    def evaluate(self, bindings: Mapping[str, Any]) -> Any:
        """Its value for variables as they were read from JSON; raises EvaluationError."""
        values = {name: from_python(value) for name, value in bindings.items()}
        found = self.fast(values) if self.fast else None
        return self.exact(values) if found is None else found


def _check_constants(tree: ast.Tree, functions: Mapping[str, Function]) -> None:
    """Raise InvalidExpression for a conversion of a literal that has no value: cel-go evaluates those at once."""
    for node in ast.walk(tree.root):
        if isinstance(node, ast.Call) and _is_constant(node):
            try:
                compiled(dataclasses.replace(tree, root=node), functions)({})
            except EvaluationError as error:
                raise InvalidExpression(f"program instantiation failed: {error.message}") from None


def _check_names(expression: str) -> None:
    """Raise InvalidExpression for a name in backticks, which Google's CEL takes, and the API server's does not."""
    if "`" in expression and any(token.text == "`" for token in tokens(expression)):
        raise InvalidExpression("Syntax error: unsupported syntax: '`'")


def _is_constant(node: ast.Node) -> bool:
    if isinstance(node, ast.Call):
        return node.function in _CONVERSIONS and node.target is None and all(map(_is_constant, node.args))
    return isinstance(node, ast.Constant)


_CONVERSIONS = frozenset({"bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint"})


@cache
def _environment(minor: int, variables: tuple[tuple[str, str], ...]) -> Environment:
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_optional

    native = cel.NewEnv(
        config=_configuration(minor),
        variables={name: declared(kind) for name, kind in variables},
        extensions=[ext_optional.ExtOptional()] if minor >= _OPTIONALS else [],
    )
    return Environment(minor, dict(variables), _functions(minor), native)


def _libraries(minor: int) -> list[Library]:
    return [library for library in LIBRARIES if library.since <= minor]


@cache
def _functions(minor: int) -> dict[str, Function]:
    return merged(_libraries(minor))


def environment(version: str, variables: Mapping[str, str]) -> Environment:
    """The environment of a release such as `1.33`, with variables of the types named (`dyn`, `string`, `list<int>`)."""
    return _environment(_minor(version), tuple(variables.items()))


def functions(version: str) -> Mapping[str, Function]:
    """The functions that expressions may call in a release such as `1.33`."""
    return _functions(_minor(version))


def _minor(version: str) -> int:
    match = re.match(r"v?1\.(\d+)", version)
    if not match:
        raise ValueError(f"{version} is no release of Kubernetes, such as 1.33")
    return int(match[1])


def declared(type_text: str) -> cel.Type:
    """A type of Google's CEL."""
    from cel_expr_python import cel

    head, inner = split(type_text)
    if head == "list":
        return cel.Type.List(declared(inner[0]))
    if head == "map":
        return cel.Type.Map(declared(inner[0]), declared(inner[1]))
    if head == "optional_type":
        return cel.Type.AbstractType(head, [declared(inner[0])])
    return cel.Type.AbstractType(head, []) if head in OPAQUE else cel.Type(head)


@cache
def _configuration(minor: int) -> cel.EnvConfig:
    """What Google's CEL is told of functions: those that it lacks, and those that have more overloads in Kubernetes."""
    from cel_expr_python import cel

    declared_here = merged([library for library in _libraries(minor) if not library.builtin])
    own = [
        function
        for function in _functions(minor).values()
        if function.name in declared_here or function.name == "string"
    ]
    own += [_comparison(name, word, minor) for name, word in _COMPARISONS.items()]
    replaced = [{"name": name} for name in (*_COMPARISONS, "string")]
    functions = [{"name": each.name, "overloads": [*map(_signature, each.overloads)]} for each in own]
    return cel.NewEnvConfigFromYaml(json.dumps({"stdlib": {"exclude_functions": replaced}, "functions": functions}))


_COMPARISONS = {"_<_": "less", "_<=_": "less_equals", "_>_": "greater", "_>=_": "greater_equals"}
_NUMBERS = {"int": "int64", "uint": "uint64", "double": "double"}
_ORDERED = {
    **_NUMBERS,
    "bool": "bool",
    "string": "string",
    "bytes": "bytes",
    "timestamp": "timestamp",
    "duration": "duration",
}


def _comparison(name: str, word: str, minor: int) -> Function:
    """A comparison of values of one type, and from 1.28 on of numbers of two."""
    mixed = [(left, right) for left in _NUMBERS for right in _NUMBERS if left != right] if minor >= _OPTIONALS else []
    same = (Overload(f"{word}_{text}", (kind, kind), "bool", _never) for kind, text in _ORDERED.items())
    crossed = (Overload(f"{word}_{_NUMBERS[a]}_{_NUMBERS[b]}", (a, b), "bool", _never) for a, b in mixed)
    return Function(name, (*same, *crossed))


def _never() -> None:
    raise AssertionError("a comparison is evaluated as an operator")


def _signature(overload: Overload) -> dict[str, Any]:
    target, arguments = overload.parameters[: overload.member], overload.parameters[overload.member :]
    said = {"id": overload.id, "args": [*map(_written, arguments)], "return": _written(overload.result)}
    return {**said, "target": _written(target[0])} if target else said


def _written(type_text: str) -> dict[str, Any]:
    """A type as a configuration of Google's CEL writes it."""
    head, inner = split(type_text)
    if head.startswith("~"):
        return {"type_name": head[1:], "is_type_param": True}
    return {"type_name": head, "params": [*map(_written, inner)]} if inner else {"type_name": head}


def _invalid(error: str) -> InvalidExpression:
    message = error.removeprefix("INVALID_ARGUMENT: ").removesuffix(" [INVALID_ARGUMENT]")
    match = _ERROR.search(message)
    return InvalidExpression(message, int(match[1]), int(match[2])) if match else InvalidExpression(message)


def _place(tree: ast.Tree, node: ast.Node, expression: str) -> tuple[int, int]:
    before = expression[: tree.positions.get(node.id, 0)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _located(problem: str, tree: ast.Tree, node: ast.Node, expression: str) -> str:
    line, column = _place(tree, node, expression)
    shown = expression.split("\n")[line - 1]
    return f"ERROR: <input>:{line}:{column}: {problem}\n | {shown}\n | {'.' * (column - 1)}^"
