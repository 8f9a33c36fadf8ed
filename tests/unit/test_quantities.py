"""Kubernetes' quantities and durations mean what Kubernetes says they mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generators.quantities import quantity, seconds


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2), ("500m", Decimal("0.5")), ("1.5", Decimal("1.5")), ("1k", 1000), ("4Gi", 4 * 2**30), ("4G", 4 * 10**9)],
)
def test_a_quantity_in_its_base_unit(text: str, value: Decimal) -> None:
    assert quantity(text) == value


@pytest.mark.parametrize("text", ["", "Gi", "1 Gi", "4gb", "-1", "1e3", "4GiB"])
def test_what_kubernetes_refuses_is_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="not a Kubernetes quantity"):
        quantity(text)


@pytest.mark.parametrize(("text", "value"), [("90s", 90), ("30m", 1800), ("2h", 7200), ("1d", 86400)])
def test_a_duration_in_seconds(text: str, value: int) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "2", "h", "1.5h", "2 h", "2w"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        seconds(text)
