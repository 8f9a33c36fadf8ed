"""Ending what runs: a tree of tokens, where cancelling one cancels everything started under it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Cancelled(Exception):
    """The work was ended because a step beside it failed, or the person who started it stopped it."""


class Token:
    """Whether some work should go on; `cancel` ends it and all work under its children."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the work is to end."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled where the work is to end."""
        if self.cancelled:
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep, and raise Cancelled as soon as the work is to end."""
        self._cancelled.wait(seconds)
        self.check()

    def cancel(self) -> None:
        """End the work: call everything that waits for it."""
        with self._lock:
            self._cancelled.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def child(self) -> Token:
        """A token that is cancelled with this one, and can be alone."""
        token = Token()
        self._call(token.cancel)
        return token

    @contextmanager
    def calling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Within the block, have `callback` called when the work is to end, at once if it is already."""
        self._call(callback)
        try:
            yield
        finally:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

    def _call(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if not self.cancelled:
                self._callbacks.append(callback)
                return
        callback()
