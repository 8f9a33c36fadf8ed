"""What is kept is given back, what is damaged is not, and losing it costs nothing but time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from generators.fleet import cache as module
from generators.fleet.cache import KEPT_DAYS, Cache
from generators.output.digest import digest


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


def test_a_text_goes_by_its_digest(cache: Cache) -> None:
    key = cache.put_text("line\r\nline\n")

    assert key == digest("line\r\nline\n")
    assert cache.holds_text(key) and cache.text(key) == "line\r\nline\n"
    assert cache.text(digest("other")) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"\n", b"0" * 40 + b"\n{}", b"\xff\xfe\n[]"])
def test_a_damaged_entry_is_as_if_it_were_not_there(cache: Cache, damage: bytes) -> None:
    cache.put("kind", "ab12", {"a": 1})
    _only_entry(cache).write_bytes(damage)

    assert cache.get("kind", "ab12") is None


def test_one_flipped_bit_is_seen(cache: Cache) -> None:
    key = cache.put_text("epochs: 120\n")
    entry = _only_entry(cache)
    entry.write_bytes(entry.read_bytes().replace(b"120", b"121"))

    assert cache.text(key) is None


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


def test_what_nobody_asks_for_goes_and_what_is_in_use_stays(cache: Cache) -> None:
    old, used = cache.put_text("old"), cache.put_text("used")
    past = time.time() - (KEPT_DAYS + 1) * 86400
    for path in [path for path in cache.folder.rglob("*") if path.is_file()]:
        os.utime(path, (past, past))
    assert cache.text(used) == "used"

    cache.clean()

    assert (cache.holds_text(old), cache.holds_text(used)) == (False, True)


def test_cleaning_looks_once_a_day(cache: Cache) -> None:
    cache.put_text("first")
    cache.clean()
    key = cache.put_text("old")
    past = time.time() - (KEPT_DAYS + 1) * 86400
    os.utime(cache.folder / "text" / key[:2] / key, (past, past))

    cache.clean()

    assert cache.holds_text(key)
