"""What every part of one run shares: the pipeline, the settings, the record, the slots for processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generators.ir.view import Pipeline
from generators.runner.cancel import Token
from generators.runner.record import Record
from generators.runner.running import Running
from generators.runner.settings import Settings


@dataclass(frozen=True)
class Context:
    """One run. `names` are those of the job, as placeholders have them; `interrupted` ends everything.

    `head` is what its record says of it from the beginning on, `running` the file that does while it goes on.
    """

    pipeline: Pipeline
    settings: Settings
    packages: Mapping[str, Path]
    secret: Callable[[str], str | None]
    directory: Path
    names: Mapping[str, str]
    head: Mapping[str, Any]
    running: Running
    record: Record
    slots: threading.Semaphore
    interrupted: Token = field(default_factory=Token)
