"""Claims about how a folder on disk is compared with a tree."""

from __future__ import annotations

import pytest

from generators.errors import GraftError
from generators.output.write import Difference, difference


def test_difference_tells_missing_changed_and_extra_apart_and_changes_nothing(tmp_path):
    for name in ("same", "changed", "extra", "longer"):
        (tmp_path / name).write_text("1")
    wanted = {"same": "1", "changed": "2", "new/file": "1", "longer": "12"}
    assert difference(tmp_path, wanted) == Difference(("new/file",), ("changed", "longer"), ("extra",), 1)
    assert difference(tmp_path, wanted, lambda path: path != "extra").extra == ()
    assert difference(tmp_path / "nowhere", {"a": ""}) == Difference(("a",), (), (), 0)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("same", "changed", "extra", "longer"), "1"
    )


def test_an_empty_folder_is_no_difference(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    assert not difference(tmp_path, {})


@pytest.mark.parametrize("target", ["elsewhere", "nowhere", "same"])
def test_a_link_is_never_equal_to_a_file(tmp_path, target):
    (tmp_path / "same").write_text("1")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / target)
    assert difference(tmp_path, {"same": "1", "link": "1"}).changed == ("link",)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "rendered").write_text("")
    with pytest.raises(GraftError, match="not a folder of its own"):
        difference(tmp_path / "rendered", {"a": ""})


def test_names_that_cannot_stand_beside_one_another_are_all_reported(tmp_path):
    with pytest.raises(GraftError) as refused:
        difference(tmp_path, {"a": "", "a/b/c": "", "x/Y": "", "X/y": "", "../z": ""})
    assert "'../z' does not stay inside" in refused.value.message
    assert "'a' is a file and a folder at once" in refused.value.message
    assert "'x/Y' and 'X/y' are one file on macOS" in refused.value.message
