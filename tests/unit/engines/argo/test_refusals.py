"""The reasons for a refusal: documented, and all of them in use."""

from __future__ import annotations

import re
from pathlib import Path

from generators.engines import argo
from generators.engines.argo.refusals import REASONS

ROOT = Path(__file__).resolve().parents[4]


def test_the_documented_reasons_are_those_of_the_code():
    text = (ROOT / "docs" / "argo.md").read_text("utf-8")

    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", text, re.MULTILINE)) == REASONS


def test_every_reason_is_given_somewhere():
    folder = Path(argo.__file__).parent
    files = [folder.parent / "engine.py", *(file for file in folder.rglob("*.py") if file.name != "refusals.py")]
    code = "\n".join(file.read_text("utf-8") for file in files)

    assert {reason for reason in REASONS if f'"{reason}"' not in code} == set()
