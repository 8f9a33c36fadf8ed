"""ValidatingAdmissionPolicies evaluated as the API server does, without one."""

from __future__ import annotations

from generators.checks.policies.documents import Binding, Policy, bindings, policies
from generators.checks.policies.judge import UNCHECKED, Denial, Judge, UnknownKind, judge
from generators.checks.policies.plans import NotCompiled
from generators.checks.policies.resources import Resources

__all__ = [
    "UNCHECKED",
    "Binding",
    "Denial",
    "Judge",
    "NotCompiled",
    "Policy",
    "Resources",
    "UnknownKind",
    "bindings",
    "judge",
    "policies",
]
