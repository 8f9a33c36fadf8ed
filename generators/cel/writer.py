"""Expressions written as Python's own code, which says what they evaluate to wherever that is beyond doubt.

The trees are those that Google's CEL has parsed and checked. The code is several times as fast as an evaluator that
goes through a tree, and raises one of `certain.ERRORS` where cel-go has an error; which one is for `interpreter` to
say. What cannot be written so raises Unwritten, once, when it is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from generators.cel import ast, certain, loops
from generators.cel.code import Code, Unwritten, further, is_small, is_text
from generators.cel.interpreter import dotted, resolved
from generators.cel.library import Function, dispatched
from generators.cel.operators import BINARY

_TRUTHS = frozenset({"_==_", "_!=_", "_&&_", "_||_", "!_", "@in", "_<_", "_<=_", "_>_", "_>=_", "hasValue"})
_HELPERS = {name: getattr(certain, name) for name in (
    "ABSENT", "truth", "has", "reach", "reach_or", "either", "either_of", "some", "at", "maybe_at", "each", "made",
    "same", "alike", "within", "plus", "count", "call", "one",
)}  # fmt: skip


@dataclass
class Writer:
    """Writes expressions that are evaluated with the same `globals`.

    What depends on nothing but `fixed` variables is in `settled`, name by code, to be evaluated once and for all.
    """

    functions: Mapping[str, Function]
    fixed: frozenset[str] = frozenset()
    globals: dict[str, Any] = field(default_factory=lambda: dict(_HELPERS))
    settled: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _codes: dict[Any, tuple[ast.Tree, Code]] = field(default_factory=dict)  # of trees, which policies share

    def code(self, tree: ast.Tree, variables: Mapping[str, Code]) -> Code:
        """An expression that may name variables, by their code; raises Unwritten."""
        if not tree.types:
            raise Unwritten
        expression = Expression(self, tree, variables)
        key = (id(tree), *((name, variables.get(name)) for name in sorted(expression.free(tree.root))))
        if key not in self._codes:
            self._codes[key] = tree, expression.code()
        return self._codes[key][1]

    def named(self, key: str, value: Callable[[], Any]) -> str:
        """The name that a value has in the code; the same for the same key."""
        if key not in self._names:
            self._names[key] = f"c_{len(self._names)}"
            self.globals[self._names[key]] = value()
        return self._names[key]


class Expression:
    """One expression, in the making."""

    def __init__(self, writer: Writer, tree: ast.Tree, variables: Mapping[str, Code]) -> None:
        self.writer = writer
        self.tree = tree
        self.variables = dict(variables)
        self.uses: set[str] = set()
        self.locals = 0
        self.bound: frozenset[str] = frozenset()  # names inside of macros
        self.settling = False
        self.names: dict[int, frozenset[str]] = {}

    def code(self) -> Code:
        root = self.node(self.tree.root)
        return Code(root.whole, root.optional, uses=frozenset(self.uses))

    def node(self, node: ast.Node) -> Code:
        free = self.free(node)
        if self.settling or not free or not free <= self.writer.fixed - self.bound or isinstance(node, ast.Ident):
            return self._KINDS[type(node)](self, node)
        self.settling = True
        code = self._KINDS[type(node)](self, node)
        self.settling = False
        name = self.writer.settled.setdefault(code.whole, f"s_{len(self.writer.settled)}")
        self.uses.add(name)
        return Code(name, code.optional)

    def plain(self, node: ast.Node) -> str:
        """The code of what is no optional value."""
        code = self.node(node)
        if code.optional:
            raise Unwritten
        return code.whole

    def optional(self, node: ast.Node) -> Code:
        code = self.node(node)
        if not code.optional:
            raise Unwritten
        return code

    def truth(self, node: ast.Node) -> str:
        """The code of what has to be true or false, which types alone do not tell: a dynamic value passes for any."""
        text = self.plain(node)
        return text if self._is_truth(node) else f"truth({text})"

    def _is_truth(self, node: ast.Node) -> bool:
        if isinstance(node, ast.Call):
            known = self.writer.functions.get(node.function)
            return node.function in _TRUTHS or (
                known is not None and all(each.result == "bool" for each in known.overloads)
            )
        if isinstance(node, ast.Comprehension):
            return isinstance(node.accu_init, ast.Constant) and node.iter_var != loops.UNUSED
        return isinstance(node, ast.Select) and node.test_only

    def free(self, node: ast.Node) -> frozenset[str]:
        """The names that a node has from outside of it."""
        if id(node) not in self.names:
            self.names[id(node)] = self._free(node)
        return self.names[id(node)]

    def _free(self, node: ast.Node) -> frozenset[str]:
        if isinstance(node, ast.Ident | ast.Select) and (name := self._name(node)):
            return frozenset({name})
        if isinstance(node, ast.Comprehension):
            inside = frozenset().union(*map(self.free, (node.condition, node.step, node.result)))
            return self.free(node.iter_range) | self.free(node.accu_init) | inside - {node.iter_var, node.accu_var}
        return frozenset().union(*map(self.free, ast.children(node)))

    def _name(self, node: ast.Ident | ast.Select) -> str:
        """The name that a node is, "" of a selection that is one."""
        if isinstance(node, ast.Ident):
            return self.tree.names.get(node.id, node.name).lstrip(".")
        name = dotted(node)
        if name.partition(".")[0] in self.bound:
            return ""
        return name if node.id in self.tree.names or name in self.variables else ""

    def constant(self, node: ast.Constant) -> Code:
        if node.kind not in ("null", "bool", "int", "string"):
            raise Unwritten
        return Code(repr(node.value), literal=node.kind == "string")

    def ident(self, node: ast.Ident | ast.Select) -> Code:
        code = self.variables.get(self._name(node))
        if code is None:
            raise Unwritten
        self.uses |= code.uses
        return code

    def select(self, node: ast.Select) -> Code:
        if self._name(node):
            return self.ident(node)
        operand, key = self.node(node.operand), repr(node.name)
        if node.test_only:
            return Code(f"has({operand.whole}, {key})")
        return further(operand, key) if operand.optional else Code(f"{operand.whole}[{key}]")

    def call(self, node: ast.Call) -> Code:
        function, operands = resolved(self.tree, self.writer.functions, node)
        special = self._SPECIAL.get((function, len(operands)))
        if special:
            return special(self, *operands)
        if function in BINARY and len(operands) == 2:
            name = self.writer.named(function, lambda: BINARY[function])
        elif function == "matches" and isinstance(operands[1], ast.Constant):
            pattern = operands[1].value
            name = self.writer.named(f"matches {pattern}", lambda: certain.finds(pattern))
            return Code(f"{name}({self.plain(operands[0])})")
        else:
            name = self._of_library(function, self.tree.overloads.get(node.id, ()))
        return Code(f"call({', '.join((name, *map(self.plain, operands)))})")

    def _of_library(self, function: str, ids: tuple[str, ...]) -> str:
        known = self.writer.functions.get(function)
        if known is None or any("optional" in " ".join((each.result, *each.parameters)) for each in known.overloads):
            raise Unwritten
        return self.writer.named(f"{function} {ids}", lambda: dispatched(known, ids))

    def list(self, node: ast.ListOf) -> Code:
        if node.optional:
            raise Unwritten
        return Code(f"[{', '.join(map(self.plain, node.elements))}]")

    def map(self, node: ast.MapOf) -> Code:
        if node.message:
            raise Unwritten
        if all(is_text(key) and not optional for key, _, optional in node.entries):
            return Code(f"{{{', '.join(f'{key.value!r}: {self.plain(value)}' for key, value, _ in node.entries)}}}")
        entries = (
            f"({self.plain(key)}, {self.optional(value).whole if optional else self.plain(value)}, {optional})"
            for key, value, optional in node.entries
        )
        return Code(f"made({', '.join(entries)})")

    @contextmanager
    def local(self, name: str, code: Code | None = None) -> Iterator[str]:
        """The code of a name inside of a macro, where it is a variable of Python's unless it is given."""
        self.locals += 1
        around, self.variables = self.variables, {**self.variables, name: code or Code(f"x_{self.locals}")}
        outside, self.bound = self.bound, self.bound | {name}
        yield self.variables[name].text
        self.variables, self.bound = around, outside

    def _and(self, *terms: ast.Node) -> Code:
        return Code(f"({' and '.join(map(self.truth, terms))})")

    def _or(self, *terms: ast.Node) -> Code:
        return Code(f"({' or '.join(map(self.truth, terms))})")

    def _not(self, term: ast.Node) -> Code:
        return Code(f"(not {self.truth(term)})")

    def _conditional(self, condition: ast.Node, first: ast.Node, second: ast.Node) -> Code:
        one, other = self.node(first), self.node(second)
        if one.optional is not other.optional:
            raise Unwritten
        return Code(f"({one.whole} if {self.truth(condition)} else {other.whole})", one.optional)

    def _equal(self, left: ast.Node, right: ast.Node) -> Code:
        for one, other in ((left, right), (right, left)):
            if is_text(other):
                return Code(f"({self.plain(one)} == {other.value!r})")
            if isinstance(other, ast.ListOf | ast.MapOf) and not ast.children(other):
                return Code(f"({self.plain(one)} == {'[]' if isinstance(other, ast.ListOf) else '{}'})")
        one, other = self.node(left), self.node(right)
        if one.optional is not other.optional:
            raise Unwritten
        return Code(f"{'alike' if one.optional else 'same'}({one.whole}, {other.whole})")

    def _unequal(self, left: ast.Node, right: ast.Node) -> Code:
        return Code(f"(not {self._equal(left, right).text})")

    def _in(self, item: ast.Node, container: ast.Node) -> Code:
        if isinstance(container, ast.ListOf) and all(map(is_text, container.elements)):
            return Code(f"({self.plain(item)} in {tuple(each.value for each in container.elements)!r})")
        return Code(f"within({self.plain(item)}, {self.plain(container)})")

    def _index(self, operand: ast.Node, key: ast.Node) -> Code:
        value = self.node(operand)
        return Code(f"{'maybe_at' if value.optional else 'at'}({value.whole}, {self.plain(key)})", value.optional)

    def _maybe(self, operand: ast.Node, key: ast.Node) -> Code:
        value = self.node(operand)
        found = self.node(key)
        if found.optional:
            raise Unwritten
        return further(value, found.text) if found.literal else Code(f"maybe_at({value.whole}, {found.whole})", True)

    def _or_else(self, operand: ast.Node, otherwise: ast.Node) -> Code:
        value, other = self.optional(operand).whole, self.optional(otherwise)
        if other.keys:  # which costs little, and has a value
            return Code(f"either({value}, {other.whole})", True)
        return Code(f"either_of({value}, lambda: {other.whole})", True)

    def _or_value(self, operand: ast.Node, otherwise: ast.Node) -> Code:
        value, default = self.optional(operand), self.plain(otherwise)
        if not is_small(otherwise):
            return Code(f"either_of({value.whole}, lambda: {default})")
        if value.keys:
            return Code(f"reach_or({', '.join((default, value.text, *value.keys))})")
        return Code(f"either({value.whole}, {default})")

    def _has_value(self, operand: ast.Node) -> Code:
        return Code(f"({self.optional(operand).whole} is not ABSENT)")

    def _some(self, operand: ast.Node) -> Code:
        return Code(self.plain(operand), True)

    def _dyn(self, operand: ast.Node) -> Code:
        if "." in self.tree.types.get(operand.id, ""):
            raise Unwritten  # an opaque value, of which `==` must know that it is one
        return Code(self.plain(operand))

    def _calls(name: str) -> Callable[..., Code]:
        """An operator that is a helper of the same arguments."""
        return lambda self, *operands: Code(f"{name}({', '.join(map(self.plain, operands))})")

    _KINDS: Mapping[type, Callable[[Any, Any], Code]] = {
        ast.Constant: constant,
        ast.Ident: ident,
        ast.Select: select,
        ast.Call: call,
        ast.ListOf: list,
        ast.MapOf: map,
        ast.Comprehension: loops.comprehension,
    }
    _SPECIAL: Mapping[tuple[str, int], Callable[..., Code]] = {
        ("_&&_", 2): _and,
        ("_||_", 2): _or,
        ("!_", 1): _not,
        ("_?_:_", 3): _conditional,
        ("_==_", 2): _equal,
        ("_!=_", 2): _unequal,
        ("@in", 2): _in,
        ("_+_", 2): _calls("plus"),
        ("size", 1): _calls("count"),
        ("_[_]", 2): _index,
        ("_?._", 2): _maybe,
        ("_[?_]", 2): _maybe,
        ("or", 2): _or_else,
        ("orValue", 2): _or_value,
        ("hasValue", 1): _has_value,
        ("value", 1): lambda self, operand: Code(f"some({self.optional(operand).whole})"),
        ("optional.of", 1): _some,
        ("optional.none", 0): lambda self: Code("ABSENT", True),
        ("dyn", 1): _dyn,
    }
