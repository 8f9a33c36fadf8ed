"""A new policy: a rule that works, its examples, and its line in the page of the policies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generators.scaffold import files
from generators.scaffold.names import Name

PAGE = "docs/policies.md"
_ROW = re.compile(r"^\| `([a-z0-9-]+)` \| .*$", re.MULTILINE)


def policy(name: Name) -> Mapping[str, str]:
    """Path in the repository to text."""
    return files.filled("policy", name)


def with_row(page: str, rule: str, text: str) -> str:
    """The page with the rule in its table, which is in the order of the names; `text` is the policy's own file."""
    comment = " ".join(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
    row, rows = f"| `{rule}` | {comment} |", list(_ROW.finditer(page))
    before = next((found for found in rows if found[1] > rule), None)
    if not rows:
        return page
    at = before.start() if before else rows[-1].end() + 1
    return f"{page[:at]}{row}\n{page[at:]}"
