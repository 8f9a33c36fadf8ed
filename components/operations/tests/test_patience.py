"""What may come right is tried again for a while; what is wrong is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from operations.errors import Unanswered, Unreachable
from operations.patience import Patience

QUICK = Patience(first=0.01, longest=0.02, give_up=0.2)


def failing(times: int, status: int) -> Callable[[], int]:
    """What fails so often, and then returns how often it was called."""
    calls = 0

    def attempt() -> int:
        nonlocal calls
        calls += 1
        if calls <= times:
            raise Unanswered(status, "no")
        return calls

    return attempt


@pytest.mark.parametrize("status", [0, 403, 404, 429, 500, 503])
def test_what_may_come_right_is_tried_again(status: int) -> None:
    assert QUICK.until_answered(failing(3, status)) == 4


@pytest.mark.parametrize("status", [400, 409, 422])
def test_what_is_wrong_is_not(status: int) -> None:
    with pytest.raises(Unanswered):
        QUICK.until_answered(failing(1, status))


def test_in_the_end_it_is_given_up() -> None:
    with pytest.raises(Unreachable, match=r"Kubeflow Pipelines: no: given up after 0 s"):
        QUICK.until_answered(failing(10**6, 503))
