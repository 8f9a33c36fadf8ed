"""A sandbox is private, says at once what died in it, and leaves nothing, however its tests end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from cluster import reaper, sandbox
from cluster.process import CommandFailed, wait_until
from cluster.requirements import MissingRequirement, not_run

HERE = Path(__file__).parent
NOBODY = 65534
KILLED = """
import signal
from cluster import sandbox
private = sandbox.create()
process = private.start("sleep", ["sleep", "1000"])
print(private.folder, private.enter[2], process.popen.pid, flush=True)
signal.pause()
"""


@pytest.fixture
def private(request):
    try:
        created = sandbox.create()
    except MissingRequirement as missing:
        not_run(request, missing)
    with created:
        yield created


def test_nothing_that_is_killed_leaves_anything(private):
    source = [sys.executable, "-c", KILLED]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    with subprocess.Popen(source, env=environment, stdout=subprocess.PIPE, text=True) as tests:
        folder, *pids = tests.stdout.readline().split()
        group = reaper.CONTROL_GROUPS / "pids" / Path(folder).name
        if os.geteuid() == 0 and group.parent.is_dir():
            (group / "nested").mkdir(parents=True)
        assert Path(folder).is_dir() and all(Path(f"/proc/{pid}").exists() for pid in pids)
        tests.send_signal(signal.SIGKILL)

    wait_until(lambda: not Path(folder).exists(), "the folder to be removed")
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), "all processes to end", timeout=20)
    assert reaper.groups_named(Path(folder).name) == []


def test_a_folder_that_its_owner_may_not_list_is_removed_too():
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    closed = folder / "argocd" / "_argocd-repo"
    (closed / "1234").mkdir(parents=True)
    (folder / "link").symlink_to("/usr")
    for each in (closed / "1234", closed, closed.parent, folder):
        os.chown(each, NOBODY if os.geteuid() == 0 else -1, -1)
    closed.chmod(0o300)

    is_root = os.geteuid() == 0  # who may do anything
    try:
        os.seteuid(NOBODY if is_root else os.geteuid())
        reaper.remove(folder)
    finally:
        os.seteuid(0 if is_root else os.geteuid())

    assert not folder.exists()


def test_a_sandbox_sees_no_process_and_no_network_but_its_own(private):
    assert "default" not in private.run(["ip", "route"])
    assert "lo" in private.run(["ip", "-brief", "link"]).split()
    assert len(private.run(["ip", "-brief", "link"]).splitlines()) == 1
    assert str(os.getpid()) not in private.run(["ls", "/proc"]).split()


def test_waiting_for_a_process_that_died_fails_at_once_with_its_last_words(private):
    process = private.start("short", ["sh", "-c", "echo out of luck; exit 3"])

    with pytest.raises(RuntimeError, match=r"short exited while waiting for an answer.*\nout of luck"):
        wait_until(lambda: False, "an answer", [process])


def test_waiting_goes_on_as_long_as_there_is_progress_and_no_longer():
    steps = iter(range(4))

    with pytest.raises(TimeoutError, match=r"timed out after 0.2 s waiting for an answer"):
        wait_until(lambda: False, "an answer", timeout=0.2, every=0.01, progress=lambda: next(steps, None))

    assert next(steps, None) is None, "it was asked until nothing changed"


def test_stopping_reaches_the_process_itself(private):
    process = private.start(
        "polite", ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo hi; while :; do sleep 0.05; done"]
    )
    wait_until(lambda: "hi" in process.tail(), "a greeting", [process])
    process.stop()

    assert process.tail().split() == ["hi", "bye"]


def test_a_command_that_fails_says_why(private):
    with pytest.raises(CommandFailed, match=r"status 2: .*no such thing"):
        private.run(["sh", "-c", "echo no such thing >&2; exit 2"])
