"""Policies compiled: programs of all their expressions, and code that says quickly what is allowed.

Source: pkg/admission/plugin/cel/compile.go, composition.go and pkg/admission/plugin/policy/validating/plugin.go of
https://github.com/kubernetes/apiserver (v0.36).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from generators.cel import ast
from generators.cel.environment import Program, environment
from generators.cel.errors import InvalidExpression, NotKnown
from generators.checks.policies.documents import Expression, Policy
from generators.checks.policies.variables import NAMESPACE, REQUEST

VERSION = "1.36"  # of the API server whose libraries expressions may use
_BASE = {"object": "dyn", "oldObject": "dyn", "namespaceObject": "dyn", "request": "dyn"}
_PLAIN = re.compile(r"(bool|bytes|double|int|string|uint|null_type)$|(list|map)\(")
_TIMES = {"google.protobuf.Timestamp": "timestamp", "google.protobuf.Duration": "duration"}
_AUTHORIZER = re.compile(r"\bauthorizer\b")


@dataclass(frozen=True)
class Problem:
    """An expression of a policy that the API server would not take; `unchecked` is one that only it can evaluate."""

    expression: Expression
    message: str
    line: int = 0
    unchecked: bool = False


@dataclass(frozen=True, eq=False)
class CompiledPolicy:
    """A policy with its programs, by the place of each expression, and the problems of those that have none."""

    policy: Policy
    programs: Mapping[str, Program] = field(repr=False)
    problems: tuple[Problem, ...]


@cache
def compiled(policy: Policy, version: str = VERSION) -> CompiledPolicy:
    """A policy's programs; made once for each policy that a process sees."""
    compiler = _Compiler(policy, version)
    for expression in policy.variables:
        compiler.variable(expression)
    for expression, types in _expressions(policy):
        compiler.expression(expression, types)
    return CompiledPolicy(policy, compiler.programs, tuple(compiler.problems))


class _Compiler:
    def __init__(self, policy: Policy, version: str) -> None:
        self.version = version
        self.declared = {**_BASE, **({"params": "dyn"} if policy.param_kind else {})}
        self.programs: dict[str, Program] = {}
        self.problems: list[Problem] = []

    def variable(self, expression: Expression) -> None:
        program = self.expression(expression, ())
        self.declared[f"variables.{expression.name}"] = _declared(program.type) if program else "dyn"

    def expression(self, expression: Expression, types: Sequence[str]) -> Program | None:
        try:
            program = _program(self.version, tuple(self.declared.items()), expression.text)
            _check_type(program, types)
        except InvalidExpression as error:
            authorizer = bool(_AUTHORIZER.search(expression.text)) and "authorizer" in error.message
            message = "authorizer is known to a cluster alone" if authorizer else error.message
            unchecked = authorizer or isinstance(error, NotKnown)
            self.problems.append(Problem(expression, message, error.line, unchecked))
            return None
        self.programs[expression.path] = program
        return program


@cache
def _program(version: str, declared: tuple[tuple[str, str], ...], text: str) -> Program:
    """The program of an expression that may name what is declared by then; policies share many, made once."""
    program = environment(version, dict(declared)).compile(text)
    _check_fields(program.tree)
    return program


def _expressions(policy: Policy) -> Iterator[tuple[Expression, Sequence[str]]]:
    """All but the variables, with the types that they may have."""
    for condition in policy.conditions:
        yield condition, ("bool",)
    for validation in policy.validations:
        yield validation.expression, ("bool",)
        if validation.message_expression:
            yield validation.message_expression, ("string",)
    for annotation in policy.audit_annotations:
        yield annotation, ("string", "null_type")


def _check_type(program: Program, types: Sequence[str]) -> None:
    if not types or program.type in types or not program.tree.types:
        return
    said = types[0] if len(types) == 1 else f"one of [{' '.join(types)}]"
    raise InvalidExpression(f"must evaluate to {said} but got {program.type}")


def _check_fields(tree: ast.Tree) -> None:
    """Raise InvalidExpression where `request` or `namespaceObject` has no such field."""
    for node in ast.walk(tree.root):
        path = _path(node)
        if path and path[0] in ("request", "namespaceObject"):
            fields: Any = REQUEST if path[0] == "request" else NAMESPACE
            for name in path[1:]:
                if fields is None:
                    break
                if name not in fields:
                    raise InvalidExpression(f"undefined field '{name}'")
                fields = fields[name]


def _path(node: ast.Node) -> tuple[str, ...]:
    if isinstance(node, ast.Ident):
        return (node.name,)
    if isinstance(node, ast.Select):
        inner = _path(node.operand)
        return (*inner, node.name) if inner else ()
    return ()


def _declared(type_name: str) -> str:
    """A variable's type as others see it: what is not one of CEL's own is dynamic to them."""
    if type_name in _TIMES:
        return _TIMES[type_name]
    if not _PLAIN.match(type_name) or any(mark in type_name for mark in ("kubernetes.", "net.", "optional", "type")):
        return "dyn"
    return type_name.replace("(", "<").replace(")", ">").replace(", ", ",").replace("google.protobuf.", "").lower()
