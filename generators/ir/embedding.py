"""The source of packages inside a compiled step, for a step whose image does not hold them: for trying out.

What a step reaches by its imports goes into the text that KFP's executor runs, packed; it is unpacked before the step's
own code is read, also for the processes that the step starts. bz2 packs to the same bytes in every version of Python.
"""

from __future__ import annotations

import base64
import bz2
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generators.ir.reached import imports, reached

_ROOT = [Path(__file__).resolve().parents[2]]  # the repository, which the compiler's process sets
_READ: set[Path] = set()  # what has been embedded since it was last asked
VARIABLE = "PACKAGE_EMBEDDED"  # tells a step that its image does not hold its package
_UNPACK = f'''import base64, bz2, json, os, pathlib, sys, tempfile

_packed = "@"
_folder = tempfile.mkdtemp()
for _name, _text in json.loads(bz2.decompress(base64.b64decode(_packed))).items():
    _file = pathlib.Path(_folder, _name)
    _file.parent.mkdir(parents=True, exist_ok=True)
    _file.write_text(_text, "utf-8")
sys.path.insert(0, _folder)
os.environ["PYTHONPATH"] = os.pathsep.join([_folder, *filter(None, [os.environ.get("PYTHONPATH")])])
os.environ["{VARIABLE}"] = "1"

'''


def look_in(root: Path) -> None:
    """Take packages from the repository at `root`, and forget what was read of another."""
    _ROOT[0] = root
    _READ.clear()


def files_read() -> list[str]:
    """The files that have been embedded since `look_in`, relative to the repository."""
    return sorted(file.relative_to(_ROOT[0]).as_posix() for file in _READ)


def with_source(step: Any, folders: Sequence[str], also: Sequence[str] = ()) -> Any:
    """The component, which kfp has made of a function, with the modules that it reaches in `folders`.

    A folder is one of the repository, such as components/NAME/src. `also` are modules that no import shows, since the
    step starts them as processes of their own, or copies them.
    """
    command = step.component_spec.implementation.container.command
    roots = [_ROOT[0] / folder for folder in folders]
    files = reached([*imports(command[-1]), *also], roots)
    found = {file: next(root for root in roots if file.is_relative_to(root)) for file in files}
    _READ.update(found)
    texts = {file.relative_to(root).as_posix(): file.read_text("utf-8") for file, root in found.items()}
    packed = base64.b64encode(bz2.compress(json.dumps(texts, sort_keys=True).encode())).decode()
    command[-1] = _UNPACK.replace("@", packed) + command[-1]
    return step
