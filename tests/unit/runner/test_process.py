"""Processes: their group is ended whole, by a deadline, a cancellation, Ctrl-C, or their own end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.runner import Settings, run
from generators.runner.cancel import Token
from generators.runner.process import Command, run_process


def command(folder: Path, *arguments: str) -> Command:
    return Command(arguments, {"PATH": os.environ["PATH"]}, folder, folder / "log.txt")


def gone(pid: int) -> bool:
    """Whether a process ends within seconds; one that is only waiting to be collected has ended."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if status.read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


def test_output_is_told_by_lines_and_logged_as_it_is(tmp_path):
    lines: list[str] = []
    ended = run_process(command(tmp_path, "printf", "one\\n\\377\\ntwo"), Token(), None, lines.append)
    assert (ended.status, lines) == (0, ["one", "�", "two"])
    assert (tmp_path / "log.txt").read_bytes() == b"one\n\xff\ntwo"


def test_what_a_step_leaves_running_ends_with_it(tmp_path):
    lines: list[str] = []
    start = time.monotonic()
    run_process(command(tmp_path, "sh", "-c", "sleep 60 & echo $!"), Token(), None, lines.append)
    assert time.monotonic() - start < 5
    assert gone(int(lines[0]))


def test_a_daemon_that_left_the_group_does_not_hold_up_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr("generators.runner.process.GRACE", 0.2)
    lines: list[str] = []
    script = "setsid sh -c 'echo $$; sleep 60' & sleep 0.3"
    ended = run_process(command(tmp_path, "sh", "-c", script), Token(), None, lines.append)
    assert (ended.status, len(lines)) == (0, 1)
    os.kill(int(lines[0]), signal.SIGKILL)


def test_a_listener_that_fails_ends_the_process_and_is_heard_of(tmp_path):
    def broken(line: str) -> None:
        raise BrokenPipeError(line)

    with pytest.raises(BrokenPipeError):
        run_process(command(tmp_path, "sh", "-c", "echo x; sleep 60"), Token(), None, broken)


def test_a_deadline_ends_a_group_that_ignores_the_polite_signal(tmp_path, monkeypatch):
    monkeypatch.setattr("generators.runner.process.GRACE", 0.2)
    ended = run_process(command(tmp_path, "sh", "-c", "trap '' TERM; sleep 60; sleep 60"), Token(), 0.2, print)
    assert (ended.timed_out, ended.cancelled) == (True, False)


def test_a_cancelled_token_ends_the_process(tmp_path):
    token = Token()
    threading.Timer(0.2, token.cancel).start()
    assert run_process(command(tmp_path, "sleep", "60"), token.child().child(), None, print).cancelled


def test_a_command_that_is_not_there_is_named(tmp_path):
    with pytest.raises(GraftError, match="no-such-program is not on this machine"):
        run_process(command(tmp_path, "no-such-program"), Token(), None, print)


def test_an_argument_with_a_zero_byte_is_refused(tmp_path):
    with pytest.raises(GraftError, match="cannot be handed to a process"):
        run_process(command(tmp_path, "echo", "a\0b"), Token(), None, print)


CONTAINER = {"image": "kit", "command": ["sh", "-c", "echo pid=$$; sleep 600"]}
SPEC = {
    "schemaVersion": "2.1.0",
    "pipelineInfo": {"name": "interrupted"},
    "root": {"dag": {"tasks": {"nap": {"taskInfo": {"name": "nap"}, "componentRef": {"name": "comp-nap"}}}}},
    "components": {"comp-nap": {"executorLabel": "exec-nap"}},
    "deploymentSpec": {"executors": {"exec-nap": {"container": CONTAINER}}},
}
SCRIPT = """
import json, signal, sys
from pathlib import Path
from generators.runner import Settings, run

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that runs the tests in the background ignores it
print_line = lambda event: print(event.text, flush=True)
run(json.loads(sys.argv[1]), None, {}, settings=Settings(Path(sys.argv[2]), on_event=print_line))
"""


def test_ctrl_c_ends_the_steps_and_leaves_a_record(tmp_path):
    root = str(Path(__file__).resolve().parents[3])
    script = [sys.executable, "-c", SCRIPT, json.dumps(SPEC), str(tmp_path)]
    with subprocess.Popen(script, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as runner:
        step = next(int(line.partition("=")[2]) for line in runner.stdout if line.startswith("pid="))
        runner.send_signal(signal.SIGINT)
        try:
            _, errors = runner.communicate(timeout=60)
        finally:
            runner.kill()
    assert "KeyboardInterrupt" in errors
    assert gone(step)
    [record] = tmp_path.glob(".graft/runs/interrupted/*/run.json")
    assert '"INTERRUPTED"' in record.read_text() and '"ENDED"' in record.read_text()


def test_ctrl_c_while_a_thread_starts_waits_for_the_steps_too(tmp_path, monkeypatch):
    """Python raises it inside `Thread.start`, after the thread has begun: a pool would not know of that thread."""
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        if threading.current_thread() is threading.main_thread() and not isinstance(thread, threading.Timer):
            time.sleep(0.5)
            raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(SPEC, None, {}, settings=Settings(tmp_path))
    [record] = tmp_path.glob(".graft/runs/interrupted/*/run.json")
    assert '"INTERRUPTED"' in record.read_text() and '"ENDED"' in record.read_text()
