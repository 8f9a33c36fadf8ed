"""Of two fields that say one thing the newer is read, and both are written."""

from __future__ import annotations

import pytest

from generators.ir.view import Container, Resources
from generators.ir.view.container import accelerator_fields, resource_fields


@pytest.mark.parametrize(
    ("tree", "amount"),
    [
        ({"resourceMemoryLimit": "4Gi", "memoryLimit": 4.0}, "4Gi"),
        ({"memoryLimit": 3.5}, "3.5G"),
        ({"memoryLimit": 0.0}, ""),
        ({}, ""),
    ],
)
def test_the_newer_field_is_read_first(tree, amount):
    assert Resources(tree).amount("memory", "Limit") == amount


def test_what_is_written_is_read_again_from_either_twin():
    written = resource_fields({"cpu": "500m", "memory": "1G"})
    older = {field: value for field, value in written.items() if not field.startswith("resource")}

    assert Resources(written).amount("cpu", "Request") == "500m"
    assert Resources(older).amount("cpu", "Request") == "0.5"
    assert Resources(older).amount("memory", "Limit") == "1G"
    assert "resourceMemoryLimit" not in resource_fields({"cpu": "1"})


def test_an_accelerator_is_read_from_either_twin():
    assert Resources({"accelerator": accelerator_fields("gpu", 2)}).accelerator == ("gpu", "2")
    assert Resources({"accelerator": {"type": "gpu", "count": 2}}).accelerator == ("gpu", "2")
    assert Resources({"accelerator": {"resourceType": "gpu", "resourceCount": "0"}}).accelerator == ("", "")


def test_an_image_that_stands_for_a_claim_is_known():
    assert Container({"image": "argostub/createpvc"}).is_claim
    assert not Container({}).is_claim
