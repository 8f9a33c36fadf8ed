"""What runs contained reads what it may, writes one pipe, reaches nothing else, and ends with all that it started."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generators.sandbox import contained, held, looked
from generators.sandbox.contained import Ended
from generators.sandbox.limits import Limits
from generators.sandbox.readable import Kind, Readable, python_libraries

HELD = held.at_hand()
pytestmark = pytest.mark.skipif(not HELD.seccomp, reason=f"not run: {', '.join(HELD.missing)} is missing here")
MIB = 1 << 20


def _run(job: Callable[[int], None], root: Path, **limits: int) -> Ended:
    readable = Readable(str(root.resolve()), python_libraries())
    return contained.run({"job": job}, readable, Limits(**limits), HELD, 1)["job"]


def _refused(*attempts: Callable[[], object]) -> Callable[[int], None]:
    """A job that answers how each attempt ended: the name of its error, or what it got."""

    def job(descriptor: int) -> None:
        found = []
        for attempt in attempts:
            try:
                found.append(f"got {attempt()}")
            except BaseException as error:
                found.append(type(error).__name__)
        os.write(descriptor, json.dumps(found).encode())

    return job


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return _repository(tmp_path)


def _repository(folder: Path) -> Path:
    (folder / "repository/.git").mkdir(parents=True)
    (folder / "repository/shown.yaml").write_text("a: 1\n")
    (folder / "repository/.git/config").write_text("token\n")
    (folder / "repository/.secrets.env").write_text("token\n")
    (folder / "outside").write_text("token\n")
    (folder / "repository/link").symlink_to(folder / "outside")
    (folder / "repository/native.so").write_bytes(b"\x7fELF")
    return folder / "repository"


@pytest.fixture
def open_root() -> Iterator[Path]:
    """The same where every user may go; pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield _repository(Path(folder))


def test_it_reads_the_repository_and_what_it_read_is_known_outside(root: Path) -> None:
    ended = _run(lambda descriptor: os.write(descriptor, (root / "shown.yaml").read_bytes()), root)

    assert (ended.answer, ended.status, ended.tried) == (b"a: 1\n", 0, [])
    assert ended.looked["shown.yaml"] == {"sha256": hashlib.sha256(b"a: 1\n").hexdigest()}


@pytest.mark.parametrize("path", [".git/config", ".secrets.env", "link", "native.so", "../outside", "/etc/passwd"])
def test_what_is_hidden_or_outside_is_refused_and_known(root: Path, path: str) -> None:
    ended = _run(_refused(lambda: (root / path).read_text()), root)

    assert json.loads(ended.answer) == ["PermissionError"]
    assert ended.tried == [f"open {root / path}"]
    assert b"in <lambda>" in ended.where


def test_asking_without_an_end_is_not_written_down_without_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name would be kept outside, where nothing limits memory."""
    monkeypatch.setattr(looked, "_MOST", 100)
    paths = [root / f"missing{at}" for at in range(200)]

    ended = _run(_refused(*[path.stat for path in paths], (root / "shown.yaml").read_text), root)

    assert json.loads(ended.answer) == ["FileNotFoundError"] * 100 + ["OSError"] * 101
    assert len(ended.looked) == 100


def test_of_grafts_own_folder_python_alone_is_a_library(root: Path) -> None:
    """What else is there in a checkout that holds graft is the repository's, and so a part of the cache's key."""
    own = root / "generators"
    own.mkdir()
    (own / "code.py").write_text("")
    (own / "data.yaml").write_text("")
    readable = Readable(str(root), (), (), str(own))

    kinds = [readable.kind(str(path)) for path in (own, own / "code.py", own / "data.yaml")]

    assert kinds == [Kind.LIBRARY, Kind.LIBRARY, Kind.REPOSITORY]


def test_nothing_of_the_caller_is_read_through_proc(root: Path) -> None:
    parent = os.getpid()
    paths = [f"/proc/{parent}/environ", "/proc/self/environ", f"/proc/{parent}/mem", "/proc/self/fd/3"]

    ended = _run(_refused(*[lambda path=path: Path(path).read_bytes() for path in paths]), root)

    assert json.loads(ended.answer) == ["PermissionError"] * len(paths)


def test_nothing_is_written_and_no_file_is_changed(root: Path) -> None:
    shown = root / "shown.yaml"
    attempts = [
        lambda: shown.write_text("b"), lambda: (root / "new").touch(), shown.unlink, lambda: shown.chmod(0o777),
        lambda: shown.rename(root / "moved"), (root / "folder").mkdir, lambda: os.truncate(shown, 0),
        lambda: os.link(shown, root / "hard"), lambda: (root / "soft").symlink_to(shown), lambda: os.utime(shown),
    ]  # fmt: skip

    ended = _run(_refused(*attempts), root)

    assert json.loads(ended.answer) == ["PermissionError"] * len(attempts)
    assert shown.read_text() == "a: 1\n" and not (root / "new").exists()


def test_no_network_no_process_no_signal_no_trace(root: Path) -> None:
    parent = os.getpid()
    families = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK)
    attempts = [
        *[lambda family=family: socket.socket(family) for family in families], socket.socketpair,
        os.fork, lambda: os.posix_spawn("/bin/true", ["true"], {}), lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(parent, 0), lambda: os.kill(-1, signal.SIGKILL), lambda: os.pidfd_open(parent),
        lambda: os.memfd_create("x"), lambda: os.setuid(0), lambda: os.chroot("/"),
    ]  # fmt: skip

    ended = _run(_refused(*attempts), root, memory=1 << 40)  # what pytest has imported may be more than the limit

    assert json.loads(ended.answer) == ["PermissionError"] * len(attempts)


def _sleep(descriptor: int) -> None:
    time.sleep(3600)


def _spin(descriptor: int) -> None:
    while True:
        pass


@pytest.mark.parametrize("job", [_sleep, _spin])
def test_what_does_not_end_is_ended_with_its_line(root: Path, job: Callable[[int], None]) -> None:
    ended = _run(job, root, seconds=1)

    assert (ended.over, ended.status) == ("seconds", -signal.SIGKILL)
    assert f"in {job.__name__}".encode() in ended.where


def test_memory_answers_and_prints_are_bounded(root: Path) -> None:
    def answers(descriptor: int) -> None:
        while True:
            os.write(descriptor, b"x" * MIB)

    def prints(descriptor: int) -> None:
        while True:
            os.write(1, b"x" * MIB)

    memory = _run(_refused(lambda: bytearray(8 << 30)), root)

    assert json.loads(memory.answer) == ["MemoryError"]
    assert _run(answers, root, answer=MIB).over == "answer"
    assert _run(prints, root, printed=MIB).over == "printed"


def test_jobs_do_not_reach_one_another(root: Path) -> None:
    """Each has a process of its own: what one changes, the next one does not see."""

    def forge(descriptor: int) -> None:
        json.dumps = lambda *_: "forged"
        os.write(descriptor, b"forger")
        os._exit(0)

    def honest(descriptor: int) -> None:
        os.write(descriptor, json.dumps("honest").encode())

    readable = Readable(str(root.resolve()), python_libraries())
    ended = contained.run({"forge": forge, "honest": honest}, readable, Limits(), HELD, 1)

    assert [ended[name].answer for name in ("forge", "honest")] == [b"forger", b'"honest"']


_SET_DUMPABLE, _NOBODY = 4, 65534  # linux/prctl.h


def _become_nobody() -> None:
    """Give up root for good; a program that is started by another user is as readable to itself as this then is."""
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 1, 0, 0, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="not run: all the other tests here are by a user without privileges")
def test_the_walls_hold_for_a_user_without_privileges(open_root: Path) -> None:
    root = open_root
    attempts = [
        lambda: (root / "shown.yaml").read_text(), lambda: (root / ".git/config").read_text(),
        lambda: (root / "shown.yaml").write_text("b"), socket.socket, os.fork, lambda: os.kill(os.getppid(), 0),
    ]  # fmt: skip
    (root / "shown.yaml").chmod(0o666)
    ours, its = os.pipe()

    child = os.fork()
    if not child:
        try:
            _become_nobody()
            ended = _run(_refused(*attempts), root, memory=1 << 40)
            os.write(its, ended.answer or ended.printed)
        finally:
            os._exit(0)
    os.close(its)
    os.waitpid(child, 0)
    with os.fdopen(ours, "rb") as stream:
        found = json.loads(stream.read())

    assert found == ["got a: 1\n", *["PermissionError"] * 5]


def test_ci_requires_it_and_a_variable_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(held.VARIABLE, raising=False)
    monkeypatch.setenv("CI", "true")
    in_ci = held.sandbox_mode()
    monkeypatch.setenv(held.VARIABLE, "off")

    assert (in_ci, held.sandbox_mode()) == (held.Mode.REQUIRE, held.Mode.OFF)
