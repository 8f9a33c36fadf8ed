"""`--set KEY=VALUE` gives a parameter its value, or changes one key of a parameter that is a mapping."""

from __future__ import annotations

import pytest

from generators.ir.assignments import read

DECLARED = {
    "epochs": {"parameterType": "NUMBER_INTEGER", "defaultValue": 3},
    "word": {"parameterType": "STRING"},
    "how": {"parameterType": "STRUCT", "defaultValue": {"rate": 0.1, "name": "adam", "deep": {"a": 1}}},
}


def test_values_have_the_types_that_are_declared() -> None:
    assert read(["epochs=5", "word=5", 'how={"a": 1}'], DECLARED) == ({"epochs": 5, "word": "5", "how": {"a": 1}}, [])


def test_a_key_with_dots_changes_a_part_and_keeps_the_rest() -> None:
    values, wrong = read(["how.rate=0.5", "how.deep.a=2", "how.name=7"], DECLARED)

    assert (values, wrong) == ({"how": {"rate": 0.5, "name": "7", "deep": {"a": 2}}}, [])
    assert DECLARED["how"]["defaultValue"]["rate"] == 0.1


def test_a_part_is_changed_of_what_the_environment_says() -> None:
    values, _ = read(["how.rate=0.5"], DECLARED, {"how": {"rate": 0.2, "more": True}})

    assert values == {"how": {"rate": 0.5, "more": True}}


@pytest.mark.parametrize(
    ("given", "rule", "fix"),
    [
        (["how.rat=1"], "unknown-key", "did you mean rate?"),
        (["how.zzz=1"], "unknown-key", "give all of it: --set how=..."),
        (["how.rate.x=1"], "parameter-type", "give all of it as JSON: --set how=..."),
        (["word.a=1"], "parameter-type", "give all of it as JSON: --set word=..."),
        (["epoch=4"], "unknown-parameter", "did you mean epochs?"),
        (["epoch.a=4"], "unknown-parameter", "did you mean epochs?"),
        (["epochs"], "assignment", "for example --set epochs=5"),
        (["epochs=1", "epochs=2"], "assignment", "keep one of them"),
        (["how.rate=1", "how={}"], "assignment", "set the whole first"),
        (["how.rate=1", "how.rate=2"], "assignment", "keep one of them"),
        (["epochs=x"], "parameter-type", "give an integer: --set epochs=..."),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(given: list[str], rule: str, fix: str) -> None:
    _, (finding,) = read(given, DECLARED)

    assert (finding.rule, finding.fix) == (rule, fix)
