"""One thing that a change destroys, which somebody has to approve."""

from __future__ import annotations

from typing import NamedTuple


class Destroyed(NamedTuple):
    """`name` is what an approval calls it, `<environment>/<cluster>/<Kind>/<name>` or `<environment>/<cluster>`;
    `file` is where it stands or stood, `why` what becomes of it."""

    name: str
    file: str
    why: str
    rule: str = "deletion"
