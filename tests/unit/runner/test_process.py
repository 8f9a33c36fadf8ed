"""Processes: their group is ended whole, by a deadline, a cancellation, Ctrl-C, or their own end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.output.plain import LEFT_OUT
from generators.runner import leftovers
from generators.runner.cancel import Token
from generators.runner.log import LONGEST
from generators.runner.process import Command, run_process
from tests.unit.runner.endings import gone


def command(folder: Path, *arguments: str) -> Command:
    return Command(arguments, {"PATH": os.environ["PATH"]}, folder, folder / "log.txt")


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
