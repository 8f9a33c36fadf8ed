"""Whether what a component's image holds agrees with what compiled the pipeline that runs it."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.ir.compile import SHARED
from generators.model import Finding, Place

_BASE = f"{SHARED}/requirements.txt"  # of the base image that every component's image stands on
_PIN = re.compile(r"^kfp==(\S+)", re.MULTILINE)


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for every component whose image would run another kfp than the compiler's."""
    repository = fleet.repository
    files = repository.files("components/*/requirements.txt")
    for file in files:
        text = repository.text(file)
        in_base_image = _BASE in files and file != _BASE and not _PIN.search(text)
        if not in_base_image and (finding := _kfp(file, text)):
            yield finding


def _kfp(file: str, text: str) -> Finding | None:
    compiler = importlib.metadata.version("kfp")
    pin = _PIN.search(text)
    if pin and pin[1] == compiler:
        return None
    line = text.count("\n", 0, pin.start()) + 1 if pin else 1
    message = "the image's kfp is not the compiler's, and its executor may not understand what was compiled"
    found = pin[0] if pin else "no pin of kfp"
    return Finding("invalid", "capability", "kfp-version", Place(file, line), "", message, found, f"kfp=={compiler}")
