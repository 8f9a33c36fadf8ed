"""What a step said last: of an exception all of it, without the frames, else the last line."""

from __future__ import annotations

_TRACE = "Traceback (most recent call last):"
_BETWEEN = ("During handling of the above exception", "The above exception was the direct cause")
_EXECUTORS = "[KFP Executor"  # KFP's executor talking about itself
_MOST = 100  # lines of one exception's message


class LastWords:
    """Hears the lines of a step; `text` is what to say of it where it has failed."""

    def __init__(self) -> None:
        self._frames = False
        self._exception: list[str] = []
        self._last = ""

    def hear(self, line: str) -> None:
        """The next line that the step has printed."""
        if line.strip() == _TRACE:
            self._frames, self._exception = True, []
        elif self._frames:
            if line and not line.startswith((" ", "\t")):
                self._frames, self._exception = False, [line]
        elif self._exception and len(self._exception) < _MOST and not line.startswith((_EXECUTORS, *_BETWEEN)):
            self._exception.append(line)
        if line.strip() and not line.startswith(_EXECUTORS):
            self._last = line.strip()

    @property
    def text(self) -> str:
        """Lines, "" where nothing was said."""
        return "\n".join(self._exception).strip() or self._last
