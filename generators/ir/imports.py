"""What a statement of Python imports, by dotted name."""

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
