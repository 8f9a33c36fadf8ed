"""An image runs the kfp that compiled its pipeline."""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

import pytest

from generators.checks import components
from generators.fleet.cache import Cache
from generators.fleet.fleet import load
from generators.fleet.manifests import Rendering
from generators.inventory.read import Repository
from generators.model import Finding

ROOT = Path(__file__).resolve().parents[3]
COMPILER = importlib.metadata.version("kfp")


def _findings(folder: Path, requirements: str) -> list[Finding]:
    for name in ("environments", "base", "components/greeter"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "components/greeter/requirements.txt").write_text(requirements)
    fleet = load(Repository(folder), Cache(folder / "cache"))
    return list(components.check_fleet(fleet, Rendering({}, ())))


def test_the_compiler_s_kfp_is_what_the_image_should_have(tmp_path: Path) -> None:
    assert _findings(tmp_path, f"numpy==2.0.0\nkfp=={COMPILER}\n") == []


@pytest.mark.parametrize(
    ("requirements", "line", "found"),
    [
        ("numpy==2.0.0\nkfp==2.0.1\n", 2, "kfp==2.0.1"),
        ("numpy==2.0.0\n", 1, "no pin of kfp"),
        ("kfp>=2\n", 1, "no pin"),
    ],
)
def test_another_kfp_is_refused_at_its_line(tmp_path: Path, requirements: str, line: int, found: str) -> None:
    (finding,) = _findings(tmp_path, requirements)

    assert (finding.place.line, finding.allowed) == (line, f"kfp=={COMPILER}")
    assert found in finding.found
