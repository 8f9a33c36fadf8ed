"""A module that is hostile, broken or endless is a finding, and nothing else happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from generators.fleet.cache import Cache
from generators.inventory.read import Repository
from generators.ir import compile as compiler
from generators.ir.compile import compile_heads
from generators.sandbox import held
from generators.sandbox.limits import Limits

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


@pytest.mark.parametrize("text", ["import time\ntime.sleep(3600)\n", "x = 1\nwhile True: pass\n"])
def test_a_module_that_does_not_end_is_ended_at_its_line(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(compiler, "LIMITS", Limits(seconds=1))
    (tiny / "generators/pipelines/endless.py").write_text(text)

    _, findings = compile_heads(Repository(tiny), ["endless"], Cache(tiny / "cache"))

    (found,) = [each for each in findings["endless"] if "did not end within 1 s" in each.message]
    assert (found.place.file, found.place.line) == ("generators/pipelines/endless.py", 2)
