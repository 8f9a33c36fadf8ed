"""Runs reclass-rs, Kapitan's inventory engine, which reads its files by itself."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import reclass_rs

from generators.inventory.read.repository import CLASSES, ENVIRONMENTS


class MergeFailed(Exception):
    """What reclass-rs said when it could not merge an environment, in its own words."""


class Reclass:
    """reclass-rs over the `base/` and `environments/` of one folder.

    An overwritten reference to nothing is an error here, though Kapitan only warns of it: the warning goes to
    standard output, where nobody can act on it. Whatever merges under this rule merges alike in Kapitan.
    """

    def __init__(self, root: Path) -> None:
        options = {
            "nodes_uri": ENVIRONMENTS,
            "classes_uri": CLASSES,
            "ignore_overwritten_missing_references": False,
        }
        try:
            self._engine = reclass_rs.Reclass.from_config(reclass_rs.Config.from_dict(str(root), options))
        except ValueError as error:
            raise MergeFailed(str(error).replace(f"{root}/", "")) from error

    def parameters(self, environment: str) -> dict[str, Any]:
        """The merged parameters of one environment, without what reclass adds about itself."""
        return {key: value for key, value in self._node(environment).parameters.items() if key != "_reclass_"}

    def classes(self, environment: str) -> tuple[str, ...]:
        """The classes of one environment, in the order in which they are merged."""
        return tuple(self._node(environment).classes)

    def _node(self, environment: str) -> reclass_rs.NodeInfo:
        try:
            return self._engine.nodeinfo(environment)
        except ValueError as error:
            raise MergeFailed(str(error).removeprefix(f"Error while rendering {environment}: ")) from error
        except BaseException as error:
            # A Rust panic derives from BaseException, so that nothing swallows it; its class cannot be imported.
            if type(error).__name__ != "PanicException":
                raise
            raise MergeFailed(f"reclass-rs stopped: {error}") from error


def merge_copies(environment: str, layers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The parameters that `layers`, first to last, merge into: reclass-rs over copies in a temporary folder.

    For inventories with findings: what is wrong was repaired in the copies, so that the rest can be checked too.
    """
    with tempfile.TemporaryDirectory(prefix="graft-") as folder:
        root = Path(folder)
        names = [f"layer{number}" for number in range(len(layers))]
        for name, parameters in zip(names, layers, strict=True):
            _write(root / CLASSES / f"{name}.yml", {"parameters": parameters})
        _write(root / ENVIRONMENTS / f"{environment}.yml", {"classes": names})
        return Reclass(root).parameters(environment)


def _write(file: Path, document: Any) -> None:
    file.parent.mkdir(exist_ok=True)
    # JSON is YAML, but for its surrogate pairs: what is not ASCII goes out as YAML's longer escape.
    text = json.dumps(document, ensure_ascii=False)
    file.write_text(re.sub(r"[^\x00-\x7e]", lambda found: f"\\U{ord(found[0]):08x}", text), encoding="ascii")
