"""The limits of the kernel and of Kubernetes, computed instead of met at run time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generators.engines.argo.pod.pods import BRACE

LONGEST_ARGUMENT = 128 * 1024 - 1  # Linux's MAX_ARG_STRLEN holds the closing zero too
LARGEST_OBJECT = 1024 * 1024  # etcd takes 1.5 MB, of which a run needs some for its status


def problems(templates: Iterable[dict[str, Any]], content: str) -> Iterator[tuple[str, str]]:
    """(template, problem) for everything that is too large in a WorkflowTemplate's spec, `content` as JSON."""
    for template in templates:
        main = template.get("container", {})
        for text in [*main.get("command", []), *main.get("args", [])]:
            if len(text) * 4 > LONGEST_ARGUMENT and (size := _size(text)) > LONGEST_ARGUMENT:
                yield template["name"], f"an argument has {size} bytes, more than the kernel's {LONGEST_ARGUMENT}"
    if (size := len(content.encode())) > LARGEST_OBJECT:
        yield "", f"the manifest has {size} bytes, more than the {LARGEST_OBJECT} that an object of Kubernetes may have"


def _size(text: str) -> int:
    """How long an argument is for the kernel, when kubelet has put in its braces and dollars."""
    return len(text.replace(BRACE, "{").replace("$$", "$").encode())
