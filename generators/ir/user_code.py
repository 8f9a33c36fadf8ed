"""The repository's own code inside the compiling process: which files were loaded, and whose line an error is."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

PIPELINES = "generators/pipelines"
COMPONENTS = "components"


class Unfit(Exception):
    """A pipeline that compiles and would fail or mislead on a cluster; `place` is (file, line) where it is known."""

    def __init__(self, message: str, place: tuple[str, int] | None = None) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class AuthorsCode:
    """The pipelines and components of the repository at `root`."""

    root: Path

    def loaded_files(self) -> list[str]:
        """Its files among the loaded modules, relative to the repository: all that a pipeline was compiled from."""
        files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        return sorted({inside for file in files if file and (inside := self._inside(file))})

    def place_of(self, error: BaseException) -> tuple[str, int] | None:
        """The file and the line where an error left the author's code."""
        if isinstance(error, Unfit):
            return error.place or self._last_line(error)
        if isinstance(error, SyntaxError) and error.filename and (file := self._inside(error.filename)):
            return file, error.lineno or 1
        return self._last_line(error)

    def calling_line(self) -> tuple[str, int] | None:
        """The file and the line of the author's code that what is running now was called from."""
        frame = sys._getframe(1)
        while frame:
            if file := self._inside(frame.f_code.co_filename):
                return file, frame.f_lineno
            frame = frame.f_back
        return None

    def _last_line(self, error: BaseException) -> tuple[str, int] | None:
        frames = traceback.extract_tb(error.__traceback__)
        places = [(file, frame.lineno or 1) for frame in frames if (file := self._inside(frame.filename))]
        return places[-1] if places else None

    def _inside(self, file: str) -> str | None:
        """The path below the repository of one of the author's files, None for any other."""
        if not file.startswith(f"{self.root}/"):  # without asking the disk about every module that there is
            return None
        path = Path(file).resolve()
        if not any(path.is_relative_to(self.root / folder) for folder in (PIPELINES, COMPONENTS)):
            return None
        return path.relative_to(self.root).as_posix()
