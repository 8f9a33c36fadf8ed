"""The first step: the settings of network, training, search and job are checked before anything runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from graft_steps import say

from text_classifier import search, tfjob
from text_classifier.settings import Network, Search, Training


class Plan(NamedTuple):
    """The checked settings, and the networks that a search tries."""

    network: dict[str, Any]
    training: dict[str, Any]
    searches: bool
    trials: list[dict[str, Any]]


def plan(network: dict[str, Any], training: dict[str, Any], wanted: dict[str, Any], job: dict[str, Any]) -> Plan:
    """Check the settings; `wanted` is the search."""
    given, how = Network.checked(network), Training.checked(training)
    trials = [each.facts() for each in search.trials(given, Search.checked(wanted), how.seed)]
    tfjob.replicas(job)
    tfjob.deadline(job)
    for number, each in enumerate(trials, 1):
        say(f"trial {number}: {each}")
    return Plan(given.facts(), how.facts(), bool(trials), trials)
