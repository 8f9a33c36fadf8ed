"""Kapitan's door to graft: `kapitan compile` calls `main` and writes, byte for byte, what graft renders."""

from __future__ import annotations

from pathlib import Path


def main() -> dict[str, str]:
    """The rendered files of the target that is being compiled: path below its folder to text."""
    from kapitan.inputs.kadet import inventory

    from generators.fleet import manifests
    from generators.fleet.cache import Cache
    from generators.inventory.read import Repository

    name = inventory().parameters.environment
    _, rendering = manifests.accepted(Repository(Path.cwd()), name, Cache.of_user())
    return {path.removeprefix(f"{name}/"): content.text() for path, content in rendering.tree.items()}
