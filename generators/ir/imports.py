"""What Python imports, by dotted name, and what names a module binds."""

from __future__ import annotations

import ast


def imported(node: ast.AST, module: str) -> list[str]:
    """The dotted names that a statement of `module` imports, none where it is no import.

    The items of `from x import y` are modules, or something inside x. A package's own module is its `__init__`.
    """
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = module.split(".")[: -node.level] if node.level else []
    origin = ".".join([*base, *([node.module] if node.module else [])])
    return [origin if alias.name == "*" else f"{origin}.{alias.name}" for alias in node.names] if origin else []


class _Anything(frozenset):
    def __contains__(self, name: object) -> bool:
        return True


def bound(tree: ast.Module) -> frozenset[str]:
    """The names that a module may have: all that it binds anywhere, and any where it makes up some when it runs."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return _Anything()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
    return _Anything() if "__getattr__" in found else frozenset(found)
