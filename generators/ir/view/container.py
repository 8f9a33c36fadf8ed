"""The container that an executor runs, and its resources, whose deprecated fields stand beside newer ones.

KFP reads `resourceCpuLimit`, a quantity, and keeps `cpuLimit`, a number of cores, as its twin; of memory the twin
counts gigabytes of 10^9 bytes. What reads goes by the newer field first, what writes keeps both in step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generators.ir.values import text_of
from generators.ir.view import placeholders
from generators.ir.view.tree import NOTHING, Tree
from generators.quantities import quantity

BOUNDS = ("Request", "Limit")
KINDS = {"cpu": ("", 1), "memory": ("G", 10**9)}  # kind to the unit of its deprecated twin, and its size
# An image that no engine runs: it stands for what is done to a PersistentVolumeClaim.
CREATE_CLAIM, DELETE_CLAIM = "argostub/createpvc", "argostub/deletepvc"


@dataclass(frozen=True, slots=True)
class Resources:
    """What a container asks for."""

    tree: Tree

    def amount(self, kind: str, bound: str) -> str:
        """The Request or the Limit of `cpu` or `memory` as a quantity, or with a placeholder; "" for none."""
        if value := self.tree.get(f"resource{kind.capitalize()}{bound}"):
            return value
        value = self.tree.get(f"{kind}{bound}")
        return f"{text_of(value)}{KINDS[kind][0]}" if value else ""

    @property
    def accelerator(self) -> tuple[str, str]:
        """The resource's name and how many, either with a placeholder; both "" where it asks for none."""
        tree = self.tree.get("accelerator", NOTHING)
        count = str(tree.get("resourceCount") or tree.get("count") or "")
        return (tree.get("resourceType") or tree.get("type", ""), count) if count not in ("", "0") else ("", "")


@dataclass(frozen=True, slots=True)
class Container:
    """A PipelineContainerSpec."""

    tree: Tree

    @property
    def image(self) -> str:
        return self.tree.get("image", "")

    @property
    def command(self) -> list[str]:
        return self.tree.get("command", [])

    @property
    def args(self) -> list[str]:
        return self.tree.get("args", [])

    @property
    def templates(self) -> list[str]:
        """The command with its args."""
        return [*self.command, *self.args]

    @property
    def env(self) -> list[tuple[str, str]]:
        """Its constant variables, in order."""
        return [(item["name"], item.get("value", "")) for item in self.tree.get("env", ())]

    @property
    def resources(self) -> Resources:
        return Resources(self.tree.get("resources", NOTHING))

    @property
    def runs_kfp(self) -> bool:
        """Whether its command is the KFP executor of a Python component."""
        return placeholders.runs_kfp(self.tree)

    @property
    def is_claim(self) -> bool:
        """Whether it creates or deletes a claim: no engine runs its image, which stands for what it does."""
        return self.image in (CREATE_CLAIM, DELETE_CLAIM)


def resource_fields(resources: Mapping[str, str], bounds: Sequence[str] = ("Limit", "Request")) -> dict[str, Any]:
    """The fields of a ResourceSpec that ask for exactly these quantities of `cpu` and `memory`, each with its twin."""
    return {
        field: value
        for kind, (_, unit) in KINDS.items()
        if (amount := resources.get(kind))
        for bound in bounds
        for field, value in (
            (f"resource{kind.capitalize()}{bound}", amount),
            (f"{kind}{bound}", float(quantity(amount) / unit)),
        )
    }


def accelerator_fields(name: str, count: int = 1) -> dict[str, str]:
    """An AcceleratorConfig, each field with its twin."""
    return {"type": name, "resourceType": name, "count": str(count), "resourceCount": str(count)}
