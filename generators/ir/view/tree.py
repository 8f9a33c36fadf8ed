"""The JSON that a view reads: mappings by name, and what stands for one that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Tree = Mapping[str, Any]

NOTHING: Tree = {}  # never written to
PARAMETERS, ARTIFACTS = "parameters", "artifacts"
