"""Which names of a module are imported, and which decorator of it is KFP's own `component`.

A decorator of the author's own that is called `component` may run a function's body as it likes; that of kfp does not.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_COMPONENT, _PARTIAL = "kfp.dsl.component", "functools.partial"
_ELSEWHERE = ""  # what is bound by something else than an import


@dataclass(frozen=True)
class KfpNames:
    """Name to the dotted name that it is imported as, "" where something else in the module binds it."""

    imported: Mapping[str, str]

    @classmethod
    def of(cls, tree: ast.Module) -> KfpNames:
        """Those of a module; what `functools.partial` makes of KFP's decorator is that decorator."""
        bound: dict[str, set[str]] = defaultdict(set)
        for node in ast.walk(tree):
            for name, origin in _bound(node):
                bound[name].add(origin)
        names = cls({name: min(origins) if len(origins) == 1 else _ELSEWHERE for name, origins in bound.items()})
        partials = {name for node in tree.body for name in names._partials(node) if bound[name] == {_ELSEWHERE}}
        return cls({**names.imported, **dict.fromkeys(partials, _COMPONENT)})

    def makes_component(self, node: ast.AST) -> bool:
        """Whether it is a function that becomes a component, whose body runs in an image."""
        if not isinstance(node, ast.FunctionDef):
            return False
        decorators = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
        return any(self.origin(each) == _COMPONENT for each in decorators)

    def remade(self, tree: ast.AST) -> list[ast.AST]:
        """Each `step.python_func` that KFP's own `component` makes another component of: nothing of it runs."""
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
        given = (call.args[0] for call in calls if self.origin(call.func) == _COMPONENT)
        return [node for node in given if isinstance(node, ast.Attribute) and node.attr == "python_func"]

    def origin(self, node: ast.AST) -> str:
        """The dotted name of `a.b.c` where `a` is imported, "" for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        origin = self.imported.get(node.id, "") if isinstance(node, ast.Name) else ""
        return ".".join([origin, *parts]) if origin else ""

    def _partials(self, node: ast.AST) -> Iterator[str]:
        """The names that a statement binds to `functools.partial(dsl.component, ...)`."""
        made = node.value if isinstance(node, ast.Assign) else None
        if not (isinstance(made, ast.Call) and made.args):
            return
        if (self.origin(made.func), self.origin(made.args[0])) == (_PARTIAL, _COMPONENT):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _bound(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that a node binds, each with the dotted name that it imports it as."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            whole = alias.name if alias.asname else alias.name.partition(".")[0]
            yield alias.asname or whole, whole
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}"
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id, _ELSEWHERE
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, _ELSEWHERE
    elif isinstance(node, ast.arg):
        yield node.arg, _ELSEWHERE
