"""Gives the KFP executor an argument that the kernel would refuse: above 128 KiB (MAX_ARG_STRLEN) it comes in a file.

Python imports this by its name at its start, where the engine put this folder on PYTHONPATH. `@<file>` in an
argument becomes what the file holds; everything else stays.
"""

import os
import sys
from pathlib import Path

_FILE = os.environ.get("GRAFT_LONG_ARGUMENT", "")
if _FILE:
    sys.argv[:] = [argument.replace(f"@{_FILE}", Path(_FILE).read_text("utf-8")) for argument in sys.argv]
