"""Tokens: cancelled downwards, once, at any time."""

from __future__ import annotations

import threading
import time

import pytest

from generators.runner.cancel import Cancelled, Token


def test_a_cancelled_token_cancels_what_is_under_it_and_nothing_above():
    top = Token()
    left, right = top.child(), top.child()
    below = left.child()
    left.cancel()
    assert [token.cancelled for token in (top, left, below, right)] == [False, True, True, False]


def test_a_child_of_a_cancelled_token_is_cancelled():
    top = Token()
    top.cancel()
    with pytest.raises(Cancelled):
        top.child().check()


def test_a_callback_is_called_once_and_only_within_its_block():
    token, calls = Token(), []
    with token.calling(lambda: calls.append("outside")):
        pass
    with token.calling(lambda: calls.append("inside")):
        token.cancel()
        token.cancel()
    with token.calling(lambda: calls.append("late")):
        assert calls == ["inside", "late"]


def test_waiting_ends_with_the_cancellation():
    token = Token()
    threading.Timer(0.1, token.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        token.wait(30)
    assert time.monotonic() - start < 5
