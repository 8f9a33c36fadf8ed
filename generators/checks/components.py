"""Whether an image can be built from a component, and agrees with what compiled the pipeline that runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generators.catalogue.readmes import folders
from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository
from generators.ir.compile import SHARED
from generators.model import Finding, Place
from generators.suggestions import nearest

_BASE = f"{SHARED}/requirements.txt"  # of the base image that every component's image stands on
_PIN = re.compile(r"^kfp==(\S+)", re.MULTILINE)


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A finding for every component whose image cannot be built, or would run another kfp than the compiler's."""
    repository = fleet.repository
    for folder in folders(repository):
        yield from _buildable(repository, folder)
    files = repository.files("components/*/requirements.txt")
    for file in files:
        text = repository.text(file)
        in_base_image = _BASE in files and file != _BASE and not _PIN.search(text)
        if not in_base_image and (finding := _kfp(file, text)):
            yield finding


def _buildable(repository: Repository, folder: str) -> Iterator[Finding]:
    """What is wrong with a component's Dockerfile, as far as that can be told without building it."""
    file = f"{folder}/Dockerfile"
    if not repository.exists(file):
        message, fix = "there is no Dockerfile, so no image is built from this component", f"write {file}"
        yield Finding("warning", "capability", "dockerfile", Place(folder, 0), "", message, fix=fix)
        return
    for line, source in copied(repository.text(file)):
        if not repository.exists(source) and not repository.files(source):
            message = f"copies {source}, which is not in the repository, the root of which is the build's context"
            meant = _nearest(repository, source) or _nearest(repository, f"{folder}/{source}")
            fix = f"did you mean {meant}?" if meant else f"write {source}, or do not copy it"
            yield Finding("invalid", "capability", "dockerfile", Place(file, line), "", message, source, fix=fix)


def _nearest(repository: Repository, path: str) -> str:
    """The path in the repository that a path was most likely meant to be, part by part; "" where nothing is near."""
    found = ""
    for part in path.split("/"):
        known = repository.names(found or ".")
        near = part if part in known else nearest(part, known)
        if not near:
            return ""
        found = f"{found}/{near}".lstrip("/")
    return found


def copied(dockerfile: str) -> Iterator[tuple[int, str]]:
    """(line, path) of all that a Dockerfile copies from the repository by a name without variables in it."""
    for line, text in enumerate(dockerfile.splitlines(), start=1):
        words = text.split()
        if words and words[0].upper() in ("COPY", "ADD") and not any(word.startswith("--from=") for word in words):
            paths = [word for word in words[1:] if not word.startswith("--")][:-1]
            yield from (
                (line, path.removeprefix("./") or ".") for path in paths if not re.search(r"[$\[\"<]|://", path)
            )


def _kfp(file: str, text: str) -> Finding | None:
    import importlib.metadata  # a quarter of what else is imported to check a component

    compiler = importlib.metadata.version("kfp")
    pin = _PIN.search(text)
    if pin and pin[1] == compiler:
        return None
    line = text.count("\n", 0, pin.start()) + 1 if pin else 1
    message = "the image's kfp is not the compiler's, and its executor may not understand what was compiled"
    found = pin[0] if pin else "no pin of kfp"
    return Finding("invalid", "capability", "kfp-version", Place(file, line), "", message, found, f"kfp=={compiler}")
