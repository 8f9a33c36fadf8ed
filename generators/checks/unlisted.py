"""Whether some environment runs every pipeline that there is code or a class for: what none lists is not looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from generators.fleet.fleet import Fleet
from generators.fleet.manifests import Rendering
from generators.inventory.layers import class_of
from generators.ir.user_code import PIPELINES
from generators.model import Finding, Place


def check_fleet(fleet: Fleet, rendering: Rendering) -> Iterator[Finding]:
    """A warning for each pipeline that no environment runs; once it is known of every environment what it runs."""
    described = fleet.files.described
    if described.keys() != set(fleet.files.names) or not all(each.sound for each in described.values()):
        return
    listed = {name for each in described.values() for name in each.classes}
    deployed = {pipeline.name for each in fleet.environments.values() for pipeline in each.pipelines}
    for file in fleet.repository.files(f"{PIPELINES}/[a-z]*.py"):
        name = PurePosixPath(file).stem.replace("_", "-")
        if name not in deployed:
            yield _warning(file, "no environment runs this pipeline, so it is neither compiled nor checked", name)
    for file in fleet.repository.files("base/pipelines/*.yml"):
        name = PurePosixPath(file).stem.replace("_", "-")
        if class_of(name) not in listed:
            yield _warning(file, "no environment lists this class, so nothing uses what it says", name)


def _warning(file: str, message: str, name: str) -> Finding:
    fix = f"list {class_of(name)} in an environment, with pipelines: {{{name}: {{track: head}}}}, or remove it"
    return Finding("warning", "source", "unlisted", Place(file), "", message, name, fix=fix)
