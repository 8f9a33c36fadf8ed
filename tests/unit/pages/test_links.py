"""A line's address is that of the repository's host, and there is none where the host is not known."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.inventory.read import Repository
from generators.model import Place
from generators.pages.links import Links, base_of, links

GITHUB, GITLAB = "https://github.com/ml/fleet/blob/c0", "https://gitlab.ml.test/team/ml/fleet/-/blob/c0"


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://github.com/ml/fleet.git", GITHUB),
        ("https://github.com/ml/fleet", GITHUB),
        ("https://github.com/ml/fleet/", GITHUB),
        ("https://robot:secret@github.com/ml/fleet.git", GITHUB),
        ("git@github.com:ml/fleet.git", GITHUB),
        ("ssh://git@github.com:22/ml/fleet.git", GITHUB),
        ("https://gitlab.ml.test/team/ml/fleet.git", GITLAB),
        ("git@gitlab.ml.test:team/ml/fleet.git", GITLAB),
        ("https://git.internal/ml/fleet.git", ""),
        ("/srv/git/github/fleet.git", ""),
        ("../github", ""),
        ("javascript://github.com/%0aalert(1)", ""),
        ('https://github.com/"><script>', ""),
        ("", ""),
    ],
)
def test_an_origin_gives_the_address_of_its_files(origin: str, expected: str) -> None:
    assert base_of(origin, "c0") == expected


def test_a_place_is_a_line_of_a_file() -> None:
    found = Links(GITHUB, "fleet/")

    assert found.to(Place("base/a b.yml", 3, 1)) == f"{GITHUB}/fleet/base/a%20b.yml#L3"
    assert found.to(Place("base/a.yml", 0)) == f"{GITHUB}/fleet/base/a.yml"
    assert Links().to(Place("base/a.yml")) == ""


def test_a_checkout_is_asked_for_its_origin_and_its_commit(tiny: Path, commit: Callable[[Path], None]) -> None:
    assert links(Repository(tiny)) == Links()
    commit(tiny)
    remote = ["git", "remote", "add", "origin", "git@github.com:ml/fleet.git"]
    subprocess.run(remote, cwd=tiny, check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tiny, check=True, capture_output=True, text=True).stdout

    assert links(Repository(tiny)).base == f"https://github.com/ml/fleet/blob/{head.strip()}"
