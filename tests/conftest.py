"""What every test may rely on: a repository of its own to change, and a network that ends at this machine.

`make test` runs the tests by pytest-xdist, on all cores: what is said here of its workers changes nothing without it.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from generators.inventory.read import Repository
from generators.sandbox.held import VARIABLE, Mode
from generators.verbs import render as render_verb

ROOT = Path(__file__).resolve().parents[1]
TINY = ROOT / "tests" / "tiny"
TOGETHER = re.compile("tests/e2e/|components/[^/]+/")  # one cluster, one trained network: one worker has all of it
# These begin first: whatever long test began last, the other workers would wait for it.
LONGEST = ("tests/e2e/", "tests/test_readme.py", "components/", "tests/unit/test_")

settings.register_profile("untimed", settings(), deadline=None)  # other workers' load decides how long an example takes
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Ctrl-C reaches what tests start, also where a shell began them in the background, with SIGINT ignored.

    Pipelines are compiled contained by what a machine has; the tests of the sandbox say where that is not enough.
    """
    os.environ.setdefault(VARIABLE, Mode.AUTO)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class ByFixtures(LoadScopeScheduling):
    """Gives a worker whole files, whose fixtures are then made once, and whole folders of `TOGETHER`."""

    def _split_scope(self, nodeid: str) -> str:
        folder = TOGETHER.match(nodeid)
        return folder[0] if folder else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Share the tests out like that where nobody has asked for another way."""
    if config.getoption("dist") != "load":
        return None
    config.option.loadscopereorder = False  # by the number of tests, which says nothing here
    return ByFixtures(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have the longest tests begin first; without workers the order is pytest's own."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder for the tests alone, of all workers and of the processes that they start; Go keeps its own."""
    users = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    with pytest.MonkeyPatch.context() as patch:
        worker = "PYTEST_XDIST_WORKER" in os.environ  # each has a folder in that of the whole run
        folder = (tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()) / "cache"
        folder.mkdir(mode=0o700, exist_ok=True)
        patch.setenv("GOCACHE", os.environ.get("GOCACHE") or f"{users}/go-build")  # minutes of building for tests/e2e
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def compiled_tiny(tmp_path_factory: pytest.TempPathFactory, own_cache: Path) -> Path:
    """The repository of tests/tiny, rendered; compiled once for all tests."""
    folder = tmp_path_factory.mktemp("compiled") / "tiny"
    _copy(TINY, folder)
    render_verb.render(Repository(folder))
    return folder


@pytest.fixture
def tiny(compiled_tiny: Path, tmp_path: Path) -> Path:
    """A rendered copy of tests/tiny that a test may change."""
    folder = tmp_path / "tiny"
    _copy(compiled_tiny, folder)
    return folder


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace text that must be there, once, in a file."""

    def replace(file: Path, old: str, new: str) -> None:
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        file.write_text(text.replace(old, new))

    return replace


@pytest.fixture
def commit() -> Callable[[Path], None]:
    """Commit everything in a folder but for graft's scratch; it becomes a Git repository if it is not one yet."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")

    def committed(folder: Path) -> None:
        keep_out_scratch(folder)
        for arguments in (("add", "-A"), ("commit", "-qm", "as it is")):
            subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)

    return committed


def keep_out_scratch(folder: Path) -> None:
    """Make a folder a Git repository that leaves out what graft keeps for itself, as .gitignore does here."""
    subprocess.run(["git", "-c", "init.defaultBranch=main", "init", "-q"], cwd=folder, check=True, capture_output=True)
    (folder / ".git/info/exclude").write_text(".graft/\n")


@pytest.fixture(autouse=True)
def plain_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text without colour, also where CI asks every program for it."""
    for variable in ("GITHUB_ACTIONS", "FORCE_COLOR", "PY_COLORS"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else address
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


def _copy(source: Path, target: Path) -> None:
    """Copy a repository: its links to folders inside it stay links, and the schemas come along as files."""
    shutil.copytree(source, target, symlinks=True)
    schemas = target / "schemas"
    if schemas.is_symlink():
        schemas.unlink()
        shutil.copytree(ROOT / "schemas", schemas)
