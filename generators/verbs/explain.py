"""`graft explain`: a value, and every file and line that had a part in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from generators.inventory import merge
from generators.inventory.explain import Explanation, explanation_lines
from generators.inventory.explain import explain as explain_key
from generators.inventory.paths import format_path
from generators.inventory.read import Repository, plain


@dataclass(frozen=True)
class Outcome:
    """An explanation, ready to print."""

    explanation: Explanation

    def to_text(self) -> str:
        return "\n".join(explanation_lines(self.explanation))

    def to_json(self) -> str:
        return json.dumps(_record(self.explanation), indent=2, ensure_ascii=False)


def explain(repository: Repository, environment: str, key: str) -> Outcome:
    """What `key` is in an environment; GraftError names the nearest where one of them does not exist."""
    return Outcome(explain_key(merge.load(repository), environment, key))


def _record(explanation: Explanation) -> dict[str, Any]:
    origins = [
        {
            "file": origin.node.entry_place.file,
            "line": origin.node.entry_place.line,
            "value": plain(origin.node),
            "used": origin.used,
        }
        for origin in explanation.origins
    ]
    record = {"path": format_path(explanation.path), "value": explanation.value, "origins": origins}
    return record | ({"below": [_record(below) for below in explanation.below]} if explanation.below else {})
