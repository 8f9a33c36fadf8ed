"""What was committed is had as it was committed: whatever attributes, links and names it has."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.fleet.git import checked_out, committed, contents_at, write_revision
from generators.inventory.read import Repository

Commit = Callable[[Path], None]
STRANGE = os.fsdecode(b"base/\xff.yml")


@pytest.fixture
def repository(tmp_path: Path, commit: Commit) -> Repository:
    """A folder in a Git repository, whose attributes would keep a file out of an archive; one file changed since."""
    folder = tmp_path / "outer/fleet"
    (folder / "base").mkdir(parents=True)
    (folder / "base/a.yml").write_text("a: 1\n")
    (folder / STRANGE).write_text("b: 2\n")
    (folder / "base/away.yml").symlink_to("/etc/passwd")
    (folder / "README.md").write_text("read me\n")
    (folder / ".gitattributes").write_text("a.yml export-ignore\n")
    commit(tmp_path / "outer")
    hook = tmp_path / "outer/.git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (folder / "base/a.yml").write_text("a: 3\n")
    return Repository(folder)


def test_folders_of_a_revision_are_as_they_were_committed(repository: Repository) -> None:
    with checked_out(repository, "HEAD", ["base", "environments"]) as there:
        assert (there.root / "base/a.yml").read_text() == "a: 1\n"
        assert (there.root / STRANGE).read_text() == "b: 2\n"
        assert (there.root / "base/away.yml").is_symlink()
        assert [each.name for each in there.root.iterdir()] == ["base"]
    assert (repository.root / "base/a.yml").read_text() == "a: 3\n"


def test_what_a_link_of_a_revision_leads_to_is_had_from_that_revision(tmp_path: Path, commit: Commit) -> None:
    """Or a change of rules would not be seen where they stand behind a link."""
    folder = tmp_path / "fleet"
    (folder / "docs/rules").mkdir(parents=True)
    (folder / "docs/rules/a.json").write_text("1")
    (folder / "schemas").symlink_to("docs/rules")
    (folder / "more").mkdir()
    (folder / "more/b.json").symlink_to("../docs/rules/a.json")
    (folder / "more/away").symlink_to("/etc/passwd")
    commit(folder)
    (folder / "docs/rules/a.json").write_text("2")
    repository = Repository(folder)

    assert contents_at(repository, "HEAD", "schemas", "more") == {"schemas/a.json": b"1", "more/b.json": b"1"}
    assert contents_at(repository, "HEAD", "schemas/a.json", "missing") == {"schemas/a.json": b"1"}
    with checked_out(repository, "HEAD", ["schemas"]) as there:
        assert (there.root / "schemas/a.json").read_text() == "1"


def test_a_whole_revision_takes_the_place_of_what_a_folder_held(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/left.txt").write_text("of an earlier time")

    write_revision(repository, "HEAD", tmp_path / "there")

    assert {each.name for each in (tmp_path / "there").iterdir()} == {".gitattributes", "README.md", "base"}
    assert (tmp_path / "there/base/a.yml").read_text() == "a: 1\n"


def test_a_name_that_is_not_utf_8_is_listed(repository: Repository) -> None:
    assert STRANGE in committed(repository, "base")
