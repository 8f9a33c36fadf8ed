"""How long something is tried again, and how long is waited in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx2

from operations.errors import Unanswered, Unreachable

Result = TypeVar("Result")
UNANSWERED = (httpx2.HTTPError, Unanswered, OSError)
NEVER_BETTER = (400, 405, 409, 411, 413, 415, 422)  # the request is wrong; what is denied or not there may come


@dataclass(frozen=True)
class Patience:
    """Seconds: between two looks at a run, the first and the longest pause after a failure, and until it is given up.

    `lease` is how long whoever has claimed a run may take to start it, and `request` how long one request may take.
    """

    poll: float = 5.0
    first: float = 1.0
    longest: float = 30.0
    give_up: float = 300.0
    lease: float = 60.0
    request: float = 20.0

    def until_answered(self, attempt: Callable[[], Result]) -> Result:
        """What `attempt` returns, which is tried again with longer and longer pauses while nothing answers it."""
        pause, began = self.first, time.monotonic()
        while True:
            try:
                return attempt()
            except UNANSWERED as error:
                if status_of(error) in NEVER_BETTER:
                    raise
                if time.monotonic() - began + pause > self.give_up:
                    raise Unreachable(f"{said(error)}: given up after {self.give_up:.0f} s") from error
            time.sleep(pause)
            pause = min(2 * pause, self.longest)


def status_of(error: BaseException) -> int:
    """The HTTP status that an error came with, 0 where nothing has answered."""
    if isinstance(error, Unanswered):
        return error.status
    response = getattr(error, "response", None)
    return response.status_code if response is not None else 0


def said(error: BaseException) -> str:
    """An error in one line: what was asked of whom, and what the other side said."""
    if isinstance(error, Unanswered):
        return f"Kubeflow Pipelines: {_line(str(error))}"
    if isinstance(error, httpx2.HTTPStatusError) and error.request is not None:
        asked = f"{error.request.method} {error.request.url.copy_with(query=None)}"
        return f"{asked}: HTTP {error.response.status_code}: {_line(str(error))}"
    return f"{type(error).__name__}: {_line(str(error))}"


def _line(text: str) -> str:
    return " ".join(text.split())[:500]
