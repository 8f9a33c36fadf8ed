"""The repository on disk: found from inside, listed in one order, hashed by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.inventory.read import Repository


def test_a_repository_is_found_from_any_folder_inside(write, tmp_path: Path) -> None:
    write({"components/a/src/x.py": ""})
    assert Repository.find(tmp_path / "components/a/src").root == tmp_path.resolve()


def test_a_folder_outside_of_any_repository_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    with pytest.raises(GraftError, match="no folder here or above holds environments/ and base/") as error:
        Repository.find(tmp_path)
    assert "--repo" in error.value.fix


def test_files_are_listed_sorted_and_named_from_the_root(write) -> None:
    repository = write({"base/b.yml": "", "base/a/z.yml": "", "base/a.yml": "", "base/c.txt": ""})
    assert repository.files("base/**/*.yml") == ("base/a.yml", "base/a/z.yml", "base/b.yml")


def test_a_file_that_cannot_be_read_is_named(write) -> None:
    repository = write({"base/a.yml": ""})
    with pytest.raises(GraftError, match=r"base/b.yml cannot be read: No such file"):
        repository.text("base/b.yml")
    (repository.root / "base/a.yml").write_bytes(b"\xff")
    with pytest.raises(GraftError, match=r"base/a.yml is not UTF-8"):
        repository.text("base/a.yml")


def test_a_file_that_an_edit_takes_away_is_not_there(write) -> None:
    repository = write({"base/a.yml": "a", "base/b/c.yml": "c"}).edited({"base/a.yml": None, "base/d.yml": "d"})

    assert repository.files("base/**/*.yml") == ("base/b/c.yml", "base/d.yml")
    assert not repository.exists("base/a.yml") and repository.exists("base/d.yml")
    with pytest.raises(GraftError, match=r"base/a.yml cannot be read: it is gone"):
        repository.text("base/a.yml")


def test_the_source_of_a_folder_changes_with_names_and_contents_only(write) -> None:
    repository = write({"components/a/x.py": "1", "components/a/src/y.py": "2"})
    before = repository.source("components/a")
    assert len(before) == 8 and int(before, 16) >= 0
    write({"components/a/__pycache__/x.pyc": "3", "components/a/z.pyc": "4", "components/b/x.py": "5"})
    assert repository.source("components/a") == before
    write({"components/a/tests/test_x.py": "6", "components/a/README.md": "7"})
    assert repository.source("components/a") == before, "no image is built from these"
    for files in ({"components/a/x.py": "2"}, {"components/a/x.py": "1", "components/a/src/tests/y.py": ""}):
        write(files)
        assert repository.source("components/a") != before


def test_content_moved_from_one_file_to_the_next_changes_the_source(write) -> None:
    one = write({"components/a/x": "12", "components/a/y": "", "components/b/x": "1", "components/b/y": "2"})
    assert one.source("components/a") != one.source("components/b")


def test_the_sha256_of_a_file_is_that_of_its_bytes(write) -> None:
    digest = write({"a.txt": "abc"}).sha256("a.txt")
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
