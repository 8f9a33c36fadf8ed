"""What is refused, and said, where a machine lacks the walls that contain a pipeline's code."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from generators.sandbox import held, machine

pytestmark = pytest.mark.skipif(not held.at_hand().seccomp, reason="not run: this machine has no wall to take away")
ROOT = Path(__file__).resolve().parents[3]
_LOAD, _EQUAL, _RETURN, _ERRNO, _ALLOW, _FILTER = 0x20, 0x15, 0x06, 0x00050000, 0x7FFF0000, 1


def _take_the_walls_away() -> None:
    """Be in a container whose profile lets neither seccomp nor Landlock through, as many have."""
    machine.gain_nothing()
    refused = [machine.numbers()[name] for name in ("seccomp", "landlock_create_ruleset")]
    program = struct.pack("=HBBI", _LOAD, 0, 0, 0)
    for number in refused:
        program += struct.pack("=HBBI", _EQUAL, 0, 1, number)
        program += struct.pack("=HBBI", _RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    program += struct.pack("=HBBI", _RETURN, 0, 0, _ALLOW)
    text = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text)))
    machine.call("seccomp", _FILTER, 0, ctypes.byref(head))


def _rendered(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`graft render` there, with an empty cache, so that it compiles."""
    command = [sys.executable, "-m", "generators.cli", "render", f"--repo={folder}", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache"), "CI": ""}
    return subprocess.run(
        command, env=variables, capture_output=True, text=True, check=False, preexec_fn=_take_the_walls_away
    )


def test_require_refuses_in_words_and_writes_nothing(tiny: Path) -> None:
    before = {file: file.read_bytes() for file in sorted(tiny.glob("rendered/**/*")) if file.is_file()}

    done = _rendered(tiny, "--sandbox=require")

    assert done.returncode == 2
    assert "the pipelines' code cannot be contained here: seccomp with a notifying process" in done.stderr
    assert "--sandbox=auto" in done.stderr
    assert {file: file.read_bytes() for file in before} == before


def test_auto_goes_on_and_says_what_is_missing(tiny: Path) -> None:
    done = _rendered(tiny, "--sandbox=auto")

    assert done.returncode == 0, done.stderr
    assert "graft: the pipelines' code ran contained by limits" in done.stderr
    assert "--sandbox=require refuses this" in done.stderr
