"""An image runs the kfp that compiled its pipeline."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from generators.checks import components
from generators.inventory.read import Repository

COMPILER = importlib.metadata.version("kfp")


def _repository(folder: Path, requirements: str) -> Repository:
    file = folder / "components/greeter/requirements.txt"
    file.parent.mkdir(parents=True)
    file.write_text(requirements)
    return Repository(folder)


def test_the_compiler_s_kfp_is_what_the_image_should_have(tmp_path: Path) -> None:
    assert components.check(_repository(tmp_path, f"numpy==2.0.0\nkfp=={COMPILER}\n")) == []


@pytest.mark.parametrize(
    ("requirements", "line", "found"),
    [
        ("numpy==2.0.0\nkfp==2.0.1\n", 2, "kfp==2.0.1"),
        ("numpy==2.0.0\n", 1, "no pin of kfp"),
        ("kfp>=2\n", 1, "no pin"),
    ],
)
def test_another_kfp_is_refused_at_its_line(tmp_path: Path, requirements: str, line: int, found: str) -> None:
    (finding,) = components.check(_repository(tmp_path, requirements))

    assert (finding.place.line, finding.allowed) == (line, f"kfp=={COMPILER}")
    assert found in finding.found
