"""CEL's macros as Python's loops, from what Google's CEL has expanded them to.

Source of the expansions: parser/macro.go of https://github.com/google/cel-go (v0.26), which Google's other one follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generators.cel import ast
from generators.cel.code import Code, Unwritten, is_text

if TYPE_CHECKING:
    from generators.cel.writer import Expression

UNUSED = "#unused"  # the name of what a macro that only binds a name goes through
_FEW = 8  # texts, of each of which a question is asked without a loop


def comprehension(expression: Expression, node: ast.Comprehension) -> Code:
    """Any macro but one with two variables."""
    if node.iter_var2:
        raise Unwritten
    if node.iter_var == UNUSED:
        return _bound(expression, node)
    if isinstance(node.accu_init, ast.ListOf):
        return Code(f"[{' '.join(_items(expression, node))}]")
    if not isinstance(node.step, ast.Call):
        raise Unwritten
    if node.step.function in ("_||_", "_&&_"):
        return _any_or_all(expression, node, node.step)
    with _loop(expression, node) as loop:  # exists_one
        return Code(f"one([None {loop} if {expression.truth(node.step.args[0])}])")


def _bound(expression: Expression, node: ast.Comprehension) -> Code:
    """A name for a value: what `optMap` and `cel.bind` come to."""
    value = expression.plain(node.accu_init)
    with expression.local(node.accu_var) as name:
        result = expression.node(node.result)
    return Code(f"(lambda {name}: {result.whole})({value})", result.optional)


def _items(expression: Expression, node: ast.Comprehension) -> tuple[str, str]:
    """`map` and `filter`: the item that each round adds, and the rounds."""
    step, condition = node.step, None
    if isinstance(step, ast.Call) and step.function == "_?_:_":
        condition, step = step.args[:2]
    added = step.args[1] if isinstance(step, ast.Call) and step.function == "_+_" else None
    if not isinstance(added, ast.ListOf) or len(added.elements) != 1 or node.accu_var in expression.free(added):
        raise Unwritten
    with _loop(expression, node) as loop:
        asked = f" if {expression.truth(condition)}" if condition else ""
        return expression.plain(added.elements[0]), f"{loop}{asked}"


@contextmanager
def _loop(expression: Expression, node: ast.Comprehension) -> Iterator[str]:
    """The rounds of a macro, whose variable has its name in them; those of what was filtered are one with them."""
    items = node.iter_range
    if _is_filter(items):
        name, loop = _items(expression, items)
        with expression.local(node.iter_var, Code(name)):
            yield loop
        return
    text = expression.plain(items)
    of_list = isinstance(items, ast.ListOf) or _makes_list(items)
    with expression.local(node.iter_var) as name:
        yield f"for {name} in {text if of_list else f'each({text})'}"


def _makes_list(node: ast.Node) -> bool:
    return isinstance(node, ast.Comprehension) and isinstance(node.accu_init, ast.ListOf)


def _is_filter(node: ast.Node) -> bool:
    """Whether it is a macro that keeps some items as they are."""
    if not isinstance(node, ast.Comprehension) or not _makes_list(node) or not isinstance(node.step, ast.Call):
        return False
    added = node.step.args[1] if node.step.function == "_?_:_" else None
    kept = added.args[1] if isinstance(added, ast.Call) and added.function == "_+_" else None
    return (
        isinstance(kept, ast.ListOf)
        and [*map(type, kept.elements)] == [ast.Ident]
        and (kept.elements[0].name == node.iter_var)
    )


def _any_or_all(expression: Expression, node: ast.Comprehension, step: ast.Call) -> Code:
    """`exists` and `all`; a question about a few texts that are known is asked of each without a loop."""
    items, question = node.iter_range, step.args[1]
    some = step.function == "_||_"
    if isinstance(items, ast.ListOf) and 0 < len(items.elements) <= _FEW and all(map(is_text, items.elements)):
        asked = [_asked(expression, node.iter_var, each, question) for each in items.elements]
        return Code(f"({(' or ' if some else ' and ').join(asked)})")
    with _loop(expression, node) as loop:
        return Code(f"{'any' if some else 'all'}({expression.truth(question)} {loop})")


def _asked(expression: Expression, name: str, item: ast.Node, question: ast.Node) -> str:
    with expression.local(name, expression.node(item)):
        return expression.truth(question)
