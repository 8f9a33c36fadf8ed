"""Keeps compiled pipelines in `.graft/`, which Git ignores."""

from __future__ import annotations

from dataclasses import dataclass

from generators.inventory.read import Repository
from generators.output.write import write_file_atomically

_FOLDER = ".graft/compiled"


@dataclass(frozen=True)
class CompileCache:
    """One file a pipeline; losing it costs a compilation and nothing else."""

    repository: Repository

    def get(self, name: str) -> str | None:
        file = f"{_FOLDER}/{name}.json"
        return self.repository.text(file) if self.repository.exists(file) else None

    def put(self, name: str, text: str) -> None:
        write_file_atomically(self.repository.root / _FOLDER / f"{name}.json", text)
