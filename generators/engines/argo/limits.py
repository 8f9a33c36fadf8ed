"""The limits of the kernel and of Kubernetes, computed instead of met at run time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generators.engines.argo.pod.pods import BRACE

LONGEST_ARGUMENT = 128 * 1024 - 1  # Linux's MAX_ARG_STRLEN holds the closing zero too
LARGEST_OBJECT = 1024 * 1024  # etcd takes 1.5 MB, of which a run needs some for its status


def problems(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(template, problem) for everything in a WorkflowTemplate that is too large."""
    for template in manifest["spec"]["templates"]:
        main = template.get("container", {})
        for text in [*main.get("command", []), *main.get("args", [])]:
            expanded = text.replace(BRACE, "{").replace("$$", "$")
            if (size := len(expanded.encode())) > LONGEST_ARGUMENT:
                yield template["name"], f"an argument has {size} bytes, more than the kernel's {LONGEST_ARGUMENT}"
    size = len(json.dumps(manifest, separators=(",", ":")).encode())
    if size > LARGEST_OBJECT:
        yield "", f"the manifest has {size} bytes, more than the {LARGEST_OBJECT} that an object of Kubernetes may have"
