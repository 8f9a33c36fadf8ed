"""A verb imports what it needs: where nothing changed, no interpreter of CEL, no compiler and no pool of processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.verbs import check

HEAVY = (
    "cel_expr_python", "concurrent.futures.process", "google.protobuf", "jsonschema.", "kfp", "mlflow",
    "multiprocessing", "tarfile",
)  # fmt: skip
UNNEEDED = {
    "render": ("generators.cel", "generators.checks", "generators.diff", "generators.ir.lint", "generators.runner"),
    "check": (
        "generators.cel", "generators.checks.given", "generators.checks.history", "generators.checks.policies",
        "generators.checks.rule_changes", "generators.engines.argo.lint", "generators.ir.normal_form",
        "generators.runner",
    ),
    "diff": ("generators.cel", "generators.checks.given", "generators.checks.policies", "generators.runner"),
}  # fmt: skip


@pytest.mark.parametrize("verb", UNNEEDED)
def test_a_verb_imports_nothing_in_vain_where_nothing_changed(
    tiny: Path, commit: Callable[[Path], None], verb: str
) -> None:
    commit(tiny)
    assert not [found for found in check.check(Repository(tiny)) if found.failing]
    code = (
        "import atexit, sys; atexit.register(lambda: print('imported', *sys.modules))\n"
        f"sys.argv = ['graft', {verb!r}]\n"
        "from generators.cli import main; main()"
    )

    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tiny, capture_output=True, text=True, check=False)

    imported = done.stdout.rpartition("imported ")[2].split()
    assert done.returncode == 0, done.stderr
    assert [name for name in imported if name.startswith(HEAVY + UNNEEDED[verb])] == []
