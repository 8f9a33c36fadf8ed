"""What an object says it is names a schema, and never a file."""

from __future__ import annotations

import pytest

from generators.checks import kinds


@pytest.mark.parametrize(
    ("kind", "api_version"),
    [
        ("a" * 5000, "v1"),
        ("Pod\0", "v1"),
        ("../../pod", "v1"),
        ("Pod", "v1\0"),
        ("Pod", "../v1"),
        ("Pod", "v1/" * 2000),
        ("", ""),
    ],
)
def test_what_no_kind_can_be_called_has_none(kind: str, api_version: str) -> None:
    assert kinds.kubernetes(kind, api_version) is None
    assert not kinds.is_kubernetes(kind, api_version)


def test_kubernetes_own_kinds_are_found() -> None:
    assert kinds.is_kubernetes("Pod", "v1") and kinds.is_kubernetes("NetworkPolicy", "networking.k8s.io/v1")
