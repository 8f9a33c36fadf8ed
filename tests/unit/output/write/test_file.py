"""Claims about replacing one file."""

from __future__ import annotations

from generators.output.write import write_file_atomically


def test_one_file_is_replaced_whole_with_its_mode_and_behind_its_link(tmp_path):
    real, link = tmp_path / "real.yml", tmp_path / "link.yml"
    write_file_atomically(real, "a\n")
    real.chmod(0o640)
    link.symlink_to(real)
    write_file_atomically(link, "ü\r\n")
    assert link.is_symlink() and real.read_bytes() == "ü\r\n".encode() and real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yml", "real.yml"]
