"""What a step asks of a machine is what there is, and what Vertex AI reads."""

from __future__ import annotations

from typing import Any

import pytest
from google.cloud.aiplatform_v1.types import AcceleratorType

from generators.engines.vertex import machines
from generators.ir.view.container import Resources, accelerator_fields, resource_fields

WITHDRAWN = {"ACCELERATOR_TYPE_UNSPECIFIED", "NVIDIA_TESLA_K80"}


def test_the_accelerators_are_those_of_google_s_own_list() -> None:
    assert set(machines.ACCELERATORS) == {each.name for each in AcceleratorType} - WITHDRAWN


@pytest.mark.parametrize(
    "resources",
    [
        {},
        resource_fields({"cpu": "96", "memory": "624G"}),
        resource_fields({"cpu": "500m", "memory": "512Mi"}),
        {"cpuLimit": 4.0, "memoryLimit": 16.0},
        {"resourceCpuLimit": "2", "resourceCpuRequest": "1"},
        {"accelerator": accelerator_fields("NVIDIA_L4", 8)},
    ],
)
def test_what_a_machine_has_is_accepted(resources: dict[str, Any]) -> None:
    assert list(machines.excess(Resources(resources))) == []


@pytest.mark.parametrize(
    ("resources", "words", "setting"),
    [
        (resource_fields({"cpu": "97"}), "no machine of Vertex AI has that much cpu", ("resources", "cpu")),
        (resource_fields({"memory": "582Gi"}), "that much memory", ("resources", "memory")),
        ({"memoryLimit": 625.0}, "that much memory", ("resources", "memory")),
        ({"resourceCpuRequest": "2"}, "reads the limit of cpu alone", ("resources", "cpu")),
        ({"resourceCpuRequest": "2", "resourceCpuLimit": "1"}, "the limit of cpu alone", ("resources", "cpu")),
        ({"resourceCpuLimit": "{{$.inputs.parameters['cpu']}}"}, "wants to know the cpu", ("resources", "cpu")),
        ({"accelerator": accelerator_fields("NVIDIA_L5")}, "no such accelerator", ("accelerator",)),
        ({"accelerator": accelerator_fields("NVIDIA_L4", 3)}, "that many accelerators", ("accelerator",)),
    ],
)
def test_what_no_machine_has_is_refused_where_an_overlay_says_it(
    resources: dict[str, Any], words: str, setting: tuple[str, ...]
) -> None:
    (excess,) = machines.excess(Resources(resources))

    assert words in excess.message and excess.setting == setting
    assert excess.found and excess.allowed and excess.fix


def test_requests_are_left_out_and_nothing_else() -> None:
    asked = resource_fields({"cpu": "2", "memory": "4Gi"}) | {"accelerator": accelerator_fields("NVIDIA_L4")}

    read = machines.read_alone(asked)

    assert asked.keys() - read.keys() == {"cpuRequest", "resourceCpuRequest", "memoryRequest", "resourceMemoryRequest"}
    assert all(asked[key] == value for key, value in read.items())
