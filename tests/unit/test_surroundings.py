"""Whoever renders, and wherever: the same bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What Python goes by when it starts, and what it, graft or kfp may go by later.
STARTS = [
    {"LC_ALL": "C", "PYTHONHASHSEED": "0", "PYTHONOPTIMIZE": ""},
    {"LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1", "PYTHONOPTIMIZE": "2"},
    {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONHASHSEED": "4294967295", "PYTHONOPTIMIZE": "1"},
    {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "random", "PYTHONOPTIMIZE": ""},
]
LATER = [
    {"TZ": "UTC", "HOME": "/root", "umask": "022", "cwd": "/"},
    {"TZ": "Asia/Kathmandu", "HOME": "/nonexistent", "umask": "077", "cwd": "/tmp"},
    {"TZ": "Pacific/Kiritimati", "HOME": "", "umask": "000", "cwd": "{root}", "PYTHONPATH": "{root}"},
    {"TZ": "America/St_Johns", "KFP_DISABLE_EXECUTION_CACHING_BY_DEFAULT": "true", "cwd": "{root}/rendered"},
    {"TZ": "", "KFP_DISABLE_TYPE_CHECK": "1", "LANG": "tr_TR", "LANGUAGE": "tr", "umask": "027"},
    {"TZ": ":/etc/localtime", "COLUMNS": "20", "NO_COLOR": "1", "TMPDIR": "/var/tmp"},
]
_RENDERS = """
import hashlib, json, os, shutil, sys, time
from pathlib import Path
from generators.inventory.read import Repository
from generators.verbs import render

def rendered(tiny, folder, settings):
    shutil.copytree(tiny, folder, symlinks=True)
    for name in ("rendered", "definitions"):
        shutil.rmtree(folder / name)
    settings = {name: text.replace("{root}", str(folder)) for name, text in settings.items()}
    (folder / "rendered").mkdir()
    os.umask(int(settings.pop("umask", "022"), 8))
    os.chdir(settings.pop("cwd", "/"))
    os.environ.update(settings, XDG_CACHE_HOME=f"{folder}-cache")
    time.tzset()
    render.render(Repository(folder))
    files = sorted(file for name in ("rendered", "definitions") for file in (folder / name).rglob("*.*"))
    said = "".join(f"{file.relative_to(folder)} {hashlib.sha256(file.read_bytes()).hexdigest()} " for file in files)
    print(hashlib.sha256(said.encode()).hexdigest(), len(files), flush=True)

tiny, target, later = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
for at, settings in enumerate(later):
    child = os.fork()
    if not child:
        try:
            rendered(tiny, target / str(at), settings)
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"rendering failed with {settings}")
"""


def test_24_surroundings_give_one_sha256(tiny: Path, tmp_path: Path) -> None:
    answers = []
    for at, start in enumerate(STARTS):
        folder = tmp_path / f"start{at}"
        folder.mkdir()
        command = [sys.executable, "-c", _RENDERS, str(tiny), str(folder), json.dumps(LATER)]
        done = subprocess.run(
            command, env={**os.environ, **start, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answers += done.stdout.splitlines()

    assert len(answers) == 24 and int(answers[0].split()[1]) > 20
    assert len(set(answers)) == 1
