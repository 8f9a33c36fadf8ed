"""The files of something new: those of a folder of templates, which are a working component and pipeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from generators.scaffold.names import Name

_TEMPLATES = Path(__file__).with_name("templates")
_LAST_VERIFIED = "LAST_VERIFIED"
_IMPORTS = re.compile(r"(?:^(?:import|from) \S.*\n)+", re.MULTILINE)


def component(name: Name) -> Mapping[str, str]:
    """Path in the repository to text, of a component with its package and its tests."""
    return {f"components/{name.module}/{path}": text for path, text in filled("component", name).items()}


def pipeline(name: Name) -> Mapping[str, str]:
    """The same of a pipeline that runs such a component: its code, its class, its schema and its page."""
    return filled("pipeline", name)


def filled(folder: str, name: Name) -> dict[str, str]:
    """The files of a folder of templates, with the name in them and in their paths."""
    root = _TEMPLATES / folder
    today = f"{datetime.now(UTC):%Y-%m-%dT00:00:00Z}"
    found = {file.relative_to(root): file.read_text("utf-8") for file in sorted(root.rglob("*")) if _is_template(file)}
    return {
        name.into(path.as_posix()): _sorted_imports(name.into(text)).replace(_LAST_VERIFIED, today)
        for path, text in found.items()
    }


def _sorted_imports(text: str) -> str:
    """Python whose imports are in their order again, now that the names in them are others."""
    return _IMPORTS.sub(lambda found: "".join(sorted(found[0].splitlines(keepends=True), key=_import_order)), text)


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line.split()[1]


def _is_template(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in PurePosixPath(file).parts
