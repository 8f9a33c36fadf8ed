"""Source embedded in a step: what the step reaches, the same bytes each time, and a change of it compiles anew."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.ir.compile import compile_heads

PIPELINE = """
from generators.ir.embedding import with_source
from kfp import dsl


@dsl.component(base_image="greeter", install_kfp_package=False)
def speak(text: str) -> str:
    from packed.words import said

    return said(text)


speak = with_source(speak, ["components/packed/src"], ["packed.started"])


@dsl.pipeline(name="packed")
def packed(text: str = "a"):
    speak(text=text)
"""


@pytest.fixture
def repository(tiny: Path) -> Path:
    (tiny / "generators/pipelines/packed.py").write_text(PIPELINE)
    source = tiny / "components/packed/src/packed"
    source.mkdir(parents=True)
    texts = {
        "__init__": "",
        "words": "from packed import deeper\n\ndef said(text):\n    return deeper.twice(text)\n",
        "deeper": "def twice(text):\n    return text + text  # ä\n",
        "started": "import sys\nprint(sys.argv[0] and 'started')\n",
        "unused": "raise SystemExit('nobody imports this')\n",
    }
    for name, text in texts.items():
        (source / f"{name}.py").write_text(text)
    return tiny


def source_of(repository: Path, cache: Path) -> str:
    heads, findings = compile_heads(Repository(repository), ["packed"], Cache(cache))
    assert not findings
    return heads["packed"].spec["deploymentSpec"]["executors"]["exec-speak"]["container"]["command"][-1]


def test_a_step_holds_the_modules_that_it_reaches_and_runs_of_them_alone(repository: Path, tmp_path: Path) -> None:
    text = source_of(repository, tmp_path / "cache")
    program = text + (
        "\nimport packed, subprocess\n"
        "names = sorted(file.name for file in pathlib.Path(_folder).rglob('*.py'))\n"
        "started = subprocess.run([sys.executable, '-m', 'packed.started'], capture_output=True, text=True).stdout\n"
        "print(json.dumps([speak('ab'), names, started, os.environ['PACKAGE_EMBEDDED']]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = ["__init__.py", "deeper.py", "started.py", "words.py"]
    assert json.loads(done.stdout) == ["abab", names, "started\n", "1"]


def test_the_same_source_gives_the_same_text(repository: Path, tmp_path: Path) -> None:
    assert source_of(repository, tmp_path / "one") == source_of(repository, tmp_path / "two")


def test_a_change_of_an_embedded_module_is_compiled_and_one_of_another_is_not(
    repository: Path, tmp_path: Path, edit: Callable[[Path, str, str], None]
) -> None:
    cache, source = tmp_path / "cache", repository / "components/packed/src/packed"
    first = source_of(repository, cache)
    edit(source / "unused.py", "nobody", "no one")
    assert source_of(repository, cache) == first
    edit(source / "deeper.py", "text + text", "text * 2")
    assert source_of(repository, cache) != first
