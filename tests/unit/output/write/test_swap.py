"""Claims about exchanging two folders, and about mending what a kill between two renames leaves."""

from __future__ import annotations

import sys

import pytest

from generators.errors import GraftError
from generators.output.write import swap


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / ".graft"
    (folder / "new").mkdir(parents=True)
    (folder / "new/file").write_text("new")
    return folder


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="not run: 1 case, no exchange on this system")
def test_this_system_exchanges_two_folders_in_one_step(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    inode = (tmp_path / "one").stat().st_ino
    assert swap.exchange(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "other").stat().st_ino == inode


def test_an_exchange_with_nothing_is_an_error_and_not_a_missing_ability(tmp_path):
    (tmp_path / "one").mkdir()
    with pytest.raises(FileNotFoundError):
        swap.exchange(tmp_path / "one", tmp_path / "nowhere")


@pytest.mark.parametrize("target", ["rendered", "rendered/prod"])
def test_a_folder_that_is_not_there_yet_is_moved_into_place(tmp_path, scratch, target):
    swap.replace(scratch, tmp_path, target)
    assert (tmp_path / target / "file").read_text() == "new"
    assert list(scratch.iterdir()) == []


def test_killed_between_two_renames_the_old_folder_comes_back(tmp_path, scratch):
    (scratch / "old").mkdir()
    (scratch / "old/file").write_text("old")
    (scratch / "stepped-aside").write_text(f"rendered/prod\n{swap._number(scratch / 'old')}")
    (tmp_path / "rendered").mkdir()
    swap.recover(scratch, tmp_path)
    assert (tmp_path / "rendered/prod/file").read_text() == "old"
    assert list(scratch.iterdir()) == []


def test_killed_after_the_second_rename_the_new_folder_stays(tmp_path, scratch):
    (scratch / "new").rename(tmp_path / "rendered")
    (scratch / "old").mkdir()
    (scratch / "stepped-aside").write_text(f"rendered\n{swap._number(scratch / 'old')}")
    swap.recover(scratch, tmp_path)
    assert (tmp_path / "rendered/file").read_text() == "new"
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("note", ["../outside", "/etc", "rendered/../../x", "rendered/prod", "rendered/prod\n1:2"])
def test_a_note_that_graft_has_not_written_is_refused(tmp_path, scratch, note):
    (scratch / "old").mkdir()
    (scratch / "stepped-aside").write_text(note)
    with pytest.raises(GraftError, match="is not what graft left there"):
        swap.recover(scratch, tmp_path)
    assert (scratch / "old").is_dir()
