"""Pipelines are compiled once, in a process of their own, and what would fail on a cluster is refused here."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.ir import compile as compiler
from generators.ir.compile import compile_heads
from generators.model import Finding
from generators.sandbox import held
from generators.sandbox.held import Mode
from generators.sandbox.limits import Limits

Edit = Callable[[Path, str, str], None]

HEAD = """
from typing import Dict, List
from kfp import dsl

@dsl.component(base_image="greeter", install_kfp_package=False)
def say(text: str) -> str:
    return text

@dsl.component(base_image="greeter", install_kfp_package=False)
def names() -> list:
    return ["Ada"]

"""

UNFIT = {
    "a loop without a name": (
        "def p(items: List[dict] = []):\n    with dsl.ParallelFor(items) as item:\n        say(text=item.name)",
        "the group 'for-loop-1' has no name of its own",
    ),
    "a condition without a name": (
        "def p(word: str = 'a'):\n    with dsl.If(word == 'a'):\n        say(text=word)",
        "the group 'condition-1' has no name of its own",
    ),
    "a repeated component": (
        "def p(word: str = 'a'):\n    say(text=word)\n    say(text=word)",
        "'say-2' is numbered by position; name it with .set_display_name",
    ),
    "two steps of one path": (
        "def p(word: str = 'a'):\n    say(text=word)\n    say(text=word).set_display_name('say')",
        "2 tasks have the path 'say'",
    ),
    "a loop over an untyped parameter": (
        "def p(items: list = []):\n    with dsl.ParallelFor(items, name='all') as item:\n        say(text=item)",
        "annotate the list, for example List[dict]",
    ),
    "a loop over an untyped output": (
        "def p():\n    with dsl.ParallelFor(names().output, name='all') as item:\n        say(text=item)",
        "annotate the list, for example List[dict]",
    ),
    "a condition with a quote in its constant": (
        "def p(word: str = 'a'):\n    with dsl.If(word == \"it's\", name='quoted'):\n        say(text=word)",
        "is not valid CEL",
    ),
    "an error of its own": ("def p():\n    raise RuntimeError('no such thing')", "RuntimeError: no such thing"),
    "a file": ("def p(word: str = 'a'):\n    say(text=word if True else open('x').read())", "may not call open()"),
    "the time of day": ("def p():\n    import time\n    say(text=str(time.time()))", "may not import time"),
    "a second pipeline that nothing runs": (
        "def p(word: str = 'a'):\n    say(text=word)\n\n@dsl.pipeline(name='beside')\ndef beside():\n    names()",
        "also defines the pipeline beside, which nothing runs; move it to generators/pipelines/beside.py",
    ),
    "another pipeline's name": ("def other():\n    names()", "in this module; it defines: other"),
}

UNFIT["what a merge left"] = ("def p():\n<<<<<<< HEAD\n    names()", "conflict markers stand here")

LINES = {  # the line of what is wrong, counted from the pipeline's own
    "a loop without a name": 2,
    "a condition without a name": 2,
    "a repeated component": 3,
    "two steps of one path": 3,
    "a condition with a quote in its constant": 2,
    "a second pipeline that nothing runs": 4,
    "what a merge left": 2,
}

LOOP = """def p(items: List[{item}] = []):
    with dsl.ParallelFor(items, name='all') as item:
        say(text={text})
"""
FIT = {
    "a typed loop": LOOP.format(item="dict", text="item.name"),
    "a loop over text": LOOP.format(item="str", text="item"),
    "a repeated component with a name": "def p():\n    say(text='a')\n    say(text='b').set_display_name('say-again')",
    "branches": "def p(word: str = 'a'):\n    with dsl.If(word == 'a', name='is-a'):\n        say(text=word)\n"
    "    with dsl.Else(name='is-not'):\n        say(text=word).set_display_name('say-else')",
}


def _repository(folder: Path, pipelines: dict[str, str]) -> Repository:
    for name in ("environments", "base", "generators/pipelines", "components"):
        (folder / name).mkdir(parents=True)
    for name, body in pipelines.items():
        text = body.replace("def p(", f"def {name}(", 1)
        decorator = f'@dsl.pipeline(name="{name if "def other" not in body else "other"}")\n'
        (folder / f"generators/pipelines/{name}.py").write_text(HEAD + decorator + text)
    return Repository(folder)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """Each small pipeline's findings; all are compiled in one process, which costs kfp's import once."""
    bodies = {f"unfit{n}": body for n, (body, _) in enumerate(UNFIT.values())}
    bodies |= {f"fit{n}": body for n, body in enumerate(FIT.values())}
    repository = _repository(tmp_path_factory.mktemp("small"), bodies)
    _, findings = compile_heads(repository, list(bodies), Cache(repository.root / "cache"))
    return {name: findings.get(name, []) for name in bodies}


@pytest.mark.parametrize("what", UNFIT)
def test_what_would_fail_on_a_cluster_is_refused_at_its_line(compiled: dict[str, list[Finding]], what: str) -> None:
    name = f"unfit{list(UNFIT).index(what)}"

    (finding,) = compiled[name]

    assert finding.place.file == f"generators/pipelines/{name}.py"
    assert UNFIT[what][1] in finding.message


@pytest.mark.parametrize("what", LINES)
def test_what_is_unfit_is_refused_at_the_line_that_makes_it(compiled: dict[str, list[Finding]], what: str) -> None:
    (finding,) = compiled[f"unfit{list(UNFIT).index(what)}"]

    assert finding.place.line == HEAD.count("\n") + 1 + LINES[what]


def test_a_pipeline_in_a_pipeline_may_stand_beside_it(tmp_path: Path) -> None:
    repository = _repository(tmp_path, {"p": "def p():\n    inner(word='a')"})
    module = tmp_path / "generators/pipelines/p.py"
    inner = "@dsl.pipeline(name='inner')\ndef inner(word: str):\n    say(text=word)\n\n"
    module.write_text(module.read_text().replace('@dsl.pipeline(name="p")', inner + '@dsl.pipeline(name="p")'))

    definitions, findings = compile_heads(repository, ["p"], Cache(tmp_path / "cache"))

    assert (list(definitions), findings) == (["p"], {})


def test_everything_that_is_unfit_is_found_at_once_each_at_its_line(tmp_path: Path) -> None:
    body = UNFIT["a loop without a name"][0] + "\n    say(text='b')\n    say(text='c')"

    _, findings = compile_heads(_repository(tmp_path, {"p": body}), ["p"], Cache(tmp_path / "cache"))

    assert sorted(finding.place.line - HEAD.count("\n") - 1 for finding in findings["p"]) == [2, 4, 5]


@pytest.mark.parametrize("what", FIT)
def test_what_kfp_would_run_is_accepted(compiled: dict[str, list[Finding]], what: str) -> None:
    assert compiled[f"fit{list(FIT).index(what)}"] == []


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


ENDINGS = {
    "no answer": ("import posix\nposix._exit(0)\n", "without an answer"),
    "an interrupt": ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    "a module outside": ("import shared_words\n", "No module named 'shared_words'"),
    "embedded files": ("dsl.component(embedded_artifact_path='x')\n", "may not embed files"),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_a_module_that_ends_the_compiler_is_a_finding_beside_the_others(tiny: Path, what: str) -> None:
    text, words = ENDINGS[what]
    (tiny / "shared_words.py").write_text("")
    module = tiny / "generators/pipelines/greet.py"
    module.write_text(module.read_text() + text)

    _, findings = compile_heads(Repository(tiny), ["greet"], Cache(tiny / "cache"))

    assert {finding.place.file for finding in findings["greet"]} == {"generators/pipelines/greet.py"}
    assert any(words in finding.message for finding in findings["greet"])


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


HOSTILE = {
    "an environment's variable": ("def _read():\n    import os\n    return os.environ['HOME']\n_read()\n", "import os"),
    "a private key": ("open('/root/.ssh/id_rsa')\n", "tried to open /root/.ssh/id_rsa"),
    "a token of Git": ("open(__file__[:-30] + '/../.git/config')\n", "tried to open"),
    "a schema": (
        "open('@/schemas/environment.schema.json', 'w')\n",
        "tried to write @/schemas/environment.schema.json",
    ),
    "a connection": ("import socket\nsocket.socket()\n", "Operation not permitted"),
    "a daemon": ("import os\nos.fork()\n", "Operation not permitted"),
    "50 daemons": ("import os\nfor _ in range(50): os.posix_spawn('/bin/sleep', ['9'], {})\n", "not permitted"),
    "8 GB": ("bytearray(8 << 30)\n", "needs more than 2 GiB of memory"),
    "a command for CI": (
        "raise ValueError('\\x1b[2J\\n::stop-commands::x')\n",
        "ValueError: \N{REPLACEMENT CHARACTER}[2J ::stop",
    ),
    "native code": ("from components.greeter import native\n", "cannot import name 'native'"),
    "the current folder": ("import beside\n", "No module named 'beside'"),
    "a start of Python": ("import sitecustomize\nsitecustomize.planted\n", "sitecustomize"),
    "a last word": ("import atexit, os\natexit.register(print, 'x')\nos._exit(0)\n", "without an answer"),
    "the caller's variables": ("import os\nraise ValueError(sorted(os.environ))\n", "ValueError: ['HOME', 'LANG'"),
    "graft's own functions": (
        "import generators.ir.purity as purity\npurity.of_files = purity._problems = lambda *_: []\nimport os\n",
        "may not import os",
    ),
    "graft's own modules": ("import json\njson.dump = json.dumps = lambda *_, **__: 'forged'\n", "without an answer"),
}


@pytest.mark.skipif(not held.at_hand().seccomp, reason="not run: this machine has no seccomp to contain it")
def test_what_a_hostile_module_does_is_a_finding_and_nothing_else(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does one of them change what an honest pipeline, which is compiled after it, is compiled to."""
    (tiny / "components/greeter/native.so").write_bytes(b"\x7fELF")
    honest, _ = compile_heads(Repository(tiny), ["greet"], Cache(tiny / "cache"))
    pipelines, names = tiny / "generators/pipelines", [f"hostile{at}" for at in range(len(HOSTILE))]
    for name, (text, _) in zip(names, HOSTILE.values(), strict=True):
        (pipelines / f"{name}.py").write_text(text.replace("@", str(tiny)))
    for planted in ("beside.py", "sitecustomize.py"):
        (tiny / planted).write_text("planted = True\n")
    (tiny / "planted.pth").write_text("import beside\n")
    monkeypatch.chdir(tiny)
    monkeypatch.setenv("PYTHONPATH", str(tiny))

    heads, findings = compile_heads(Repository(tiny), [*names, "greet"], Cache(tiny / "another"))

    assert heads == honest
    for name, (what, (_, words)) in zip(names, HOSTILE.items(), strict=True):
        said = [finding.message for finding in findings[name]]
        assert any(words.replace("@", str(tiny)) in message for message in said), (what, said)


@pytest.mark.parametrize("text", ["import time\ntime.sleep(3600)\n", "x = 1\nwhile True: pass\n"])
def test_a_module_that_does_not_end_is_ended_at_its_line(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(compiler, "LIMITS", Limits(seconds=1))
    (tiny / "generators/pipelines/endless.py").write_text(text)

    _, findings = compile_heads(Repository(tiny), ["endless"], Cache(tiny / "cache"))

    (found,) = [each for each in findings["endless"] if "did not end within 1 s" in each.message]
    assert (found.place.file, found.place.line) == ("generators/pipelines/endless.py", 2)


LOADED = """
name: shout
inputs: [{name: text, type: String}]
implementation: {container: {image: "python:3.12", command: [echo, {inputValue: text}]}}
"""


def test_a_component_that_is_loaded_from_a_file_is_a_part_of_what_is_kept(tmp_path: Path) -> None:
    repository = _repository(tmp_path, {"p": "def p(word: str = 'a'):\n    shout(text=word)"})
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
