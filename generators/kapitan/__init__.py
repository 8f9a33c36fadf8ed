"""Kapitan's door to graft: `kapitan compile` calls `main` and writes, byte for byte, what graft renders."""

from __future__ import annotations

from pathlib import Path


def main() -> dict[str, str]:
    """The rendered files of the target that is being compiled: path below its folder to text."""
    from kapitan.inputs.kadet import inventory

    from generators.inventory.read import Repository
    from generators.verbs.render import rendered_environment

    return rendered_environment(Repository(Path.cwd()), inventory().parameters.environment)
