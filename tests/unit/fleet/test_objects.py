"""A tree is read alike from the checkout and from any revision of Git."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.errors import GraftError
from generators.fleet import objects
from generators.inventory.read import Repository

FILE = "rendered/prod/east/greet/pipelineversion.yaml"


@pytest.fixture
def committed(tiny: Path, commit: Callable[[Path], None]) -> Repository:
    commit(tiny)
    subprocess.run(["git", "tag", "proved"], cwd=tiny, check=True)
    return Repository(tiny)


def test_what_is_committed_is_what_stands_there(committed: Repository) -> None:
    found = objects.of_checkout(committed)

    assert found == objects.of_revision(committed, "HEAD")
    assert found[FILE][0]["kind"] == "PipelineVersion" and len(found) > 10


def test_a_revision_stays_what_it_was(committed: Repository) -> None:
    before = objects.of_checkout(committed)
    (committed.root / FILE).write_text("kind: Ünicode\n---\nkind: Second\n", "utf-8")

    assert objects.of_checkout(committed)[FILE] == [{"kind": "Ünicode"}, {"kind": "Second"}]
    assert objects.of_revision(committed, "proved") == before


def test_a_repository_inside_another_folder_is_read_too(committed: Repository) -> None:
    outer = committed.root.parent / "outer"
    outer.mkdir()
    committed.root.rename(outer / "fleet")
    (outer / "fleet/.git").rename(outer / "old")
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "fleet"), ("commit", "-qm", "inside")):
        subprocess.run(["git", *identity, *arguments], cwd=outer, check=True, capture_output=True)
    inside = Repository(outer / "fleet")

    assert objects.of_revision(inside, "HEAD") == objects.of_checkout(inside)


@pytest.mark.parametrize("revision", ["nothing", "HEAD~7", "--help"])
def test_a_revision_that_is_not_there_is_refused(committed: Repository, revision: str) -> None:
    with pytest.raises(GraftError) as refused:
        objects.of_revision(committed, revision)

    assert refused.value.fix


def test_a_file_that_is_not_yaml_is_named(committed: Repository) -> None:
    (committed.root / FILE).write_text("a: [")

    with pytest.raises(GraftError, match=FILE):
        objects.of_checkout(committed)


def test_a_file_of_a_revision_that_is_no_text_is_named(tiny: Path, commit: Callable[[Path], None]) -> None:
    (tiny / "rendered/prod/west/greet/run.yaml").write_bytes(b"a: \xe9\n")
    commit(tiny)
    with pytest.raises(GraftError, match=r"HEAD:rendered/prod/west/greet/run\.yaml is not UTF-8: byte 3"):
        objects.of_revision(Repository(tiny), "HEAD")
