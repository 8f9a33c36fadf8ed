"""Processes: their group is ended whole, by a deadline, a cancellation, Ctrl-C, or their own end."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.output.plain import LEFT_OUT
from generators.runner import Settings, leftovers, run, settle
from generators.runner.cancel import Token
from generators.runner.log import LONGEST
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


LEAVING = {
    "a session of its own": "nohup setsid sh -c 'echo $$; exec sleep 60' & sleep 0.3",
    "no variables": "set -m; env -i sh -c 'echo $$; exec sleep 60' & sleep 0.3",  # -m: its own group
}


@pytest.mark.parametrize("script", LEAVING.values(), ids=LEAVING)
def test_a_daemon_that_left_the_group_ends_with_its_step(tmp_path, script):
    lines: list[str] = []
    ended = run_process(command(tmp_path, "sh", "-c", script), Token(), None, lines.append)
    assert ended.status == 0 and gone(int(lines[-1]))


def test_a_process_of_another_step_is_left_alone(tmp_path):
    other = subprocess.Popen(["sleep", "60"], env={**os.environ, leftovers.MARK: f"{tmp_path}/1"})
    try:
        (tmp_path / "10").mkdir()
        run_process(command(tmp_path / "10", "true"), Token(), None, print)
        assert leftovers.kill(leftovers.of(tmp_path / "0")) == 0
        assert other.poll() is None
        assert leftovers.kill(leftovers.of(tmp_path)) == 1
        assert other.wait(5) == -signal.SIGKILL
    finally:
        other.kill()


def test_output_is_shown_without_control_sequences_and_logged_with_them(tmp_path):
    lines: list[str] = []
    run_process(
        command(tmp_path, "printf", "\\033]0;root\\007\\033[2J\\033[31mred\\033[0m\\n 1%%\\r99%%"),
        Token(),
        None,
        lines.append,
    )
    assert lines == ["red", "99%"]
    assert b"\x1b]0;root\x07" in (tmp_path / "log.txt").read_bytes()


def test_a_log_keeps_the_beginning_and_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("generators.runner.log.FIRST", 1000)
    monkeypatch.setattr("generators.runner.log.LAST", 1000)
    lines: list[str] = []
    run_process(command(tmp_path, "sh", "-c", "seq 1 200000"), Token(), None, lines.append)
    log = (tmp_path / "log.txt").read_text()
    assert lines[0] == "1" and lines[-1] == "200000"
    assert log.startswith("1\n2\n") and log.endswith("\n200000\n") and len(log) < 200_000
    assert re.search(r"\.\.\. \d+ bytes that it printed are not kept here \.\.\.", log)


def test_of_more_lines_at_once_than_anybody_reads_the_newest_are_shown_and_the_others_counted(tmp_path):
    """Twenty million bytes, of which each is logged, cost less than a second of the processor."""
    lines: list[str] = []
    began = time.process_time()
    run_process(command(tmp_path, "sh", "-c", "yes abc | head -c 20000000; echo end"), Token(), None, lines.append)
    took = time.process_time() - began
    left_out = sum(int(line.split()[1]) for line in lines if line.endswith(LEFT_OUT))
    shown = [line for line in lines if not line.endswith(LEFT_OUT)]
    assert len(shown) + left_out == 5_000_001 and shown[-1] == "end" and set(shown[:-1]) == {"abc"}
    assert (tmp_path / "log.txt").stat().st_size == 20_000_004
    assert took < 3  # it is 0.3 where nothing else runs


def test_a_line_without_an_end_is_cut_where_it_is_shown(tmp_path):
    lines: list[str] = []
    run_process(command(tmp_path, "sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"), Token(), None, lines.append)
    assert [len(line) for line in lines] == [LONGEST + 3]
    assert (tmp_path / "log.txt").stat().st_size == 3_000_000


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
from generators.runner import Settings, leftovers, run, settle

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


CLI = """
import json, signal, sys
from pathlib import Path
from generators import cli
from generators.runner import Settings, run

for number in (signal.SIGHUP, signal.SIGQUIT):  # what started the tests may ignore them, as nohup does
    signal.signal(number, signal.SIG_DFL)
print_line = lambda event: print(event.text, flush=True)
cli._call = lambda: run(json.loads(sys.argv[1]), None, {}, settings=Settings(Path(sys.argv[2]), on_event=print_line))
cli.main()
"""


@contextlib.contextmanager
def started(folder: Path, script: str = CLI) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A run in a process of its own, and the process of its step; whatever is found of it, it does not go on."""
    root = str(Path(__file__).resolve().parents[3])
    arguments = [sys.executable, "-c", script, json.dumps(SPEC), str(folder)]
    with subprocess.Popen(arguments, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as runner:
        try:
            yield runner, next(int(line.partition("=")[2]) for line in runner.stdout if line.startswith("pid="))
        finally:
            runner.kill()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM])
def test_a_signal_that_ends_graft_ends_the_steps_as_ctrl_c_does(tmp_path, number):
    with started(tmp_path) as (runner, step):
        runner.send_signal(number)
        _, errors = runner.communicate(timeout=60)
    assert (runner.returncode, errors) == (128 + number, "graft: interrupted; the steps that ran have been ended\n")
    assert gone(step)
    [record] = tmp_path.glob(".graft/runs/interrupted/*/run.json")
    assert '"INTERRUPTED"' in record.read_text() and '"ENDED"' in record.read_text()


def test_a_run_that_was_killed_is_recorded_by_the_next_one_and_its_step_ended(tmp_path):
    events = []
    with started(tmp_path) as (runner, step):
        settle(tmp_path / ".graft/runs", events.append)
        assert events == [] and runner.poll() is None  # it goes on, and is left alone
        runner.kill()
    settle(tmp_path / ".graft/runs", events.append)
    assert gone(step)
    [event] = events
    assert "was killed; it is recorded as interrupted, and what it left running is ended: " in event.text
    [file] = tmp_path.glob(".graft/runs/interrupted/*/run.json")
    record = json.loads(file.read_text())
    assert (record["state"], record["pipeline"], record["run"]) == ("INTERRUPTED", "interrupted", file.parent.name)
    assert [(each["path"], each["state"]) for each in record["steps"]] == [("nap", "ENDED")]
    assert {each.name for each in file.parent.iterdir()} == {"nap", "run.json"}


@pytest.mark.parametrize(
    "content", [b"", b"[1]\n{", b'{"pipeline": 1}\n{"path": "a"}\n\xff\0\0', b"[" * 100_000, b'{"pipeline": "\\ud800"}']
)
def test_whatever_stands_in_the_file_of_a_killed_run_it_is_recorded(tmp_path, content):
    folder = tmp_path / "runs/p/r"
    folder.mkdir(parents=True)
    (folder / "running").write_bytes(content)
    settle(tmp_path / "runs", lambda event: None)
    assert json.loads((folder / "run.json").read_text())["state"] == "INTERRUPTED"
    assert not (folder / "running").exists()


def test_no_file_of_a_killed_run_is_followed_out_of_the_runs(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "running").write_text("{}")
    (tmp_path / "runs/p").mkdir(parents=True)
    (tmp_path / "runs/p/r").symlink_to(outside)
    settle(tmp_path / "runs", lambda event: None)
    assert [each.name for each in outside.iterdir()] == ["running"]


FULL = """
import json, subprocess, sys
from pathlib import Path
from generators.errors import RunFailed
from generators.runner import Settings, run

folder = Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], check=True)
spec = json.loads(sys.argv[1])
spec["deploymentSpec"]["executors"]["exec-nap"]["container"]["command"] = ["sh", "-c", "yes; sleep 60"]
try:
    run(spec, None, {}, settings=Settings(folder))
except RunFailed as failed:
    [record] = folder.glob(".graft/runs/*/*/run.json")
    print(json.dumps([failed.step, str(failed), json.loads(record.read_text())]))
"""


@pytest.mark.skipif(
    subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0,
    reason="not run: this machine lets nobody mount a disk of his own",
)
def test_a_full_disk_names_the_step_and_keeps_the_record(tmp_path):
    root = str(Path(__file__).resolve().parents[3])
    script = ["unshare", "-rm", sys.executable, "-c", FULL, json.dumps(SPEC), str(tmp_path)]
    done = subprocess.run(script, cwd=root, capture_output=True, text=True, timeout=60)
    step, said, record = json.loads(done.stdout)
    assert step == "nap" and "its log cannot be written: No space left on device (make room on that disk)" in said
    assert (record["state"], record["steps"][0]["state"]) == ("FAILED", "FAILED")


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
