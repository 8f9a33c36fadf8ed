"""Claims about making folders equal to trees: what is touched, what is refused, what a kill leaves behind."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.errors import GraftError
from generators.output.write import Summary, difference, swap, write_trees

TREE = {"staging/eu/a.yaml": "a\n", "staging/eu/b.yaml": "b\n", "prod/us/a.yaml": "ünï\r\n", "README": ""}


def read(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in files}


def folders(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}


def identity(folder: Path) -> dict[str, tuple[int, int]]:
    return {path: ((folder / path).stat().st_ino, (folder / path).stat().st_mtime_ns) for path in read(folder)}


def test_a_new_folder_holds_exactly_the_tree(tmp_path):
    assert write_trees(tmp_path, {"rendered": TREE}) == Summary(tuple(sorted(f"rendered/{p}" for p in TREE)), (), 0)
    assert read(tmp_path / "rendered") == TREE
    assert not difference(tmp_path / "rendered", TREE)


def written(path):
    """What changes of a file or folder where it is written to; not when it was last read."""
    status = path.stat()
    return status.st_mode, status.st_ino, status.st_nlink, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def test_only_what_differs_is_touched(tmp_path):
    write_trees(tmp_path, {"rendered": TREE})
    before = identity(tmp_path / "rendered")
    changed = {**TREE, "staging/eu/a.yaml": "A\n", "prod/ap/new.yaml": "new\n"}
    summary = write_trees(tmp_path, {"rendered": changed})
    after = identity(tmp_path / "rendered")
    assert summary == Summary(("rendered/prod/ap/new.yaml", "rendered/staging/eu/a.yaml"), (), 3)
    assert read(tmp_path / "rendered") == changed
    assert {path for path in before if before[path] != after[path]} == {"staging/eu/a.yaml"}


def test_writing_the_same_again_touches_neither_files_nor_folders(tmp_path):
    write_trees(tmp_path, {"rendered": TREE})
    before = {path: written(path) for path in (tmp_path / "rendered").rglob("*")}
    assert write_trees(tmp_path, {"rendered": TREE}) == Summary((), (), 4)
    assert {path: written(path) for path in before} == before


def test_what_nothing_renders_any_more_goes_with_the_folders_it_leaves_empty(tmp_path):
    write_trees(tmp_path, {"rendered": TREE})
    fewer = {"staging/eu/a.yaml": "a\n"}
    assert write_trees(tmp_path, {"rendered": fewer}).removed == (
        "rendered/README",
        "rendered/prod/us/a.yaml",
        "rendered/staging/eu/b.yaml",
    )
    assert read(tmp_path / "rendered") == fewer
    assert folders(tmp_path / "rendered") == {"staging", "staging/eu"}
    write_trees(tmp_path, {"rendered": {}})
    assert list((tmp_path / "rendered").iterdir()) == []


def test_a_file_becomes_a_folder_and_a_folder_a_file(tmp_path):
    for tree in ({"a": "1", "b/c": "2"}, {"a/x": "1", "b": "2"}, {"a": "1", "b/c": "2"}):
        write_trees(tmp_path, {"rendered": tree})
        assert read(tmp_path / "rendered") == tree


def test_what_is_outside_the_scope_stays(tmp_path):
    write_trees(tmp_path, {"rendered": TREE})
    staging = {"staging/eu/c.yaml": "c\n"}
    summary = write_trees(tmp_path, {"rendered": staging}, scope=lambda path: path.startswith("rendered/staging/"))
    assert summary.removed == ("rendered/staging/eu/a.yaml", "rendered/staging/eu/b.yaml")
    assert read(tmp_path / "rendered") == {**staging, "prod/us/a.yaml": "ünï\r\n", "README": ""}


def test_a_folder_that_others_refer_to_gains_before_them_and_loses_after_them(tmp_path, monkeypatch):
    write_trees(tmp_path, {"rendered": {"a": "1.json"}}, store={"definitions": {"1.json": "{}"}})
    seen = []
    real = swap.replace

    def replace(scratch, root, target):
        real(scratch, root, target)
        seen.append((read(root / "rendered")["a"], sorted(read(root / "definitions"))))

    monkeypatch.setattr(swap, "replace", replace)
    summary = write_trees(tmp_path, {"rendered": {"a": "2.json"}}, store={"definitions": {"2.json": "{}"}})
    assert seen == [("1.json", ["1.json", "2.json"]), ("2.json", ["1.json", "2.json"]), ("2.json", ["2.json"])]
    assert summary == Summary(("definitions/2.json", "rendered/a"), ("definitions/1.json",), 0)


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "a//b", "./a", "a/", "", "a\0b", "a\\b", ".."])
def test_a_path_that_leaves_the_folder_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(GraftError, match="does not stay inside"):
        write_trees(tmp_path, {"first": {"a": "1"}, "rendered": {name: "x"}})
    with pytest.raises(GraftError, match="does not stay inside"):
        write_trees(tmp_path, {name: {"a": "x"}})
    assert read(tmp_path) == {}


def test_a_link_is_replaced_and_never_written_through(tmp_path):
    outside = tmp_path / "outside"
    write_trees(tmp_path, {"outside": {"a": "precious"}, "rendered": {"x/a": "1"}})
    (tmp_path / "rendered/prod").symlink_to(outside)
    (tmp_path / "rendered/x/a").unlink()
    (tmp_path / "rendered/x/a").symlink_to(outside / "a")
    write_trees(tmp_path, {"rendered": {"prod/a": "mine", "x/a": "1"}})
    assert read(tmp_path / "rendered") == {"prod/a": "mine", "x/a": "1"}
    assert not (tmp_path / "rendered/prod").is_symlink() and not (tmp_path / "rendered/x/a").is_symlink()
    assert read(outside) == {"a": "precious"}


def test_a_link_outside_the_scope_and_a_linked_folder_are_refused(tmp_path):
    write_trees(tmp_path, {"outside": {"a": "precious"}, "rendered": {"x": "1"}})
    (tmp_path / "rendered/prod").symlink_to(tmp_path / "outside")
    with pytest.raises(GraftError, match="'prod' is a file and a folder at once"):
        write_trees(tmp_path, {"rendered": {"prod/a": "mine"}}, scope=lambda path: False)
    with pytest.raises(GraftError, match="not a folder of its own"):
        write_trees(tmp_path / "rendered", {"prod": {"a": "mine"}})
    assert read(tmp_path / "outside") == {"a": "precious"}


NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
TREES = st.dictionaries(NAMES, st.sampled_from(["", "1", "12"]), max_size=5).filter(
    lambda tree: not any(one != other and other.startswith(f"{one}/") for one in tree for other in tree)
)


@given(old=TREES, new=TREES, possible=st.booleans())
@settings(max_examples=60, deadline=None)
def test_writing_any_tree_over_any_other_leaves_exactly_the_new_one(tmp_path_factory, old, new, possible):
    root = tmp_path_factory.mktemp("root")
    with pytest.MonkeyPatch.context() as patch:
        if not possible:
            patch.setattr(swap, "exchange", lambda one, other: False)
        write_trees(root, {"rendered": old})
        found = difference(root / "rendered", new)
        summary = write_trees(root, {"rendered": new})
    assert read(root / "rendered") == new
    assert summary.unchanged == found.unchanged == len(old.items() & new.items())
    assert {*summary.written, *summary.removed} == {f"rendered/{path}" for path in found.paths}
    assert [path.name for path in (root / ".graft").iterdir()] == ["lock"]


def version(number: int) -> tuple[dict[str, str], dict[str, str]]:
    """A rendered tree in which every file names the one definition of that version, and that definition."""
    files = [f"{environment}/{cluster}/{n}" for environment in "ab" for cluster in "cd" for n in range(8)]
    own = {f"only-{number}/file": f"{number}.json"}
    return {**dict.fromkeys(files, f"{number}.json"), **own, "same": "same"}, {f"p/{number}.json": str(number)}


RENDER_FOR_EVER = """
import json, sys
from pathlib import Path
from generators.output.write import swap
from generators.output.write import write_trees

versions = json.loads(sys.stdin.read())
if sys.argv[2] == "no exchange":
    swap.exchange = lambda one, other: False
while True:
    for rendered, definitions in versions:
        write_trees(Path(sys.argv[1]), {"rendered": rendered}, store={"definitions": definitions})
        print("written", flush=True)
"""


@pytest.mark.parametrize("system", ["exchange", "no exchange"])
def test_a_render_killed_at_any_moment_leaves_the_old_tree_or_the_new_one(tmp_path, system):
    versions = [version(1), version(2)]
    chance = random.Random(7)
    for _ in range(12):
        kill_a_render(tmp_path, system, json.dumps(versions), chance.uniform(0, 0.03))
        if system == "no exchange":  # there a kill between the two renames shows only after the next start
            write_trees(tmp_path, {"other": {}})
        rendered = read(tmp_path / "rendered")
        assert rendered in [tree for tree, _ in versions]
        assert f"p/{rendered['a/c/0']}" in read(tmp_path / "definitions")
    write_trees(tmp_path, {"rendered": versions[0][0]}, store={"definitions": versions[0][1]})
    assert (read(tmp_path / "rendered"), read(tmp_path / "definitions")) == versions[0]
    assert [path.name for path in (tmp_path / ".graft").iterdir()] == ["lock"]


def kill_a_render(root: Path, system: str, versions: str, seconds: float) -> None:
    command = [sys.executable, "-c", RENDER_FOR_EVER, str(root), system]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            child.stdin.write(versions)
            child.stdin.close()
            assert child.stdout.readline() == "written\n"
            time.sleep(seconds)
        finally:
            child.kill()
    assert child.returncode == -signal.SIGKILL
