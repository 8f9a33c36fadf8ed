"""Whether the Python of a component can be imported in its image: it compiles, and the modules that it names are there.

Nothing else looks at a component's package before a pod does: what is compiled is `component.py`, and of that not what
stands in its functions.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import CONFLICT, CONFLICT_FIX, Repository, conflict_line
from generators.ir.imports import bound, imported
from generators.model import Finding, Place
from generators.python_text import NO_PYTHON
from generators.python_text import tree as tree_of
from generators.suggestions import did_you_mean

_KIND = "component-sources"
_WRAPPERS = "component.py"


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """The findings of every component's Python; what nothing is wrong with is looked at again once it has changed."""
    repository = fleet.repository
    for component in repository.names("components"):
        files = _files(repository, f"components/{component}")
        key = fleet.cache.key(*(part for file in files for part in (file, repository.sha256(file))))
        if fleet.cache.get(_KIND, key):
            continue
        found = list(problems(f"components/{component}", {file: repository.content(file) for file in files}))
        yield from found
        if not found:
            fleet.cache.put(_KIND, key, True)


def _files(repository: Repository, folder: str) -> list[str]:
    wrappers = f"{folder}/{_WRAPPERS}"
    return [*([wrappers] if repository.exists(wrappers) else []), *repository.files(f"{folder}/src/**/*.py")]


def problems(folder: str, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """What is wrong with the Python files of a component's folder; its wrappers are compiled with the pipelines."""
    trees = {file: _parsed(file, content) for file, content in files.items()}
    broken = [found for found in trees.values() if isinstance(found, Finding)]
    yield from (finding for finding in broken if finding.place.file != f"{folder}/{_WRAPPERS}")
    package = _Package({_module(file, folder): tree for file, tree in trees.items() if file != f"{folder}/{_WRAPPERS}"})
    for file, tree in trees.items():
        if isinstance(tree, ast.Module):
            yield from package.missing(file, _module(file, folder), tree)


def _parsed(file: str, content: bytes) -> ast.Module | Finding:
    text = content.decode("utf-8", "replace")
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = tree_of(content)
            compile(tree, file, "exec", dont_inherit=True)
        return _conflict(file, text) or tree
    except NO_PYTHON as error:
        return _conflict(file, text, broken=True) or _syntax(file, text, error)


def _conflict(file: str, text: str, broken: bool = False) -> Finding | None:
    line = conflict_line(text, broken)
    return line and _finding("conflict", Place(file, line), CONFLICT, text.splitlines()[line - 1], CONFLICT_FIX)


def _syntax(file: str, text: str, error: Exception) -> Finding:
    line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
    found = text.split("\n")[line - 1 : line]
    message = f"is not Python: {getattr(error, 'msg', error) or 'it is nested too deeply'}"
    return _finding("syntax", Place(file, line, max(column, 1)), message, "".join(found).strip())


def _module(file: str, folder: str) -> str:
    """The dotted name of a module below `src/`; a package's is that of its `__init__`."""
    return ".".join(PurePosixPath(file.removeprefix(f"{folder}/src/").removesuffix(".py")).parts)


@dataclass(frozen=True)
class _Package:
    """The modules that a component's image holds, by dotted name, with their syntax trees as far as they have one."""

    modules: Mapping[str, ast.Module | Finding]

    def missing(self, file: str, module: str, tree: ast.Module) -> Iterator[Finding]:
        """A finding for each import of a module that this component's own packages do not have."""
        for node in ast.walk(tree):
            for name in imported(node, module):
                if name.split(".")[0] in self._tops and not self._has(name):
                    place = Place(file, node.lineno, node.col_offset + 1)
                    message = f"there is no module {name} in the component's own package"
                    yield _finding("import", place, message, name, fix=did_you_mean(name, self._names))

    @property
    def _names(self) -> set[str]:
        """Every module and every package, by the name that it is imported by."""
        plain = {name.removesuffix(".__init__") for name in self.modules}
        return plain | {".".join(name.split(".")[:end]) for name in plain for end in range(1, name.count(".") + 1)}

    @property
    def _tops(self) -> set[str]:
        return {name.split(".")[0] for name in self._names}

    def _has(self, name: str) -> bool:
        """Whether a name is a module, or something inside of one that may be more than a module."""
        if name in self._names:
            return True
        parent, _, last = name.rpartition(".")
        if parent in self.modules:  # a plain module: what is in it is not looked up
            return True
        init = self.modules.get(f"{parent}.__init__")
        return parent in self._names and init is not None and (isinstance(init, Finding) or last in bound(init))


def _finding(rule: str, place: Place, message: str, found: str, fix: str = "") -> Finding:
    return Finding("invalid", "source", rule, place, "", message, found, fix=fix)
