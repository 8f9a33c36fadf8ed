"""A module that is hostile, broken or endless is a finding, and nothing else happens."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.ir import compile as compiler
from generators.ir.compile import compile_heads
from generators.sandbox import held
from generators.sandbox.limits import Limits

ROOT = Path(__file__).resolve().parents[4]
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


FORGE = """
import base64, json, os
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

def task(component, name="a"):
    return {"taskInfo": {"name": name}, "componentRef": {"name": component}}

def say(components, executors={}, errors=[], files=[]):
    root = {"dag": {"tasks": {"a": task("comp-0")}}}
    spec = {"pipelineInfo": {"name": NAME}, "schemaVersion": "2.1.0", "root": root, "components": components}
    spec["deploymentSpec"] = {"executors": executors}
    spec = json_format.ParseDict(spec, pipeline_spec_pb2.PipelineSpec()).SerializeToString()
    said = {"spec": base64.b64encode(spec).decode(), "platform": "", "errors": errors, "loaded": files}
    os.write(3, json.dumps(said).encode())
    os._exit(0)

"""
FORGED = {
    "a component in itself": ("say({'comp-0': {'dag': {'tasks': {'a': task('comp-0')}}}})", "contains itself"),
    "a component that is not there": ("say({})", "there is no component comp-0"),
    "what unfolds without an end": (
        "say({f'comp-{at}': {'dag': {'tasks': {'a': task(f'comp-{at + 1}'), 'b': task(f'comp-{at + 1}', 'b')}}}"
        " for at in range(40)} | {'comp-40': {'executorLabel': 'e'}})",
        "unfolds into",
    ),
    "what is nested without an end": (
        "say({f'comp-{at}': {'dag': {'tasks': {'a': task(f'comp-{at + 1}')}}} for at in range(2000)}"
        " | {'comp-2000': {'executorLabel': 'e'}})",
        "nested 2002 deep",
    ),
    "executors of another form": ("say({'comp-0': {'executorLabel': 'e'}}, {'e': 'text'})", "is not a mapping"),
    "an error without words": ("say({}, errors=[{'file': 'x'}])", "a file is not one of the repository's code"),
    "a file with a long name": ("say({}, files=['components/' + 'x' * 9000])", "File name too long"),
}


@pytest.mark.skipif(not held.at_hand().seccomp, reason="not run: this machine has no seccomp to contain it")
def test_a_forged_answer_is_a_finding_of_its_own_pipeline_alone(tiny: Path) -> None:
    names = [f"forged{at}" for at in range(len(FORGED))]
    for name, (text, _) in zip(names, FORGED.values(), strict=True):
        (tiny / f"generators/pipelines/{name}.py").write_text(f"NAME = {name!r}\n{FORGE}{text}\n")

    heads, findings = compile_heads(Repository(tiny), [*names, "greet"], Cache(tiny / "cache"))

    assert list(heads) == ["greet"]
    for name, (what, (_, words)) in zip(names, FORGED.items(), strict=True):
        assert any(words in finding.message for finding in findings[name]), (what, findings[name])


def test_nothing_of_the_folder_of_pipelines_runs_where_nothing_contains_it(tiny: Path, tmp_path: Path) -> None:
    """A checkout may hold graft itself, of which this folder is the authors'."""
    graft, planted = tmp_path / "graft", tmp_path / "planted"
    shutil.copytree(ROOT / "generators", graft / "generators", ignore=shutil.ignore_patterns("__pycache__"))
    (graft / "generators/pipelines/__init__.py").write_text(f"open({str(planted)!r}, 'w')\n")
    command = [sys.executable, "-P", "-m", "generators.cli", "render", f"--repo={tiny}", "--sandbox=auto"]
    variables = {**os.environ, "PYTHONPATH": str(graft), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert not planted.exists()


@pytest.mark.parametrize("text", ["import time\ntime.sleep(3600)\n", "x = 1\nwhile True: pass\n"])
def test_a_module_that_does_not_end_is_ended_at_its_line(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(compiler, "LIMITS", Limits(seconds=1))
    (tiny / "generators/pipelines/endless.py").write_text(text)

    _, findings = compile_heads(Repository(tiny), ["endless"], Cache(tiny / "cache"))

    (found,) = [each for each in findings["endless"] if "did not end within 1 s" in each.message]
    assert (found.place.file, found.place.line) == ("generators/pipelines/endless.py", 2)
