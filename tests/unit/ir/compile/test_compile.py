"""Pipelines are compiled once, in a process of their own, and again when anything that they are made of changes."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest

from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.ir import compile as compiler
from generators.ir.compile import compile_heads
from generators.sandbox.held import Mode
from tests.unit.ir.compile.modules import repository_of


def test_a_hit_imports_neither_kfp_nor_the_pipeline(tiny: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from generators.inventory.read import Repository\n"
        "from generators.verbs import check\n"
        f"assert not [found for found in check.check(Repository(Path({str(tiny)!r}))) if found.failing]\n"
        "heavy = {'kfp', 'kapitan', 'tensorflow', 'mlflow', 'generators.pipelines.greet'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("file", ["generators/pipelines/greet.py", "components/greeter/component.py"])
def test_a_change_of_any_file_that_it_is_made_from_is_compiled(tiny: Path, file: str) -> None:
    repository = Repository(tiny)
    cache = Cache(repository.root / "cache")
    before, _ = compile_heads(repository, ["greet"], cache)
    text = (tiny / file).read_text()
    (tiny / file).write_text(text.replace("Greets everybody.", "Greets all.").replace("nobody was", "no one was"))

    after, _ = compile_heads(repository, ["greet"], cache)

    assert before["greet"].hash != after["greet"].hash


def test_no_setting_of_the_caller_changes_a_definition(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "7", "PYTHONOPTIMIZE": "2",
        "KFP_DISABLE_EXECUTION_CACHING_BY_DEFAULT": "true", "PYTHONPATH": str(tiny), "HOME": str(tiny),
    }  # fmt: skip
    before = compiler._by_worker(tiny, ["greet"])
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tiny)

    assert compiler._by_worker(tiny, ["greet"]) == before


def test_what_is_saved_while_it_is_compiled_is_compiled_again(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository, by_worker = Repository(tiny), compiler._by_worker
    cache, module = Cache(tiny / "cache"), tiny / "generators/pipelines/greet.py"

    def saved_meanwhile(root: Path, names: list[str], mode: Mode) -> dict:
        answers = by_worker(root, names, mode)
        module.write_text(module.read_text().replace("times: int = 1", "times: int = 7"))
        return answers

    monkeypatch.setattr(compiler, "_by_worker", saved_meanwhile)
    compile_heads(repository, ["greet"], cache)
    monkeypatch.undo()

    found, _ = compile_heads(repository, ["greet"], cache)

    assert found["greet"].parameters["times"]["defaultValue"] == 7


def test_a_new_file_that_takes_the_place_of_another_in_an_import_is_seen(tiny: Path) -> None:
    repository, cache = Repository(tiny), Cache(tiny / "cache")
    module, words = tiny / "generators/pipelines/greet.py", tiny / "components/greeter/words.py"
    words.write_text('WORD = "Hi"\n')
    text = module.read_text().replace('word: str = "Hello"', "word: str = WORD")
    module.write_text(
        text.replace("from kfp import dsl", "from components.greeter.words import WORD\nfrom kfp import dsl")
    )
    before, _ = compile_heads(repository, ["greet"], cache)
    words.with_suffix("").mkdir()
    (words.with_suffix("") / "__init__.py").write_text('WORD = "Shadow"\n')

    after, _ = compile_heads(repository, ["greet"], cache)

    defaults = [found["greet"].parameters["word"]["defaultValue"] for found in (before, after)]
    assert defaults == ["Hi", "Shadow"]


def test_an_edit_that_keeps_size_and_time_is_compiled(tiny: Path, tmp_path: Path) -> None:
    file, cache = tiny / "generators/pipelines/greet.py", Cache(tmp_path / "cache")
    file.write_text(file.read_text().replace('word: str = "Hello"', 'word: str = "One"'))
    status = file.stat()
    py_compile.compile(str(file))
    compile_heads(Repository(tiny), ["greet"], cache)

    file.write_text(file.read_text().replace('word: str = "One"', 'word: str = "Two"'))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    found, _ = compile_heads(Repository(tiny), ["greet"], cache)

    assert found["greet"].parameters["word"]["defaultValue"] == "Two"


LOADED = """
name: shout
inputs: [{name: text, type: String}]
implementation: {container: {image: "python:3.12", command: [echo, {inputValue: text}]}}
"""


def test_a_component_that_is_loaded_from_a_file_is_a_part_of_what_is_kept(tmp_path: Path) -> None:
    repository = repository_of(tmp_path, {"p": "def p(word: str = 'a'):\n    shout(text=word)"})
    module, file = tmp_path / "generators/pipelines/p.py", tmp_path / "components/shout.yaml"
    loading = "shout = components.load_component_from_file(__file__[:-26] + '/components/shout.yaml')\n\n@dsl.pipeline"
    module.write_text("from kfp import components\n" + module.read_text().replace("@dsl.pipeline", loading))
    hashes = []
    for command, cache in (("echo", "warm"), ("printf", "warm"), ("printf", "cold")):
        file.write_text(LOADED.replace("echo", command))
        heads, findings = compile_heads(repository, ["p"], Cache(tmp_path / cache))
        assert findings == {}
        hashes.append(heads["p"].hash)

    assert hashes[0] != hashes[1] == hashes[2]
