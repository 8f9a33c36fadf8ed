"""How a run ends that somebody, a full disk or a kill ends: no step goes on, and the record says so."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generators.runner import Settings, run, settle
from tests.unit.runner.endings import gone

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
