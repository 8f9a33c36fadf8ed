"""What an API server refuses of Kubernetes' own kinds beyond their shape.

`narrowed` says what values a field may have, as JSON Schemas; the others look at fields that go by one another.
"""

from __future__ import annotations

from generators.checks.kubernetes.problems import problems

__all__ = ["problems"]
