"""Claims about one writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from generators.errors import GraftError
from generators.output.write.lock import writing

HOLD = """
import sys, time
from pathlib import Path
from generators.output.write.lock import writing

with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_by_name_until_the_first_is_dead(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(GraftError, match=rf"another graft process \(pid {child.pid}\)"), writing(tmp_path):
            pass
        child.kill()
    with writing(tmp_path) as scratch:
        assert (scratch / "lock").read_text() == str(os.getpid())


def test_the_lock_is_free_again_after_an_error_inside(tmp_path):
    with pytest.raises(ZeroDivisionError), writing(tmp_path):
        raise ZeroDivisionError
    with writing(tmp_path) as scratch:
        assert scratch == tmp_path / ".graft"
