"""Names that Kubernetes takes: short, readable, and the same every time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from generators.ir.validate.kubernetes import NAME, NAMESPACE, Form

LONGEST = 63  # a label's value, and the name of most objects
# A label of DNS, though an object's name may be several: a run's pods are named and labelled by it.
LABEL = Form(NAMESPACE.pattern, f"{NAME.message} of Kubernetes", f"{NAMESPACE.example} {LONGEST} at the most")


def plain(text: str, reserved: Collection[str] = ()) -> str:
    """`text` in lower case letters, digits and dashes, beginning with a letter, and none of the `reserved` words."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if not name or not name[0].isalpha() or name in reserved:
        name = f"t-{name}".rstrip("-")
    return name


def short(name: str, longest: int = LONGEST) -> str:
    """`name`, or its start with a hash of all of it where it is too long."""
    return name if len(name) <= longest else f"{name[: longest - 9].rstrip('-')}-{short_hash(name)}"


def short_hash(text: str) -> str:
    """Eight hexadecimal digits that tell `text` from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
