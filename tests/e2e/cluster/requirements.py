"""What tests require of a machine, and skipping those whose requirements are not met."""

from __future__ import annotations

from typing import NoReturn

import pytest


class MissingRequirement(Exception):
    """This machine lacks what tests require: they are not run, for the reason given."""


def not_run(request: pytest.FixtureRequest, missing: MissingRequirement) -> NoReturn:
    """Skip every test that asks for this fixture, and say how many they are."""
    count = sum(request.fixturename in item.fixturenames for item in request.session.items)
    pytest.skip(f"not run: {count} test{'s' if count > 1 else ''}, {missing}")
