"""Whatever is changed in a policy, what it says of some example changes: at least 95 of a hundred changes do that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from generators.checks import policies as evaluated
from generators.checks.policies.compiled import compiled
from tests.policies import examples as found
from tests.policies import mutants

SEED = 20261129
SCORE = 0.95
SAMPLE = None if os.environ.get("GRAFT_E2E") else 80  # of all mutants, which take ten minutes


def test_examples_notice_what_is_changed_in_a_policy(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = list(_distinct())
    if SAMPLE:
        chosen = Random(SEED).sample(chosen, min(SAMPLE, len(chosen)))
    survivors = [name for name, rules, make in chosen if not any(_killed(rule, make(rule)) for rule in rules)]
    killed = len(chosen) - len(survivors)
    with capsys.disabled():
        print(f"\n{killed} of {len(chosen)} mutants of policies killed ({killed / len(chosen):.1%})")
        print("".join(f"  survived: {name}\n" for name in sorted(survivors)), end="")

    assert killed >= SCORE * len(chosen)


def _distinct() -> Iterator[tuple]:
    """Each change of each expression once, with the rules that have the expression: variables are shared by many."""
    known: dict[tuple[str, str], tuple] = {}
    for rule in found.rules():
        for mutant in mutants.mutants(found.policy(rule)):
            _, path, what = mutant.name.split(": ", 2)
            original = next(each for each in _expressions(found.policy(rule)) if each.path == path)
            name, rules, makers = known.setdefault((original.text, what), (mutant.name, [], {}))
            rules.append(rule)
            makers[rule] = mutant.policy
    for name, rules, makers in known.values():
        yield name, rules, makers.__getitem__


def _expressions(policy: evaluated.Policy) -> Iterator:
    yield from policy.conditions
    yield from policy.variables
    yield from (validation.expression for validation in policy.validations)


def _killed(rule: str, mutant: evaluated.Policy) -> bool:
    """Whether the mutant has another verdict on some example, or another message, or is no policy any more."""
    if compiled.__wrapped__(mutant).problems:
        return True
    return any(
        _judged(rule, each, mutant) != ([each.message] if each.verdict == "denied" else [])
        for each in found.examples(rule)
    )


def _judged(rule: str, example: object, mutant: evaluated.Policy) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found, "policy", lambda asked: mutant)
        return found.judged(rule, example)
