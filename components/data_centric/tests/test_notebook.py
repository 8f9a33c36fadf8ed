"""The notebook, executed from top to bottom as a reader would."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client import KernelManager
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "notebooks" / "data_centric.ipynb"
LONGEST = 900  # seconds for one cell, on a machine that does other things too


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The notebook with its outputs; its files go into a folder of the tests."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv[0] = sys.executable
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("notebook")))
        patch.setenv("JUPYTER_ALLOW_INSECURE_WRITES", "true")
        place = {"metadata": {"path": str(NOTEBOOK.parent)}}
        client = NotebookClient(notebook, km=manager, timeout=LONGEST, resources=place, coalesce_streams=True)
        try:
            client.execute()
        finally:
            manager.shutdown_kernel(now=True)  # which the client leaves to who has made it
    return notebook


def texts(notebook: nbformat.NotebookNode) -> str:
    """All that its cells printed or showed as text."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            found.append(output.get("text", "") or output.get("data", {}).get("text/markdown", ""))
    return "\n".join(found)


def test_it_runs_from_top_to_bottom_and_the_next_version_is_better_beyond_chance(
    executed: nbformat.NotebookNode,
) -> None:
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert "no regression: passed: better, +" in texts(executed)


def test_it_shows_pictures_the_history_and_the_leak_by_name(executed: nbformat.NotebookNode) -> None:
    shown = texts(executed)
    assert "| v1 |" in shown and "| v1-reviewed |" in shown
    assert "leak between parts" in shown and "= test/planted.png" in shown
    pictures = [out for cell in executed.cells for out in cell.get("outputs", ()) if "image/png" in out.get("data", {})]
    assert len(pictures) >= 4


def test_it_is_kept_without_outputs() -> None:
    kept = nbformat.read(NOTEBOOK, as_version=4)
    assert not [cell for cell in kept.cells if cell.get("outputs") or cell.get("execution_count")]
