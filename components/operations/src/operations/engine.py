"""What an engine does for operations; `argo` and `kubeflow` are the two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from operations.model import Run, Seen, Version


class Engine(Protocol):
    """The runs and the versions that one engine has in one namespace."""

    def find(self, run: Run, id: str = "") -> Seen | None:
        """The run that is called so, by its id where that is known; None where there is none, or no longer."""

    def prepared(self, run: Run) -> Callable[[], str]:
        """All but the request that starts a run: calling it sends that, and returns the run's id.

        Refused, there or here, where the engine never will start the run.
        """

    def runs(self) -> Iterable[Seen]:
        """The runs of versions that graft has rendered, the newest first where there are many."""

    def log(self, seen: Seen) -> str:
        """The last lines of the step that failed, "" where there is none or they cannot be read."""

    def versions(self) -> list[Version]:
        """The versions that graft has rendered, and no others."""

    def named(self) -> Collection[str]:
        """The versions, by name or uid, that a schedule or a live run of this engine names."""

    def delete(self, version: Version) -> None:
        """Delete a version."""
