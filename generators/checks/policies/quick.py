"""Policies as Python's own code, which says for each of them whether it allows an object without any doubt.

A policy is `(all conditions) and (all validations)`, or allows the object where a condition is false: so says the API
server too, since a condition that is false skips a policy whatever the others are, and where all hold, every validation
has to be true. Where the code says anything else, or nothing, each expression is evaluated by itself.

What a policy reads of its params alone is evaluated once, and so is, for each object, a variable that several policies
write alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from generators.cel import certain
from generators.cel.ast import Tree
from generators.cel.environment import functions
from generators.cel.writer import Code, Unwritten, Writer
from generators.checks.policies.documents import Policy
from generators.checks.policies.matching import Request
from generators.checks.policies.variables import namespace_variable, request_variable

if TYPE_CHECKING:
    from generators.checks.policies.compiled import CompiledPolicy

Allows = Callable[[Request], Sequence[bool]]  # for each of some policies whether it allows a request without doubt
_NAMESPACE = "namespaceObject"
# What an object is judged by, `m` in the code: what expressions name, the request, and then the policies' variables.
_OBJECT, _OLD, _REQUEST, _OF_NAMESPACE, _ASKED, _FIRST = range(6)
_UNSET: Any = object()
_VARIABLES = {
    "object": Code(f"m[{_OBJECT}]"),
    "oldObject": Code(f"m[{_OLD}]"),
    "request": Code(f"(m[{_REQUEST}] or request(m))"),
    "request.operation": Code(f"m[{_ASKED}].operation"),  # which nearly every policy asks for
    _NAMESPACE: Code("namespace(m)", uses=frozenset({_NAMESPACE})),
    "params": Code("params"),
}


@lru_cache(maxsize=4)
def quick(policies: tuple[Policy, ...], version: str) -> Quick:
    """The code of these policies, for all who ask it."""
    return Quick(Writer(functions(version), frozenset({"params"})))


def _allowed(checks: Sequence[Callable[[list[Any]], bool] | None], variables: int, request: Request) -> list[bool]:
    m = [request.object, request.old, None, _UNSET, request, *[_UNSET] * variables]
    found = []
    for check in checks:
        try:
            found.append(check is not None and check(m))
        except certain.ERRORS:
            found.append(False)
    return found


@dataclass
class Quick:
    """The code of some policies: a function for each of them, and for each variable; it is written when it is asked."""

    writer: Writer
    lines: list[str] = field(default_factory=list)
    variables: dict[str, Code] = field(default_factory=dict)  # how code names a variable, by its own code
    _bodies: dict[CompiledPolicy, tuple[str, frozenset[str]]] = field(default_factory=dict)
    _executed: dict[int, tuple[Any, dict[str, Any]]] = field(default_factory=dict)

    def allows(self, programs: Sequence[CompiledPolicy], params: Any) -> Allows:
        """What says of a request whether each of these policies allows it, with the same object of params."""
        bodies = [self._body(each) for each in programs]
        known = self._execute(params)
        checks = [known[name] if name and not uses & known["unknown"] else None for name, uses in bodies]
        return partial(_allowed, checks, len(self.variables))

    def _body(self, program: CompiledPolicy) -> tuple[str, frozenset[str]]:
        """The name of a policy's function and what it uses; "" for a policy that cannot be written so."""
        if program not in self._bodies:
            policy = program.policy
            able = not (program.problems or policy.audit_annotations) and policy.validations
            self._bodies[program] = ("", frozenset())
            if able:
                with suppress(Unwritten):
                    self._bodies[program] = self._written(program)
        return self._bodies[program]

    def _written(self, program: CompiledPolicy) -> tuple[str, frozenset[str]]:
        policy, names = program.policy, self._names(program)
        conditions = list(self._all([each.path for each in policy.conditions], program, names))
        validations = list(self._all([each.expression.path for each in policy.validations], program, names))
        if any(_NAMESPACE in each.uses for each in conditions):  # which conditions are not told
            raise Unwritten
        name = f"p_{len(self.lines)}"
        said = " and ".join(f"{each.text} is True" for each in validations)
        held = " and ".join(f"truth({each.text})" for each in conditions)
        held = f"not {self._shared(Code(held)).text} or " if held else ""  # the same for many policies
        self.lines.append(f"def {name}(m): return {held}({said})")
        return name, frozenset().union(*(each.uses for each in (*conditions, *validations)))

    def _names(self, program: CompiledPolicy) -> dict[str, Code]:
        """The code of all that a policy's expressions may name, but for variables that cannot be written so."""
        names = {**_VARIABLES}
        for each in program.policy.variables:
            with suppress(Unwritten):
                names[f"variables.{each.name}"] = self._variable(program.programs[each.path].tree, names)
        return names

    def _all(self, paths: Sequence[str], program: CompiledPolicy, names: Mapping[str, Code]) -> Iterator[Code]:
        for path in paths:
            code = self._variable(program.programs[path].tree, names)
            if code.optional:
                raise Unwritten
            yield code

    def _variable(self, tree: Tree, names: Mapping[str, Code]) -> Code:
        code = self.writer.code(tree, names)
        return code if code.text in self.writer.settled.values() else self._shared(code)

    def _shared(self, code: Code) -> Code:
        """What an object's value of some code is kept by, which is evaluated once."""
        if code.text not in self.variables:
            place = _FIRST + len(self.variables)
            self.lines.append(f"def v_{place}(m):\n    m[{place}] = found = {code.text}\n    return found")
            text = f"(v_{place}(m) if m[{place}] is unset else m[{place}])"
            self.variables[code.text] = Code(text, code.optional, uses=code.uses)
        return self.variables[code.text]

    def _execute(self, params: Any) -> dict[str, Any]:
        """What the code defines for these params; in `unknown` the names of what has no value for them."""
        fresh = {"params": params, "unset": _UNSET, "request": _request, "namespace": _namespace}
        _, known = self._executed.setdefault(id(params), (params, {**fresh, "unknown": set(), "done": 0}))
        known |= self.writer.globals
        for text, name in self.writer.settled.items():
            if name not in known and name not in known["unknown"]:
                try:
                    known[name] = eval(text, known)
                except certain.ERRORS:
                    known["unknown"].add(name)
        exec("\n".join(self.lines[known["done"] :]), known)
        known["done"] = len(self.lines)
        return known


def _request(m: list[Any]) -> Any:
    m[_REQUEST] = request_variable(m[_ASKED])
    return m[_REQUEST]


def _namespace(m: list[Any]) -> Any:
    if m[_OF_NAMESPACE] is _UNSET:
        m[_OF_NAMESPACE] = namespace_variable(m[_ASKED])
    return m[_OF_NAMESPACE]
