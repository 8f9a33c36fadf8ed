"""Claims about replacing one file."""

from __future__ import annotations

import pytest

from generators.errors import GraftError
from generators.output.write import scratch, write_file_atomically


def test_one_file_is_replaced_whole_with_its_mode_and_behind_its_link(tmp_path):
    real, link = tmp_path / "real.yml", tmp_path / "link.yml"
    write_file_atomically(real, "a\n", tmp_path)
    real.chmod(0o640)
    link.symlink_to(real)
    write_file_atomically(link, "ü\r\n", tmp_path)
    assert link.is_symlink() and real.read_bytes() == "ü\r\n".encode() and real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yml", "real.yml"]


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "file").write_text("theirs")
    (root / "file").symlink_to(outside / "file")
    (root / "folder").symlink_to(outside)
    (root / ".new.new").symlink_to(outside / "file")
    (root / ".graft").symlink_to(outside)

    for name in ("file", "folder/file"):
        with pytest.raises(GraftError, match="outside of"):
            write_file_atomically(root / name, "ours", root)
    with pytest.raises(GraftError, match="is a link"):
        scratch(root)
    write_file_atomically(root / "new", "ours", root)

    assert (outside / "file").read_text() == "theirs" and (root / "new").read_text() == "ours"
