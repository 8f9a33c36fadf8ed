"""An image runs the kfp that compiled its pipeline, and can be built."""

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
        (folder / name).mkdir(parents=True, exist_ok=True)
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


@pytest.mark.parametrize(
    ("instruction", "missing"),
    [
        ("COPY components/greeter/requirements.txt /opt/", []),
        ("COPY src components/greeter/requirements.txt /opt/", ["src"]),
        ("COPY --chown=1 ./lock.txt /opt/", ["lock.txt"]),
        ("COPY --from=builder /x /y", []),
        ("COPY components/*/*.txt /opt/", []),
        ("ADD https://example.org/x /x", []),
        ("COPY $FILE /x", []),
        ("COPY . /opt", []),
    ],
)
def test_what_a_dockerfile_copies_must_be_there(tmp_path: Path, instruction: str, missing: list[str]) -> None:
    folder = tmp_path / "components/greeter"
    folder.mkdir(parents=True)
    (folder / "component.py").write_text("")
    (folder / "Dockerfile").write_text(f"FROM python\n{instruction}\n")

    findings = [each for each in _findings(tmp_path, f"kfp=={COMPILER}\n") if each.rule == "dockerfile"]

    assert [(each.found, each.place.line, each.failing) for each in findings] == [(name, 2, True) for name in missing]


def test_a_component_without_a_dockerfile_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "components/greeter").mkdir(parents=True)
    (tmp_path / "components/greeter/component.py").write_text("")

    (finding,) = _findings(tmp_path, f"kfp=={COMPILER}\n")

    assert (finding.verdict, finding.fix) == ("warning", "write components/greeter/Dockerfile")


@pytest.mark.parametrize(
    ("copied", "fix"),
    [
        ("components/greetr/requirements.txt", "did you mean components/greeter/requirements.txt?"),
        ("requirements.txt", "did you mean components/greeter/requirements.txt?"),
        ("models/large.bin", "write models/large.bin, or do not copy it"),
    ],
)
def test_what_was_meant_to_be_copied_is_named(tmp_path: Path, copied: str, fix: str) -> None:
    folder = tmp_path / "components/greeter"
    folder.mkdir(parents=True)
    (folder / "component.py").write_text("")
    (folder / "Dockerfile").write_text(f"FROM python\nCOPY {copied} /opt/\n")

    (finding,) = [each for each in _findings(tmp_path, f"kfp=={COMPILER}\n") if each.rule == "dockerfile"]

    assert finding.fix == fix
