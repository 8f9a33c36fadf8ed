"""The same repository is a Kapitan project: what Kapitan merges is what graft merges."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

FILES = {
    "base/defaults.yml": (
        "parameters:\n"
        "  kapitan: {vars: {target: '${environment}'}}\n"
        "  resources: {train: {cpu: '2', memory: 4Gi}}\n"
        "  layers: [1, 2]\n"
    ),
    "base/pipelines/transfer_learning.yml": (
        "classes: [defaults]\n"
        "parameters:\n"
        "  layers: [3]\n"
        "  pipelines:\n"
        "    transfer-learning: {train: '${resources:train}', rate: 0.0001, text: '\\${literal}', hidden: [64]}\n"
    ),
    "environments/prod.yml": (
        "classes: [pipelines.transfer_learning]\n"
        "parameters:\n"
        "  environment: prod\n"
        "  resources: {train: {memory: 32Gi}}\n"
        "  pipelines: {transfer-learning: {~hidden: [128, 32], label: 'x-${environment}'}}\n"
    ),
}


def test_kapitan_merges_the_same_parameters(inventory, tmp_path: Path) -> None:
    loaded = inventory(FILES)
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/targets").symlink_to("../environments")
    (tmp_path / "inventory/classes").symlink_to("../base")
    command = [sys.executable, "-m", "kapitan", "inventory", "-t", "prod", "--inventory-backend", "reclass-rs"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
    theirs = yaml.safe_load(shown)["parameters"]
    ours = loaded.environments["prod"].parameters
    assert loaded.findings == ()
    # Kapitan fills its own key up with its defaults, and adds keys about itself and reclass.
    assert theirs.pop("kapitan")["vars"] == ours.pop("kapitan")["vars"]
    assert {key: value for key, value in theirs.items() if key not in ("_kapitan_", "_reclass_")} == ours
