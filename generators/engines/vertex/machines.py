"""What a step may ask of a machine: Vertex AI looks for the smallest that has it.

https://cloud.google.com/vertex-ai/docs/pipelines/machine-types says how much there is, and that limits alone are read.
A limit has to be there when the pipeline is submitted (https://github.com/kubeflow/pipelines/issues/6681).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from generators.ir.view.container import KINDS, Resources
from generators.quantities import quantity
from generators.suggestions import did_you_mean

# google.cloud.aiplatform_v1.types.AcceleratorType, without the one that Google has withdrawn
ACCELERATORS = (
    "NVIDIA_TESLA_P100", "NVIDIA_TESLA_V100", "NVIDIA_TESLA_P4", "NVIDIA_TESLA_T4", "NVIDIA_TESLA_A100",
    "NVIDIA_A100_80GB", "NVIDIA_L4", "NVIDIA_H100_80GB", "NVIDIA_H100_MEGA_80GB", "NVIDIA_H200_141GB", "NVIDIA_B200",
    "NVIDIA_GB200", "NVIDIA_RTX_PRO_6000", "TPU_V2", "TPU_V3", "TPU_V4_POD", "TPU_V5_LITEPOD",
)  # fmt: skip
COUNTS = ("1", "2", "4", "8", "16")
_MOST = {"cpu": (Decimal(96), "96"), "memory": (Decimal(624) * 10**9, "624G")}
_READ = ("cpuLimit", "memoryLimit", "resourceCpuLimit", "resourceMemoryLimit", "accelerator")


class Excess(NamedTuple):
    """What a step asks for and no machine has; `setting` is where an overlay says it, below the step."""

    message: str
    found: str
    allowed: str
    fix: str
    setting: tuple[str, ...]


def excess(resources: Resources) -> Iterator[Excess]:
    """Everything that a step asks for and cannot have."""
    for kind in KINDS:
        yield from _amount(kind, resources.amount(kind, "Limit"), resources.amount(kind, "Request"))
    name, count = resources.accelerator
    if name and name not in ACCELERATORS:
        fix = did_you_mean(name, ACCELERATORS) or "name one of Vertex AI, such as NVIDIA_L4"
        yield Excess("Vertex AI has no such accelerator", name, ", ".join(ACCELERATORS), fix, ("accelerator",))
    if name and count not in COUNTS:
        fix = f"ask for {', '.join(COUNTS[:-1])} or {COUNTS[-1]}"
        yield Excess("no machine has that many accelerators", count, ", ".join(COUNTS), fix, ("accelerator",))


def read_alone(resources: dict) -> dict:
    """What Vertex AI reads of a ResourceSpec: limits, in both of the forms that the SDK writes, and the accelerator."""
    return {field: value for field, value in resources.items() if field in _READ}


def _amount(kind: str, limit: str, request: str) -> Iterator[Excess]:
    setting, (most, allowed) = ("resources", kind), _MOST[kind]
    if "{{" in limit + request:
        message = f"Vertex AI wants to know the {kind} of a step when the pipeline is submitted"
        yield Excess(message, limit or request, "a constant", f"give it a constant, set_{kind}_limit(...)", setting)
    elif request and quantity(request) > (quantity(limit) if limit else 0):
        message = f"Vertex AI reads the limit of {kind} alone, and this asks for more by its request"
        yield Excess(message, request, limit or "no request", f"write set_{kind}_limit({request!r})", setting)
    elif limit and quantity(limit) > most:
        yield Excess(f"no machine of Vertex AI has that much {kind}", limit, f"at most {allowed}", "lower it", setting)
