"""Names that Kubernetes and Argo take: short, unique, readable, and the same every time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from generators.engines import names
from generators.engines.names import LONGEST, short, short_hash
from generators.ir.view.tree import Tree

OWN = "graft-"  # what the names begin with that the engine gives to inputs of its own
# words of Argo's expressions: `depends: in.Succeeded` could not be read
_RESERVED = {
    "and", "or", "not", "in", "if", "else", "let", "nil", "true", "false", "matches", "contains",
    "startswith", "endswith",
}  # fmt: skip


def plain(text: str) -> str:
    """`text` in lower case letters, digits and dashes, beginning with a letter."""
    return names.plain(text, _RESERVED)


def with_hash(name: str, content_hash: str, longest: int = LONGEST) -> str:
    """`name-hash` within `longest` characters, the hash whole."""
    return f"{short(plain(name), longest - len(content_hash) - 1)}-{content_hash}"


def unique(wanted: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A name for each text; texts whose plain names are alike get a hash of the text itself, whatever their order."""
    texts = list(dict.fromkeys(wanted))
    used = set(taken)
    alike: dict[str, list[str]] = {}
    for text in texts:
        alike.setdefault(short(plain(text)), []).append(text)
    found = {}
    for name, group in alike.items():
        for text in group:
            clear = len(group) == 1 and name not in used
            found[text] = name if clear else f"{name[: LONGEST - 9].rstrip('-')}-{short_hash(text)}"
    return {text: found[text] for text in texts}


def task_names(tasks: Mapping[str, Tree]) -> dict[str, str]:
    """Task key to its name in the DAG: what a person called it, where that tells it from the others."""
    wanted = {key: task.get("taskInfo", {}).get("name") or key for key, task in tasks.items()}
    counts = Counter(wanted.values())
    texts = {key: name if counts[name] == 1 else key for key, name in wanted.items()}
    found = unique(texts.values())
    return {key: found[text] for key, text in texts.items()}


@lru_cache(4096)
def parameter(name: str) -> str:
    """An input's or output's name as Argo takes it; what it does not take becomes `-`, and a hash follows.

    A hash follows a name that begins as those which the engine gives, too.
    """
    safe = re.sub(r"[^-a-zA-Z0-9_]", "-", name)
    return safe if safe == name and not name.startswith(OWN) else f"{safe}-{short_hash(name)}"
