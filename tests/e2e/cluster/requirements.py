"""What tests require of a machine, and skipping those whose requirements are not met."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

ALL = bool(os.environ.get("GRAFT_E2E"))  # `make e2e`: everything, Argo CD too, and what can be built must be


class MissingRequirement(Exception):
    """This machine lacks what tests require: they are not run, for the reason given."""


class ModulesNotFound(MissingRequirement):
    """Go's modules are not to be had: no excuse where everything was asked for."""


def not_run(request: pytest.FixtureRequest, missing: MissingRequirement) -> NoReturn:
    """Skip every test that asks for this fixture, and say how many they are."""
    if ALL and isinstance(missing, ModulesNotFound):
        pytest.fail(str(missing), pytrace=False)
    count = sum(request.fixturename in item.fixturenames for item in request.session.items)
    pytest.skip(f"{'not checked' if ALL else 'not run'}: {count} test{'s' if count > 1 else ''}, {missing}")
